/** What tasks share is versioned: each works from a recorded tree, and where two change the same it is noticed, never lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalLine } from '../../src/protocol/events.ts';
import { ManualClock } from '../support/in-memory/clock.ts';
import { createInMemoryPorts } from '../support/in-memory/ports.ts';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { play, worldWith, type Scenario } from './check.ts';
import { agent, approve, call, edit, plan, result, script, task } from './parts.ts';
import { playTests } from './tap-runner.ts';

const FILES = {
  'src/a.txt': 'alpha broken\n',
  'src/b.txt': 'beta broken\nkeep\n',
  'test/all.spec': 'alpha works: src/a.txt has alpha fine\nkeeps: src/b.txt has keep\n',
};
const TWO = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>) =>
  agent('planner', [
    [
      plan(
        { ...task({ id: 'alpha', title: 'Alpha' }), ...a },
        { ...task({ id: 'beta', title: 'Beta' }), ...b },
      ),
    ],
  ]);

const SYNTHESIZER = agent('synthesizer', [[call('submit_summary', { title: 'Both', body: 'Done.' })]]);

/** Texts that commands write into a file that belongs to another task. */
const SNEAKS: Readonly<Record<string, string>> = {
  'node sneak.mjs': 'beta sneaked\nkeep\n',
  'node sneak-last.mjs': 'beta broken\nkeep\nand last\n',
};

/** A world in which these commands do so. */
function sneaky(scenario: Scenario) {
  const ports = createInMemoryPorts({
    files: scenario.files,
    shell: (disk) => {
      const tests = playTests(disk);
      return (command, signal) => {
        const text = SNEAKS[command.command];
        if (text === undefined) return tests(command, signal);
        disk.put(command.cwd, 'src/b.txt', text);
        return {};
      };
    },
    clock: new ManualClock(undefined, { auto: true }),
  });
  return worldWith(ports, scenario);
}

const states = (lines: readonly JournalLine[]): readonly string[] =>
  lines.flatMap((line) => (line.type === 'task.changed' ? [`${line.data.task} ${line.data.state}`] : []));

test('two tasks that change the same line behind their scopes: the second is told, nothing is overwritten', async () => {
  const scenario: Scenario = {
    files: FILES,
    script: script(
      TWO({ files: ['src/a.txt'] }, { files: ['src/b.txt'] }),
      agent(
        'coder',
        [
          [call('run_command', { command: 'node sneak.mjs' })],
          [edit('src/a.txt', 'alpha broken', 'alpha fine'), result()],
        ],
        { task: 'alpha' },
      ),
      agent(
        'coder',
        [
          [call('read_file', { path: 'src/b.txt' })],
          [call('read_file', { path: 'src/b.txt' })],
          [edit('src/b.txt', 'beta broken', 'beta fine'), result()],
          // Blind, as it knows the file: refused, and the marks that are left are found.
          [call('write_file', { path: 'src/b.txt', content: 'beta fine\nkeep\n' }), result('Mine.')],
          [call('read_file', { path: 'src/b.txt' })],
          [
            call('write_file', { path: 'src/b.txt', content: 'beta sneaked and fine\nkeep\n' }),
            result('Both.'),
          ],
        ],
        { task: 'beta' },
      ),
      agent('reviewer', [[approve], [approve]]),
      SYNTHESIZER,
    ),
  };
  const played = await play(scenario, sneaky(scenario));
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  const merges = played.lines.flatMap((line) => (line.type === 'merge.finished' ? [line.data] : []));
  assert.deepEqual(
    merges.map(({ task: unit, conflicts }) => [unit, conflicts]),
    [
      ['alpha', []],
      ['beta', ['src/b.txt']],
      ['beta', []],
    ],
  );
  assert.equal(played.file('src/b.txt'), 'beta sneaked and fine\nkeep\n');
  assert.equal(played.file('src/a.txt'), 'alpha fine\n');
  const blind = played.lines.find(
    ({ type, key = '' }) => type === 'step.finished' && /task\/beta.*round\/1\/turn\/4\/tool\/0$/u.test(key),
  );
  assert.match(JSON.stringify(blind?.data), /has changed since you read it/u);
  const notes = played.lines.flatMap((line) => (line.type === 'task.changed' ? [line.data.note ?? ''] : []));
  assert.ok(
    notes.includes('It conflicts with alpha.') && notes.includes('Marks of a conflict were left in it.'),
  );
  const blames = played.lines.flatMap((line) => (line.type === 'blame.found' ? [line.data] : []));
  assert.deepEqual(blames, [
    {
      task: 'beta',
      with: ['alpha'],
      kind: 'conflict',
      tests: [],
      shared: [{ path: 'src/b.txt', lines: '1', otherLines: '1' }],
      files: ['src/b.txt'],
      otherFiles: ['src/a.txt', 'src/b.txt'],
    },
  ]);
  const { divergence } = await replayRun(played.ports, played.id);
  assert.equal(divergence, undefined);
});

