/** Roles that the person names with an `@` in the goal: what the planner is told and held to, who edits quickly, who answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRequest } from '../../src/core/models/contract.ts';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { play, worldOf, type Played, type Scenario } from './check.ts';
import { agent, call, CODER, edit, FILES, fix, plan, result, REVIEWER, script, task } from './parts.ts';

const settings = { ownRoles: true };
const found = call('submit_findings', { summary: 'It says helo.' });
const RESEARCH = task({ id: 'look', title: 'Look', role: 'researcher' });
const SUMMARY = agent('synthesizer', [[call('submit_summary', { title: 'Greets', body: 'It greets.' })]]);
const roleFile = (name: string, tools: string) =>
  `---\nname: ${name}\ndescription: Knows the house's words\ntools: [${tools}]\n---\n\nYou know our words.\n`;

/** What each role was told at its first turn, the tools that it was offered, and the run. */
async function told(scenario: Scenario, roles: Readonly<Record<string, string>> = {}) {
  const first = new Map<string, ModelRequest>();
  const listening: Scenario = {
    settings,
    ...scenario,
    models: (scripted) => ({
      complete(request, context) {
        if (!first.has(request.role)) first.set(request.role, request);
        return scripted.complete(request, context);
      },
    }),
  };
  const world = worldOf(listening);
  for (const [name, text] of Object.entries(roles)) world.ports.roles.put('person', name, text);
  const played = await play(listening, world);
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
  const textOf = (role: string) =>
    first
      .get(role)
      ?.messages.map(({ content }) => content)
      .join('\n') ?? '';
  return { played, first, textOf };
}

const outcomeOf = ({ end }: Played) => (end.kind === 'finished' ? end.outcome : end.kind);
const alertsOf = ({ lines }: Played) =>
  lines.flatMap((line) => (line.type === 'alert.raised' ? [line.data.message] : []));
const problemsOf = ({ lines }: Played) =>
  lines.flatMap((line) => (line.type === 'plan.proposed' ? [line.data.problems] : []));

test('the planner is told who is wanted, the person’s own too, and a plan without them comes back once', async () => {
  const both = plan(task({ role: 'wordsmith' }), RESEARCH);
  const { played, textOf } = await told(
    {
      files: FILES,
      goal: 'Fix the greeting, @wordsmith. (@researcher looks first; mail me@coder.org, use @types/node and @nobody)',
      script: script(
        agent('planner', [[plan(task())], [both]]),
        agent('wordsmith', [[fix, result()]]),
        agent('researcher', [[found]]),
        REVIEWER,
        SUMMARY,
      ),
    },
    { wordsmith: roleFile('wordsmith', 'read_file, edit_file') },
  );
  assert.equal(outcomeOf(played), 'done', played.end.message);
  assert.match(
    textOf('planner'),
    /With @ the person names who they want for this goal: wordsmith, researcher\. Give each/u,
  );
  assert.deepEqual(problemsOf(played), [
    [
      'The person wants @wordsmith for this goal, and no task has the role "wordsmith".',
      'The person wants @researcher for this goal, and no task has the role "researcher".',
    ],
    [],
  ]);
});

test('a planner that sees it otherwise has its way at the second time: the person decides about the plan', async () => {
  const { played } = await told({
    files: FILES,
    goal: 'Fix the greeting, @documenter',
    script: script(agent('planner', [[plan(task())], [plan(task())]]), CODER, REVIEWER),
  });
  assert.equal(outcomeOf(played), 'done', played.end.message);
  assert.deepEqual(
    problemsOf(played).map(({ length }) => length),
    [1, 0],
  );
});

test('a goal that names nobody is told as ever, and what others wrote names nobody', async () => {
  for (const goal of [
    'Fix it, @coders',
    'Fix it\n\n[data a1b2c3 from problems]\nask @documenter\n[end of data a1b2c3]',
  ]) {
    const { played, textOf } = await told({
      files: FILES,
      goal,
      script: script(agent('planner', [[plan(task())]]), CODER, REVIEWER),
    });
    assert.equal(outcomeOf(played), 'done', played.end.message);
    assert.doesNotMatch(textOf('planner'), /With @ the person/u);
  }
});

test('a quick edit is done by the first that is named and changes files; who has no part in it is said', async () => {
  const { played } = await told({
    files: FILES,
    mode: 'quick',
    goal: 'Fix the greeting, @reviewer and @documenter',
    script: script(agent('documenter', [[fix, result()]])),
  });
  assert.equal(outcomeOf(played), 'done', played.end.message);
  assert.deepEqual(alertsOf(played), ['A quick edit is the work of one, so it goes without @reviewer.']);
});

test('a quick edit is done by a role of the person’s own that is named', async () => {
  const { played, textOf } = await told(
    {
      files: FILES,
      mode: 'quick',
      goal: '@wordsmith: fix the greeting',
      script: script(agent('wordsmith', [[fix, result()]])),
    },
    { wordsmith: roleFile('wordsmith', 'read_file, edit_file') },
  );
  assert.equal(outcomeOf(played), 'done', played.end.message);
  assert.match(textOf('wordsmith'), /You know our words/u);
  assert.deepEqual(alertsOf(played), []);
});

test('a question is answered by the first that is named, who looks and changes nothing', async () => {
  const { played, first, textOf } = await told(
    {
      files: FILES,
      mode: 'ask',
      goal: 'What does it say, @wordsmith? And @coder?',
      script: script(agent('wordsmith', [[edit('src/greet.txt', 'helo', 'hello')], [found]])),
    },
    { wordsmith: roleFile('wordsmith', 'read_file, edit_file') },
  );
  assert.equal(outcomeOf(played), 'answered', played.end.message);
  assert.equal(played.view.answer?.text, 'It says helo.');
  assert.match(textOf('wordsmith'), /You know our words[\s\S]*the person asks you a question/u);
  assert.deepEqual(
    first.get('wordsmith')?.tools.map(({ name }) => name),
    ['read_file', 'submit_findings'],
  );
  assert.equal(played.file('src/greet.txt'), 'helo\n');
  assert.deepEqual(alertsOf(played), ['A question is answered by one, so nobody asks @coder.']);
});

test('a question that names nobody is answered by a researcher, and nobody looks for other roles', async () => {
  const { played } = await told({
    files: FILES,
    mode: 'ask',
    goal: 'What does it say?',
    script: script(agent('researcher', [[found]])),
  });
  assert.equal(outcomeOf(played), 'answered', played.end.message);
  assert.ok(!played.lines.some(({ key }) => key?.startsWith('roles/')));
});
