/**
 * Deadlocks by what is waited for, beyond two who ask each other (`asking.test.ts`): each is found, told, and gone by what is tried against
 * it; and a long run in which everybody waits for something now and then has none.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRequest, Models } from '../../src/core/models/contract.ts';
import { createEndpoints } from '../../src/core/models/endpoints.ts';
import { CALL_LIMITS, guarded } from '../../src/core/models/guard.ts';
import { createRouter } from '../../src/core/models/routing.ts';
import { createScriptedModel } from '../../src/core/models/scripted.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { createRunViews } from '../../src/core/run/views/views.ts';
import { RunSettings } from '../../src/protocol/settings.ts';
import type { RunView } from '../../src/protocol/view.ts';
import { teamText } from '../../src/terminal/team-text.ts';
import { play, worldOf, type Played, type Scenario, type World } from './check.ts';
import { agent, approve, call, FILES, plan, result, script, task } from './parts.ts';

const ask = (to: string) => call('ask_teammate', { to, question: 'Which greeting?' });
const askPerson = (question: string) => call('ask_user', { question });
const say = (to: string) => call('post_message', { to, text: 'Use hello.' });
const look = (n: number) => call('list_files', { max: n });
const write = (id: string) => [call('write_file', { path: `src/${id}.txt`, content: `${id}\n` }), result(id)];
const one = (id: string, more: object = {}) =>
  task({ id, title: `Write ${id}`, files: [`src/${id}.txt`], ...more });
const rest = [
  agent('reviewer', [[approve]]),
  agent('synthesizer', [[call('submit_summary', { title: 'Greets', body: 'It greets.' })]]),
];
const coder = (id: string, ...replies: Parameters<typeof agent>[1]) => agent('coder', replies, { task: id });

/** What coders were told, by task. */
function listening(scenario: Scenario): Scenario & { readonly told: (id: string) => string } {
  const told = new Map<string, string>();
  return {
    ...scenario,
    models: (scripted) => ({
      complete(request: ModelRequest, context) {
        const { task: id = '', role, messages } = request;
        if (role === 'coder') told.set(id, messages.map(({ content }) => content).join('\n'));
        return scripted.complete(request, context);
      },
    }),
    told: (id) => told.get(id) ?? '',
  };
}

async function done(scenario: Scenario): Promise<Played> {
  const played = await play(scenario);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  const report = await createEngine(played.enginePorts, { whenWaiting: 'pause' }).replay(played.id);
  assert.equal(report.divergence, undefined);
  return played;
}

const guards = ({ view }: Pick<Played, 'view'>): readonly string[] =>
  (view.team?.guards ?? []).map(({ guard, rung }) => `${guard} ${rung}`);

const SETTINGS = {
  interactive: true,
  approvals: { plan: false, commands: true, changes: false },
  limits: { concurrency: 3, parked: 8 },
};