test('of two that touched the file, only the one whose lines conflict is blamed', async () => {
  const scenario: Scenario = {
    files: { ...FILES, 'src/c.txt': 'gamma\n' },
    script: script(
      agent('planner', [
        [
          plan(
            task({ id: 'gamma', files: ['src/c.txt'], priority: 9 }),
            task({ id: 'alpha', files: ['src/a.txt'], priority: 8 }),
            task({ id: 'beta', files: ['src/b.txt'] }),
          ),
        ],
      ]),
      agent(
        'coder',
        [
          [
            call('run_command', { command: 'node sneak-last.mjs' }),
            edit('src/c.txt', 'gamma', 'Gamma'),
            result(),
          ],
        ],
        { task: 'gamma' },
      ),
      agent(
        'coder',
        [[call('run_command', { command: 'node sneak.mjs' }), edit('src/a.txt', 'broken', 'fine'), result()]],
        { task: 'alpha' },
      ),
      agent(
        'coder',
        [
          ...[1, 2, 3, 4].map((max) => [call('list_files', { max })]),
          [edit('src/b.txt', 'beta broken', 'beta fine'), result()],
          [call('read_file', { path: 'src/b.txt' })],
          [
            call('write_file', { path: 'src/b.txt', content: 'beta both\nkeep\nand last\n' }),
            result('Both.'),
          ],
        ],
        { task: 'beta' },
      ),
      agent('reviewer', [[approve], [approve], [approve], [approve]]),
      SYNTHESIZER,
    ),
  };
  const played = await play(scenario, sneaky(scenario));
  assert.equal(played.file('src/b.txt'), 'beta both\nkeep\nand last\n', JSON.stringify(played.end));
  const merged = played.lines.flatMap((line) => (line.type === 'merge.finished' ? [line.data.task] : []));
  assert.deepEqual([...merged.slice(0, 2)].sort(), ['alpha', 'gamma'], 'both were merged before');
  const blames = played.lines.flatMap((line) => (line.type === 'blame.found' ? [line.data] : []));
  assert.deepEqual(
    blames.map((blame) => blame.with),
    [['alpha']],
  );
  const { divergence } = await replayRun(played.ports, played.id);
  assert.equal(divergence, undefined);
});

test('tasks that may write the same files never work at once, and the second works from the first one’s result', async () => {
  const scenario: Scenario = {
    files: FILES,
    script: script(
      TWO({}, { files: ['src/*.txt'] }),
      agent('coder', [[edit('src/a.txt', 'alpha broken', 'alpha fine'), result()]], { task: 'alpha' }),
      // Its edit fits the first one's text only.
      agent('coder', [[edit('src/a.txt', 'alpha fine', 'alpha fine too'), result()]], { task: 'beta' }),
      agent('reviewer', [[approve], [approve]]),
      SYNTHESIZER,
    ),
  };
  const played = await play(scenario);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  const order = states(played.lines).filter((state) => /working|done/u.test(state));
  assert.deepEqual(order, ['alpha working', 'alpha done', 'beta working', 'beta done']);
  assert.equal(played.file('src/a.txt'), 'alpha fine too\n');
});

test('a message reaches each agent once, and the record says which turn had it', async () => {
  const findings = agent('researcher', [[call('submit_findings', { summary: 'Use tabs.', sources: [] })]], {
    task: 'alpha',
  });
  const scenario: Scenario = {
    files: FILES,
    script: script(
      TWO({ role: 'researcher' }, { depends_on: ['alpha'] }),
      findings,
      agent(
        'coder',
        [
          [call('read_file', { path: 'src/a.txt' })],
          [edit('src/a.txt', 'alpha broken', 'alpha fine'), result()],
        ],
        { task: 'beta' },
      ),
      agent('reviewer', [[approve]]),
      SYNTHESIZER,
    ),
  };
  const played = await play(scenario);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  const had = played.lines.flatMap((line) =>
    line.type === 'step.finished' && JSON.stringify(line.data.output ?? '').includes('findings/alpha/1')
      ? [line.key?.split('/').slice(1, 5).join('/')]
      : [],
  );
  assert.deepEqual(
    [...new Set(had)].filter((key) => key?.startsWith('beta/attempt/1/coder')),
    ['beta/attempt/1/coder'],
  );
  assert.equal(had.filter((key) => key === 'beta/attempt/1/coder').length, 1);
});

test('a file that the agent’s own command wrote has to be read again before it is edited, and the run replays', async () => {
  const readB = call('read_file', { path: 'src/b.txt' });
  const scenario: Scenario = {
    files: FILES,
    mode: 'quick',
    script: script(
      agent('coder', [
        [readB],
        [call('run_command', { command: 'node sneak.mjs' }), edit('src/b.txt', 'keep', 'keep it')],
        [readB],
        [edit('src/b.txt', 'keep', 'keep it'), result()],
      ]),
    ),
  };
  const played = await play(scenario, sneaky(scenario));
  assert.equal(played.file('src/b.txt'), 'beta sneaked\nkeep it\n');
  const edits = played.lines.flatMap((line) =>
    line.type === 'step.finished' && /turn\/(2\/tool\/1|4\/tool\/0)$/u.test(line.key ?? '')
      ? [line.data.facts?.state]
      : [],
  );
  assert.deepEqual(edits, ['error', 'ok']);
  const { divergence } = await replayRun(played.ports, played.id);
  assert.equal(divergence, undefined);
});
