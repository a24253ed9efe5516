/** The merge queue: three-way merges, the gate on what comes of them, and who is to blame where tasks do not go together. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import type { Blame } from '../../src/protocol/blame.ts';
import { check, play, worldOf, worldWith, type Played, type Scenario, type World } from './check.ts';
import { agent, approve, call, edit, plan, result, script, task } from './parts.ts';

/** Green as long as not both words are there. */
const FILES = {
  'a.txt': 'one\ntwo\nthree\n',
  'b.txt': 'four\n',
  'c.txt': 'five\n',
  'apart.test.js':
    "test('red and blue do not meet', () => assert.ok(!(read('a.txt') + read('b.txt')).includes('red') || !(read('a.txt') + read('b.txt')).includes('blue')));\ntest('there is text', () => assert.ok(read('a.txt').length > 0));",
};
const of = (id: string, files: readonly string[], more = {}) =>
  task({ id, title: `Make ${id}`, description: `The intent of ${id}.`, files, ...more });
const coder = (id: string, ...replies: Parameters<typeof agent>[1]) => agent('coder', replies, { task: id });
const read = (path: string) => call('read_file', { path });
const SUMMARY = agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]);
const REVIEWS = agent(
  'reviewer',
  [1, 2, 3, 4].map(() => [approve]),
);

const blamesIn = ({ lines }: Played): readonly Blame[] =>
  lines.flatMap((line) => (line.type === 'blame.found' ? [line.data] : []));

/** What the models were asked, by task and turn. */
function asked(scenario: Scenario): { scenario: Scenario; said: Map<string, string> } {
  const said = new Map<string, string>();
  const models: Scenario['models'] = (scripted) => ({
    complete: (request, context) => {
      said.set(
        `${request.role}/${request.task ?? ''}/${request.turn}`,
        JSON.stringify(request.messages.at(-1)),
      );
      return scripted.complete(request, context);
    },
  });
  return { scenario: { ...scenario, models }, said };
}