test('messages: three who ask each other in a ring; the one that would close it is told who waits for it', async () => {
  const scenario = listening({
    files: FILES,
    settings: SETTINGS,
    script: script(
      agent('planner', [[plan(one('a'), one('b'), one('c'))]]),
      coder('a', [ask('b')], write('a')),
      coder('b', [look(1)], [ask('c')], [say('a')], write('b')),
      coder('c', [look(1)], [look(2)], [ask('a')], [say('b')], write('c')),
      ...rest,
    ),
  });
  const played = await done(scenario);
  assert.deepEqual(guards(played), ['deadlock answered']);
  assert.match(
    scenario.told('c'),
    /cannot answer: it waits for you \(task\/a\S+ waits for task\/b\S+: .*; task\/b/u,
  );
});

test('tasks and files in one: the asked task comes after another that waits for the asker’s files', async () => {
  const scenario = listening({
    files: FILES,
    settings: SETTINGS,
    script: script(
      agent('planner', [
        [
          plan(
            one('a', { files: ['src/**'], priority: 5 }),
            one('b'),
            one('c', { files: ['docs/c.txt'], depends_on: ['b'] }),
          ),
        ],
      ]),
      coder('a', [ask('c')], write('a')),
      coder('b', write('b')),
      coder('c', [result('c')]),
      ...rest,
    ),
  });
  const played = await done(scenario);
  assert.deepEqual(guards(played), ['deadlock answered']);
  assert.match(
    scenario.told('a'),
    /c waits for b: it comes after that task; b waits for a: that task may write/u,
  );
});

test('approvals: whoever is asked waits for a permission; somebody else answers, and the permission stays open', async () => {
  const replies = [
    { turn: 'any', when: 'coder asks you', calls: [call('submit_answer', { answer: 'Use hello.' })] },
    { turn: 1, calls: [ask('a')] },
    { turn: 2, when: 'Use hello', calls: write('b') },
  ];
  const played = await play({
    files: FILES,
    settings: { ...SETTINGS, limits: { concurrency: 1, parked: 8 } },
    script: script(
      agent('planner', [[plan(one('a', { priority: 5 }), one('b'))]]),
      coder('a', [call('run_command', { command: 'curl http://example.org' })], write('a')),
      { role: 'coder', task: 'b', replies },
      ...rest,
    ),
  });
  assert.equal(played.end.kind, 'paused');
  assert.deepEqual(guards(played), ['held elsewhere']);
  assert.deepEqual(
    played.view.tasks.map(({ state }) => state),
    ['working', 'done'],
  );
  assert.equal(played.view.needs[0]?.ask.kind, 'permission');
});

test('endpoints: whoever is asked waits long for its model; its asker waits for it, and nobody steps in', async () => {
  const scenario: Scenario = {
    files: FILES,
    settings: SETTINGS,
    script: script(
      agent('planner', [[plan(one('a'), one('b'))]]),
      coder('a', [ask('b')], write('a')),
      coder('b', [look(1)], [look(2)], [say('a')], write('b')),
      ...rest,
    ),
  };
  const waits: Scenario['models'] = (scripted) => ({
    async complete(request, context) {
      if (request.task === 'b' && request.role === 'coder')
        await new Promise((resolve) => setTimeout(resolve, 50));
      return scripted.complete(request, context);
    },
  });
  const played = await done({ ...scenario, models: waits });
  assert.deepEqual(guards(played), []);
});

test('none on an honest long run: questions, permissions, files of others, order, teammates who take their time', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const turnsOf = (id: string, n: number) => [
    [look(1)],
    [askPerson(`Which ${id}?`)],
    ...(n > 0 && n < 3 ? [[ask(names[n - 1] ?? '')]] : []),
    [look(2)],
    [call('run_command', { command: `curl http://example.org/${id}` })],
    [look(3)],
    ...(n < 2 ? [[say(names[n + 1] ?? '')]] : []),
    ...Array.from({ length: 6 }, (_, k) => [call('read_file', { path: 'src/greet.txt', start_line: k + 1 })]),
    write(id),
  ];
  const many = (id: string, n: number) => ({
    role: 'coder',
    task: id,
    replies: [
      { turn: 'any', when: 'coder asks you', calls: [call('submit_answer', { answer: 'Use hello.' })] },
      ...turnsOf(id, n).map((calls, at) => ({ turn: at + 1, calls })),
    ],
  });
  const answers = Object.fromEntries(
    names.flatMap((id) =>
      Array.from(
        { length: 12 },
        (_, turn) => `task/${id}/attempt/1/coder/round/0/turn/${String(turn + 1)}/tool/0`,
      ).flatMap((key): [string, unknown][] => [
        [`question/${key}`, { text: 'Any.' }],
        [`permission/${key}`, { allow: false }],
      ]),
    ),
  );
  const played = await done({
    files: FILES,
    settings: { ...SETTINGS, limits: { concurrency: 2, parked: 8 } },
    answers,
    script: script(
      agent('planner', [
        [
          plan(
            ...names.map((id, n) =>
              one(id, {
                ...(n > 3 && { depends_on: [names[n - 3] ?? ''] }),
                ...(n === 3 && { files: ['src/**'] }),
              }),
            ),
          ),
        ],
      ]),
      ...names.map(many),
      ...rest,
    ),
  });
  assert.deepEqual(
    guards(played).filter((each) => each.startsWith('deadlock')),
    [],
  );
  assert.ok(played.lines.filter(({ type }) => type === 'signal.received').length >= 12);
});

