/** Roles that a project brings along are offered to the person in the moment in which a teammate asks one, and not before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { nodeHasher } from '../../src/node/hasher.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import { PlanSpec } from '../../src/protocol/plan.ts';
import { play, worldOf, type Played, type Scenario, type World } from './check.ts';
import { goOn, recordRun } from './crash.ts';
import { agent, call, FILES, fix, plan, result, REVIEWER, script, task } from './parts.ts';
import { recorded } from './saying.ts';

const roleSaying = (text: string, tools = 'read_file, edit_file'): string =>
  `---\nname: translator\ndescription: Translates texts\ntools: [${tools}]\n---\n\n${text}\n`;
const ROLE = roleSaying('You translate.');
const questionOn = (text: string): string => `role/translator/${nodeHasher.sha256(text).slice(0, 16)}`;
const PATH = '.quartet/agents/translator.md';

const asks = (question = 'How do I greet?') => call('ask_teammate', { to: 'translator', question });
const answers = (role: string) => agent(role, [[call('submit_answer', { answer: `So says the ${role}.` })]]);
/** A coder who asks, and answers as well. */
const coder = {
  role: 'coder',
  task: 'fix',
  replies: [
    {
      turn: 'any',
      when: 'coder asks you',
      calls: [call('submit_answer', { answer: 'So says the coder.' })],
    },
    { turn: 1, calls: [asks()] },
    { turn: 2, calls: [fix, result()] },
  ],
};
const SETTINGS = {
  ownRoles: true,
  offersRoles: true,
  interactive: true,
  approvals: { plan: false, commands: true, changes: false },
  limits: { parked: 2 },
};
const ASKING: Scenario = {
  files: FILES,
  settings: SETTINGS,
  script: script(
    agent('planner', [[plan(task())]]),
    coder,
    answers('translator'),
    answers('researcher'),
    REVIEWER,
  ),
};

/** What models are told, each as "role: messages". */
type Told = string[];

function worldWith(scenario: Scenario, text = ROLE): { readonly world: World; readonly told: Told } {
  const told: Told = [];
  const world = worldOf({
    ...scenario,
    models: (scripted) => ({
      complete(request, context) {
        told.push(`${request.role}: ${request.messages.map(({ content }) => content).join('\n')}`);
        return (scenario.models?.(scripted) ?? scripted).complete(request, context);
      },
    }),
  });
  world.ports.roles.put('workspace', 'translator', text);
  return { world, told };
}

async function assertDone(played: Played): Promise<void> {
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
}

const questionsIn = (lines: readonly JournalLine[]) =>
  lines.flatMap((line) =>
    line.type === 'signal.opened' && line.key?.startsWith('role/') === true ? [line] : [],
  );
const rolesOf = (lines: readonly JournalLine[]): readonly string[] =>
  lines.flatMap((line) => (line.type === 'agent.created' ? [line.data.role] : []));

test('whoever asks a role that nobody approved waits for the person, who sees what it may do; allowed, it answers', async () => {
  const { world, told } = worldWith(ASKING);
  const played = await play({ ...ASKING, answers: { [questionOn(ROLE)]: { allow: true } } }, world);
  await assertDone(played);
  const [asked] = questionsIn(played.lines);
  assert.equal(asked?.key, questionOn(ROLE));
  assert.equal(
    asked.data.detail,
    `${PATH}\ntools: read_file, edit_file\n\n${ROLE}\n\nWhy this asks: it is asked “How do I greet?”.`,
  );
  assert.deepEqual(asked.data.role, { name: 'translator', instead: 'coder' });
  assert.deepEqual([asked.data.who?.role, asked.data.who?.task], ['coder', 'fix']);
  const coder = told.findLast((text) => text.startsWith('coder')) ?? '';
  assert.match(coder, /So says the translator\./u);
  assert.deepEqual(
    (await world.ports.roles.list()).map(({ approved }) => approved),
    [true],
    'later runs need not ask',
  );
});

