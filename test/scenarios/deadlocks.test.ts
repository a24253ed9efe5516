/**
 * Deadlocks by what is waited for, beyond two who ask each other (`asking.test.ts`): each is found, told, and gone by what is tried against
 * it; and a long run in which everybody waits for something now and then has none.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRequest } from '../../src/core/models/contract.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { play, type Played, type Scenario } from './check.ts';
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

const guards = ({ view }: Played): readonly string[] =>
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