test('two in a row who give no answer: each is told, and a replay tells it alike', async () => {
  const played = await done({
    files: FILES,
    settings: { ...SETTINGS, limits: { concurrency: 2, parked: 8 } },
    script: script(
      agent('planner', [[plan(one('a'), one('b'))]]),
      {
        role: 'coder',
        task: 'a',
        replies: [
          { turn: 'any', when: 'coder asks you', content: 'I do not know.' },
          { turn: 'any', when: 'Your reply had no tool call', content: 'Nor do I now.' },
          { turn: 1, calls: [ask('b')] },
          { turn: 2, calls: write('a') },
        ],
      },
      coder('b', [look(1)], [look(2)], write('b')),
      ...rest,
    ),
  });
  const errors = played.view.team?.messages.filter(({ kind }) => kind === 'error').map(({ text }) => text);
  assert.equal(errors?.length, 2, JSON.stringify(errors));
});

const BIG = 'a line that takes room in the window of a model\n'.repeat(300);
const BIGS = ['src/big1.txt', 'src/big2.txt', 'src/big3.txt'];

/** Two whose calls are small, and one whose second call needs far more of the budget. */
function sharing(budget: object, turns: number): Scenario {
  const small = (id: string) =>
    coder(id, ...Array.from({ length: turns }, (_, n) => [look(n + 1)]), write(id));
  return {
    files: { ...FILES, ...Object.fromEntries(BIGS.map((path) => [path, BIG])) },
    settings: { ...SETTINGS, interactive: false, budget, limits: { ...SETTINGS.limits, outputTokens: 256 } },
    script: script(
      agent('planner', [[plan(...['big', 'b', 'c'].map((id) => one(id, { estimate_tokens: 100 })))]]),
      coder(
        'big',
        BIGS.map((path) => call('read_file', { path })),
        write('big'),
      ),
      small('b'),
      small('c'),
      ...rest,
    ),
  };
}

/** The same world, whose calls take next to nothing of the budget. `ends`: waits for what they wait for. */
function thrifty(scenario: Scenario, ends: (request: ModelRequest, world: World) => Promise<void>): World {
  const world = worldOf(scenario);
  const { models } = world.enginePorts;
  const timed: Models = {
    async complete(request, context) {
      const reply = await models.complete(request, context);
      if (request.role === 'coder') await ends(request, world);
      const usage = { inputTokens: 1, outputTokens: 1, estimated: true };
      return { ...reply, usage, tries: reply.tries.map((each) => ({ ...each, usage })) };
    },
  };
  return { ...world, enginePorts: { ...world.enginePorts, models: timed } };
}

/** Resolves once the run's record has that text. */
async function recorded({ ports }: World, text: string): Promise<void> {
  const [run = ''] = await ports.store.list();
  while (!(await ports.store.read(run)).includes(text))
    await new Promise((resolve) => setTimeout(resolve, 5));
}

const BIG_WAITS = 'task/big/attempt/1/coder/round/0/turn/2/model/budget';

/** The worst case of a call of that task's coder, in tokens: twice of it is held where there is room. */
const worstOf = ({ lines }: Played, id: string, turn: number): number => {
  const key = `task/${id}/attempt/1/coder/round/0/turn/${String(turn)}/model`;
  const step = lines.find((line) => line.type === 'step.started' && line.key === key);
  return step?.type === 'step.started' ? (step.data.reserved?.tokens ?? 0) / 2 : 0;
};

/** Room for the large call alone, or for the small ones beside each other. */
async function tight(turns: number): Promise<Scenario> {
  const roomy = sharing({ tokensMax: 100_000_000 }, turns);
  const played = await play(
    roomy,
    thrifty(roomy, () => Promise.resolve()),
  );
  const [large, first] = [worstOf(played, 'big', 2), worstOf(played, 'b', 1)];
  assert.ok(large > 1.6 * first, `${String(large)} ${String(first)}`);
  return sharing({ tokensMax: large + Math.floor(first / 2) }, turns);
}