describe('green alone, red together', () => {
  const { scenario, said } = asked({
    files: FILES,
    script: script(
      agent('planner', [[plan(of('red', ['a.txt'], { priority: 5 }), of('blue', ['b.txt']))]]),
      coder('red', [edit('a.txt', 'two', 'red'), result('It is red now.')]),
      coder(
        'blue',
        [edit('b.txt', 'four', 'blue'), result('It is blue.')],
        [read('b.txt')],
        [edit('b.txt', 'blue', 'green'), result('Green.')],
      ),
      REVIEWS,
      SUMMARY,
    ),
  });

  test('is caught, the two tasks, the tests and the files are told, and the coder knows both intents', async () => {
    const played = await check(scenario, {
      end: { outcome: 'done' },
      files: { 'a.txt': 'one\nred\nthree\n', 'b.txt': 'green\n' },
    });
    assert.deepEqual(blamesIn(played), [
      {
        task: 'blue',
        with: ['red'],
        kind: 'red',
        tests: ['red and blue do not meet'],
        shared: [],
        files: ['b.txt'],
        otherFiles: ['a.txt'],
      },
    ]);
    const words = said.get('coder/blue/2') ?? '';
    for (const part of [
      'What red wanted: Make red',
      'The intent of red.',
      'It is red now.',
      'No file is touched by both',
    ])
      assert.ok(words.includes(part), `${part} in ${words}`);
    assert.equal(played.view.tasks.find(({ spec }) => spec.id === 'blue')?.blame?.with[0], 'red');
    assert.ok(
      played.view.feed.some(
        (item) =>
          item.kind === 'note' &&
          /blue and red are green alone and red together\.\nFailing together: red and blue do not meet/u.test(
            item.text,
          ),
      ),
    );
    const { divergence } = await replayRun(played.ports, played.id);
    assert.equal(divergence, undefined);
  });

  test('where several were merged meanwhile, the one is found by trying', async () => {
    const files = { ...FILES, 'd.txt': 'd\n', 'e.txt': 'e\n' };
    const harmless = (id: string, path: string) =>
      coder(id, [edit(path, path === 'c.txt' ? 'five' : (path[0] ?? ''), 'x'), result()]);
    const played = await play({
      files,
      script: script(
        agent('planner', [
          [
            plan(
              of('first', ['c.txt'], { priority: 9 }),
              of('second', ['d.txt'], { priority: 8 }),
              of('red', ['a.txt'], { priority: 7 }),
              of('third', ['e.txt'], { priority: 6 }),
              of('blue', ['b.txt'], { priority: 5 }),
            ),
          ],
        ]),
        harmless('first', 'c.txt'),
        harmless('second', 'd.txt'),
        harmless('third', 'e.txt'),
        coder('red', [edit('a.txt', 'two', 'red'), result()]),
        // Works long, so that the others are merged before.
        coder(
          'blue',
          ...Array.from({ length: 12 }, (_, at) => [call('list_files', { max: at + 1 })]),
          [edit('b.txt', 'four', 'blue'), result()],
          [read('b.txt')],
          [edit('b.txt', 'blue', 'green'), result()],
        ),
        REVIEWS,
        SUMMARY,
      ),
      settings: { limits: { concurrency: 5 } },
    });
    assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
    assert.deepEqual(
      blamesIn(played).map(({ task: blamed, with: others }) => [blamed, others]),
      [['blue', ['red']]],
    );
    const tries = played.lines.filter(
      ({ type, key = '' }) => type === 'step.finished' && /blame\/\d\/gate$/u.test(key),
    );
    assert.ok(tries.length >= 1 && tries.length <= 4, `${tries.length} tries`);
  });

  test('what cannot be mended ends bounded: the other task stays', async () => {
    const stubborn = coder(
      'blue',
      [edit('b.txt', 'four', 'blue'), result()],
      [result('No.')],
      [result('No.')],
    );
    const played = await check(
      {
        ...scenario,
        script: script(
          agent('planner', [[plan(of('red', ['a.txt'], { priority: 5 }), of('blue', ['b.txt']))]]),
          coder('red', [edit('a.txt', 'two', 'red'), result()]),
          stubborn,
          agent(
            'qa',
            [1, 2, 3].map(() => [call('submit_diagnosis', { summary: 'They meet.', causes: [] })]),
          ),
          REVIEWS,
          SUMMARY,
        ),
        settings: { limits: { gateRounds: 1, attempts: 1 } },
      },
      { end: { outcome: 'failed' }, files: { 'a.txt': 'one\nred\nthree\n', 'b.txt': 'four\n' } },
    );
    assert.match(
      played.view.tasks.find(({ spec }) => spec.id === 'blue')?.note ?? '',
      /red together with red|gate is red/u,
    );
  });
});

describe('tasks that write the same file', () => {
  const SAME = plan(of('upper', ['a.txt'], { priority: 5, gate: 'own' }), of('lower', ['a.txt', 'b.txt']));

  test('do not run together, so nothing conflicts', async () => {
    const played = await play({
      files: FILES,
      script: script(
        agent('planner', [[SAME]]),
        coder('upper', [edit('a.txt', 'two', 'TWO'), result()]),
        coder('lower', [edit('a.txt', 'TWO', 'Two'), result()]),
        REVIEWS,
        SUMMARY,
      ),
    });
    assert.equal(played.file('a.txt'), 'one\nTwo\nthree\n');
    assert.deepEqual(blamesIn(played), []);
  });
});