for (const [what, text, instead] of [
  ['that changes files', ROLE, 'coder'],
  ['that only reads', roleSaying('You read.', 'read_file'), 'researcher'],
] as const)
  test(`a role ${what} and that the person does not want: the ${instead} answers, and the work goes on`, async () => {
    const { world, told } = worldWith(ASKING, text);
    const played = await play({ ...ASKING, answers: { [questionOn(text)]: { allow: false } } }, world);
    await assertDone(played);
    assert.ok(!rolesOf(played.lines).includes('translator'));
    const coder = told.findLast((each) => each.startsWith('coder')) ?? '';
    assert.match(
      coder,
      new RegExp(
        `So says the ${instead}\\.[\\s\\S]*The person does not want the role "translator" to be used, so ${instead} was asked`,
        'u',
      ),
    );
    assert.ok(told.every((each) => !each.includes('You read.') && !each.includes('You translate.')));
    assert.ok((await world.ports.roles.list()).every(({ approved }) => !approved));
  });

const TWO: Scenario = {
  ...ASKING,
  script: script(
    agent('planner', [
      [plan(task({ id: 'fix', files: ['src/greet.txt'] }), task({ id: 'other', files: ['src/other.txt'] }))],
    ]),
    agent('coder', [[asks()], [fix, result()]], { task: 'fix' }),
    agent('coder', [[asks('And how here?'), asks('And there?')], [result()]], { task: 'other' }),
    agent('translator', [[call('submit_answer', { answer: 'So.' })]], { task: 'fix' }),
    agent('translator', [[call('submit_answer', { answer: 'So.' })]], { task: 'other' }),
    agent('reviewer', [
      [call('submit_review', { verdict: 'approve' })],
      [call('submit_review', { verdict: 'approve' })],
    ]),
    agent('synthesizer', [[call('submit_summary', { title: 'Both', body: 'Done.' })]]),
  ),
};

test('several that ask it at a time are one question', async () => {
  const { world } = worldWith(TWO);
  const played = await play({ ...TWO, answers: { [questionOn(ROLE)]: { allow: true } } }, world);
  await assertDone(played);
  assert.equal(questionsIn(played.lines).length, 1);
  assert.equal(rolesOf(played.lines).filter((role) => role === 'translator').length, 3);
});

test('the question stays where the task of whoever asked is given up, and its answer holds for whoever asks next', async () => {
  const { world } = worldWith(TWO);
  const { store } = world.ports;
  const put = store.putSignal.bind(store);
  store.putSignal = async (run, signal) => {
    if (signal.name.startsWith('role/')) {
      const tasks = [
        task({ id: 'other', files: ['src/other.txt'] }),
        task({ id: 'fix', description: 'Make it greet well.', files: ['src/greet.txt'] }),
      ];
      const changed = PlanSpec.parse({ summary: 'The plan.', tasks });
      await put(run, { name: 'change', value: { do: 'plan', plan: changed }, from: 'person' });
      await recorded(world, run, (line) => line.type === 'plan.decided' && line.data.revision === 2);
    }
    await put(run, signal);
  };
  const played = await play({ ...TWO, answers: { [questionOn(ROLE)]: { allow: true } } }, world);
  await assertDone(played);
  assert.equal(questionsIn(played.lines).length, 1);
  assert.ok(!played.lines.some(({ type }) => type === 'signal.withdrawn'));
  assert.ok(
    played.lines.some(({ type, key }) => type === 'step.finished' && key?.startsWith('task/fix/attempt/2/')),
  );
});

test('a run goes on with the question after a crash at any line of it', async () => {
  const scenario: Scenario = { ...ASKING, answers: { [questionOn(ROLE)]: { allow: true } } };
  const { world } = worldWith(scenario);
  const recording = await recordRun(scenario, world);
  const { lines } = recording.whole;
  const from = lines.findIndex(({ key }) => key === questionOn(ROLE));
  const to = lines.findIndex(({ key }) => key === `${questionOn(ROLE)}/approve`) + 6;
  assert.ok(from > 0 && to > from);
  for (let line = from; line < to; line++) {
    const crashed = recording.crashAt(line, line % 2 === 0 ? 'inside' : 'after');
    if (crashed) await goOn(scenario, crashed, recording.whole);
  }
});