test('budget: a large call that small ones pass again and again is let through before them, and it is told', async () => {
  const scenario = await tight(9);
  // While the call of `c` lasts, the large one does not fit; the calls of `b` do.
  const world = thrifty(scenario, async ({ task: id, turn }, now) => {
    if (id === 'b' && turn === 1) await recorded(now, BIG_WAITS);
    if (id === 'c' && turn === 1)
      await Promise.race([recorded(now, '"starvation"'), recorded(now, 'b/attempt/1/coder/round/0/turn/9/')]);
  });
  const played = await play(scenario, world);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  assert.deepEqual(guards(played), ['starvation reserved']);
  const [fired] = played.view.team?.guards ?? [];
  assert.match(fired?.why ?? '', /its call waited for the budget while 5 others were made/u);
  assert.equal(fired?.task, 'big');
  const report = await createEngine(played.enginePorts, { whenWaiting: 'pause' }).replay(played.id);
  assert.equal(report.divergence, undefined);
});

test('budget: a long wait for one call that takes its time is no starvation', async () => {
  const scenario = await tight(1);
  const world = thrifty(scenario, async ({ task: id, turn }, now) => {
    if (id === 'big' || turn > 1) return;
    await recorded(now, BIG_WAITS);
    await now.ports.clock.sleep(3_000_000, new AbortController().signal);
  });
  const played = await play(scenario, world);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  assert.ok(played.lines.some((line) => line.type === 'agent.changed' && line.data.note?.includes('budget')));
  assert.deepEqual(guards(played), []);
});

test('endpoints: a line of an hour at one that lets a request a minute through is seen, and no silence', async () => {
  const scenario: Scenario = {
    files: FILES,
    settings: {
      endpoints: [{ id: 'script', kind: 'scripted', model: 'script', requestsPerMinute: 1 }],
      routes: { default: ['script'] },
    },
    script: script(agent('planner', [[plan(one('a'))]]), coder('a', write('a')), ...rest),
  };
  const world = worldOf(scenario);
  const { clock, store, hasher, log } = world.ports;
  const endpoints = createEndpoints(clock);
  const scripted = createScriptedModel(scenario.script, { clock });
  const others = (): void => {
    const want = { rates: { requestsPerMinute: 1 }, tokens: 1, signal: new AbortController().signal };
    for (let n = 0; n < 60; n++) void endpoints.rates.admit('script', { ...want, restMsMax: Infinity });
  };
  let seen: RunView | undefined;
  const wire = guarded(({ request, signal, onText }) => scripted.complete(request, { signal, onText }), {
    clock,
    log,
    limits: CALL_LIMITS,
    endpoints,
  });
  const lined: Models = {
    async complete(request, context) {
      if (request.role !== 'coder' || seen) return wire.complete(request, context);
      others();
      const reply = wire.complete(request, context);
      const [run = ''] = await store.list();
      seen = await createRunViews(store, hasher).view(run);
      return reply;
    },
  };
  const models = createRouter({ scripted: lined }, endpoints);
  const began = clock.now();
  const engine = createEngine({ ...world.enginePorts, models }, { whenWaiting: 'pause', givesUp: true });
  const settings = RunSettings.parse({ interactive: false, testCommand: 'play-tests', ...scenario.settings });
  const run = await engine.start({ goal: 'Do it', mode: 'team', settings, demo: true });
  const end = await run.ended;
  assert.equal(end.kind === 'finished' && end.outcome, 'done', JSON.stringify(end));
  const view = await createRunViews(store, hasher).view(run.id);
  assert.ok(clock.now() - began > 3_600_000, 'it was a long wait');
  assert.deepEqual(guards({ view }), []);
  const told = seen ? teamText(seen).join('\n') : '';
  assert.match(told, /task\/a\/attempt\/1\/coder waits for endpoint:script: .*at most 1 requests a minute/u);
});