describe('a conflict that its coder cannot solve', () => {
  const TASKS = [of('upper', ['a.txt'], { priority: 5 }), of('lower', ['b.txt'])] as const;
  /** A command of `lower` leaves a file outside of what it may write, as commands can. */
  const scenarioOf = (
    ...agents: readonly ReturnType<typeof agent>[]
  ): { scenario: Scenario; world: World } => {
    const scenario: Scenario = {
      files: FILES,
      settings: { limits: { conflictRounds: 1, attempts: 1, replans: 1 } },
      script: script(
        coder('upper', [edit('a.txt', 'two', 'TWO'), result('In capitals.')]),
        REVIEWS,
        SUMMARY,
        ...agents,
      ),
      models: (scripted) => ({
        async complete(request, context) {
          const { role, task: at, turn, attempt } = request;
          if (`${role}/${at ?? ''}/${String(attempt)}/${String(turn)}` === 'coder/lower/1/2') {
            const [run = ''] = await world.ports.store.list();
            world.ports.disk.put(world.ports.copies.rootOf(`${run}-lower-1`), 'a.txt', 'one\n2\nthree\n');
          }
          return scripted.complete(request, context);
        },
      }),
    };
    const world = worldOf(scenario);
    return { scenario, world };
  };
  const LOWER = agent(
    'coder',
    [
      [call('list_files', { max: 3 })],
      [edit('b.txt', 'four', 'vier'), result('A digit.')],
      [result('I cannot.')],
    ],
    { task: 'lower', attempt: 1 },
  );

  test('lets the planner look at the plan, with both intents before it; the task begins anew after the other', async () => {
    const { scenario, world } = scenarioOf(
      agent('planner', [[plan(...TASKS)]], { attempt: 1 }),
      agent('planner', [[plan(TASKS[0], { ...TASKS[1], depends_on: ['upper'] })]], { task: 'lower' }),
      LOWER,
      agent('coder', [[edit('b.txt', 'four', 'vier'), result()]], { task: 'lower', attempt: 2 }),
    );
    const { scenario: heard, said } = asked(scenario);
    const models: Scenario['models'] = (scripted) =>
      scenario.models?.(heard.models?.(scripted) ?? scripted) ?? scripted;
    const played = await play(
      { ...scenario, models },
      { ...world, ...worldWith(world.ports, { ...scenario, models }) },
    );
    assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
    assert.equal(played.file('b.txt'), 'vier\n');
    assert.equal(played.file('a.txt'), 'one\nTWO\nthree\n');
    const told = said.get('planner/lower/1') ?? '';
    for (const part of ['conflicts with them', 'What upper wanted', 'I cannot.', 'upper: done'])
      assert.ok(told.includes(part), `${part} in ${told}`);
    assert.deepEqual(played.view.plan?.spec.tasks[1]?.depends_on, ['upper']);
    assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
  });

  test('is solved within its rounds: nobody plans anew', async () => {
    const solved = agent(
      'coder',
      [
        [call('list_files', { max: 3 })],
        [edit('b.txt', 'four', 'vier'), result('A digit.')],
        [read('a.txt')],
        [call('list_files', { max: 5 }), edit('b.txt', 'vier', 'Vier'), result('Solved.')],
      ],
      { task: 'lower', attempt: 1 },
    );
    const { scenario, world } = scenarioOf(
      agent('planner', [[plan(TASKS[0], { ...TASKS[1], files: ['b.txt', 'c.txt'] })]]),
      solved,
    );
    const { disk, copies, store } = world.ports;
    const models: Scenario['models'] = (scripted) => ({
      async complete(request, context) {
        if (request.role === 'coder' && request.task === 'lower' && request.turn === 4) {
          const [run = ''] = await store.list();
          disk.put(copies.rootOf(`${run}-lower-1`), 'a.txt', 'one\nTWO\nthree\n');
        }
        return (scenario.models?.(scripted) ?? scripted).complete(request, context);
      },
    });
    const played = await play(
      { ...scenario, models },
      { ...world, ...worldWith(world.ports, { ...scenario, models }) },
    );
    assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
    assert.ok(played.lines.some((line) => line.type === 'merge.finished' && line.data.conflicts.length > 0));
    assert.ok(!played.lines.some((line) => line.type === 'plan.suggested'));
  });
});
