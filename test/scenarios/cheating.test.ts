/** Only mended code turns the gate green: tests that go, are skipped, say less or come out by chance do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { check, type Played, type Scenario } from './check.ts';
import { agent, approve, call, edit, plan, result, script, task } from './parts.ts';

const GREETS = `test('greets rightly', () => assert.ok(read('src/greet.txt').includes('hello')));`;
const LEAVES = `test('takes leave', () => assert.ok(read('src/greet.txt').includes('bye')));`;
const LUCKY = (failing: string): string =>
  `test('comes by chance', () => assert.ok(![${failing}].includes(runs())));`;
const TESTS = 'test/greet.test.js';

function filesWith(...tests: readonly string[]): Scenario['files'] {
  return { 'src/greet.txt': 'hello\n', [TESTS]: tests.map((line) => `${line}\n`).join('') };
}

const WRONG = edit('src/greet.txt', 'hello', 'bye');
const RIGHT = edit('src/greet.txt', 'hello', 'hello and bye');
const MENDED = edit('src/greet.txt', 'bye', 'hello and bye');
const instead = (old: string, now: string): Readonly<Record<string, unknown>> => edit(TESTS, old, now);
const SKIPPED = GREETS.replace('test(', 'test.skip(');
const EMPTY = `test('greets rightly', () => assert.ok(true));`;

function teamOf(description: string, ...rounds: readonly (readonly Readonly<Record<string, unknown>>[])[]) {
  return script(
    agent('planner', [[plan(task({ title: 'Take leave', description }))]]),
    agent(
      'coder',
      rounds.map((calls) => [...calls, result()]),
    ),
    agent('reviewer', [[approve]]),
    agent(
      'qa',
      rounds.map(() => [
        call('submit_diagnosis', {
          summary: 'The greeting is gone.',
          findings: [{ test: 'greets rightly', cause: 'The word is not there.', file: 'src/greet.txt' }],
        }),
      ]),
    ),
  );
}

const gatesOf = ({ lines }: Played, scope: string) =>
  lines.flatMap((line) =>
    line.type === 'gate.finished' && line.data.scope === scope ? [line.data.report] : [],
  );

async function assertReplays({ ports, id }: Played): Promise<void> {
  const replayed = await replayRun(ports, id);
  assert.equal(replayed.divergence, undefined);
  assert.ok(replayed.finished);
}

test('a coder that fails, then deletes, skips and weakens the test, turns green with the fix alone', async () => {
  const played = await check(
    {
      files: filesWith(GREETS, LEAVES),
      settings: { limits: { gateRounds: 5 } },
      script: teamOf(
        'Make "takes leave" pass.',
        [WRONG],
        [instead(`${GREETS}\n`, '')],
        [instead(LEAVES, `${SKIPPED}\n${LEAVES}`)],
        [instead(SKIPPED, EMPTY)],
        [instead(EMPTY, GREETS), MENDED],
      ),
    },
    {
      end: { kind: 'finished', outcome: 'done' },
      files: { 'src/greet.txt': 'hello and bye\n', [TESTS]: `${GREETS}\n${LEAVES}\n` },
    },
  );
  const gates = gatesOf(played, 'task');
  assert.deepEqual(
    gates.map((gate) => gate.verdict),
    ['red', 'red', 'red', 'red', 'green'],
  );
  const why = gates.map((gate) => gate.reasons.join(' '));
  assert.match(why[0] ?? '', /"greets rightly" fails and did not fail on the base/);
  assert.match(why[1] ?? '', /"greets rightly" is gone/);
  assert.match(why[2] ?? '', /"greets rightly" is skipped/);
  assert.match(why[3] ?? '', /test\/greet\.test\.js:1: .*did not ask to change what tests demand/);
  assert.ok(gates[3]?.weakened?.some((its) => its.blocks && its.test === 'greets rightly'));
  assert.deepEqual(
    gatesOf(played, 'integrated').map((gate) => gate.verdict),
    ['green'],
  );
  await assertReplays(played);
});

test('what the task asks for does not block, and is told', async () => {
  const played = await check(
    {
      files: filesWith(GREETS, LEAVES),
      script: teamOf('Say bye alone, and update the tests of the greeting.', [WRONG, instead(GREETS, EMPTY)]),
    },
    { end: { kind: 'finished', outcome: 'done' } },
  );
  const [gate] = gatesOf(played, 'task');
  assert.equal(gate?.verdict, 'green');
  assert.equal(
    gate.weakened?.some((its) => its.blocks),
    false,
  );
  assert.match(gate.reasons.join(' '), /As the task asked.*test\/greet\.test\.js:1/);
});

interface Chance {
  readonly name: string;
  /** Which runs of the tests fail: the base is the first, the task's gate the second. */
  readonly failing: string;
  readonly reruns: number;
  readonly verdict: 'green' | 'notProved' | 'red';
  readonly told: RegExp;
  readonly end: 'done' | 'notProved' | 'failed';
}

const CHANCES: readonly Chance[] = [
  {
    name: 'a test that fails and then passes on the same files proves nothing, in the whole as in the task',
    failing: '2',
    reruns: 1,
    verdict: 'notProved',
    told: /"comes by chance" failed in 1 of 2 runs of the same files/,
    end: 'notProved',
  },
  {
    name: 'one that fails by chance on the base too is told and does not decide',
    failing: '2, 4',
    reruns: 1,
    verdict: 'green',
    told: /"comes by chance" fails at times on the base too/,
    end: 'done',
  },
  {
    name: 'one that fails again is red',
    failing: '2, 3',
    reruns: 1,
    verdict: 'red',
    told: /"comes by chance" fails and did not fail on the base/,
    end: 'failed',
  },
  {
    name: 'without reruns what fails once is red',
    failing: '2',
    reruns: 0,
    verdict: 'red',
    told: /"comes by chance" fails and did not fail on the base/,
    end: 'failed',
  },
];

for (const { name, failing, reruns, verdict, told, end } of CHANCES) {
  test(`chance: ${name}`, async () => {
    const played = await check(
      {
        files: filesWith(GREETS, LEAVES, LUCKY(failing)),
        settings: { limits: { flakyReruns: reruns, gateRounds: 0, attempts: 1 } },
        script: teamOf('Make "takes leave" pass.', [RIGHT]),
      },
      { end: { kind: 'finished', outcome: end } },
    );
    const [gate] = gatesOf(played, 'task');
    assert.equal(gate?.verdict, verdict);
    assert.match(gate.reasons.join(' '), told);
    for (const whole of gatesOf(played, 'integrated')) {
      assert.equal(whole.verdict, verdict);
      assert.match(whole.reasons.join(' '), told);
    }
    await assertReplays(played);
  });
}
