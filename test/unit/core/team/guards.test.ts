/** Loops are seen, and long runs that get on are not taken for one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWatch, loopIn, note } from '../../../../src/core/team/guards.ts';

/** One turn: a call, what came back, the tree it left. */
type Step = readonly [call: string, result: string, tree?: string, state?: 'ok' | 'error'];

/** The guard that steps in, and after which turn; undefined where none does. */
function fires(steps: readonly Step[]): string | undefined {
  const watch = createWatch();
  for (const [at, [call, text, tree = 't', state = 'ok']] of steps.entries()) {
    const [name = '', args = ''] = call.split(' ');
    note(watch, [{ id: String(at), name, arguments: args }], [{ state, text }], tree);
    const loop = loopIn(watch);
    if (loop) return `${loop.guard} ${String(at + 1)}`;
  }
  return undefined;
}

const times = (count: number, step: (n: number) => Step): readonly Step[] =>
  Array.from({ length: count }, (_, n) => step(n));

const CASES: readonly { readonly name: string; readonly steps: readonly Step[]; readonly fires?: string }[] =
  [
    {
      name: 'the same call with the same result',
      steps: times(9, () => ['list a', 'x']),
      fires: 'identical 3',
    },
    {
      name: 'the same call with another result each time',
      steps: times(60, (n) => ['run_tests a', `x${'y'.repeat(n)}`]),
    },
    ...[
      (n: number) => `12 passed in 0.${String(n)}s`,
      (n: number) => `✔ adds (${String(n)}.5ms)\nℹ duration_ms ${String(100 + n)}.7`,
      (n: number) => `Start at 10:00:${String(10 + n)}\nDuration 1.${String(n)} s`,
      (n: number) => `Time: 00:00.${String(n)}, Memory: 8.00 MB\nOK (3 tests)`,
    ].map((output) => ({
      name: `green tests that differ in nothing but their times: ${JSON.stringify(output(1))}`,
      steps: times(9, (n) => ['run_tests a', output(n)] as const),
      fires: 'identical 3',
    })),
    { name: 'looking how a long build gets on', steps: times(9, () => ['read_output a', 'still runs']) },
    {
      name: 'looking at it for ever',
      steps: times(30, () => ['read_output a', 'still runs']),
      fires: 'idle 11',
    },
    {
      name: 'back and forth',
      steps: times(9, (n) => [`list ${String(n % 2)}`, 'x']),
      fires: 'alternating 6',
    },
    {
      name: 'edit and undo of the same, again and again',
      steps: times(9, (n) => [`edit ${String(n % 2)}`, 'ok', `tree ${String(n % 2)}`]),
      fires: 'alternating 6',
    },
    {
      name: 'edit and test in turn, while the tests say something else each time',
      steps: times(40, (n) =>
        n % 2 === 0
          ? [`edit ${String(n)}`, 'ok', `t${String(n)}`]
          : ['run_tests a', 'x'.repeat(n), `t${String(n - 1)}`],
      ),
    },
    {
      name: 'other edits, the same failure, whatever the times it prints',
      steps: times(12, (n) =>
        n % 2 === 0
          ? [`edit ${String(n)}`, 'ok', `t${String(n)}`]
          : ['run_tests a', `1 failed in ${String(n)}.5 s`, `t${String(n)}`, 'error'],
      ),
      fires: 'failing 8',
    },
    {
      name: 'the same failure again and again while other files are read',
      steps: times(60, (n) =>
        n % 3 === 0 ? ['run_tests a', '1 failed', 't', 'error'] : [`read ${String(n)}`, `text ${String(n)}`],
      ),
    },
    {
      name: 'other calls, the same refusal',
      steps: times(5, (n) => [`run ${String(n)}`, 'not allowed', 't', 'error']),
      fires: 'failing 4',
    },
    { name: 'reading a hundred files', steps: times(100, (n) => [`read ${String(n)}`, `text ${String(n)}`]) },
    {
      name: 'reading the same three files over and over',
      steps: times(40, (n) => [`read ${String(n % 3)}`, `text ${String(n % 3)}`]),
      fires: 'idle 13',
    },
    {
      name: 'a failure now and then, each its own',
      steps: times(60, (n) => [
        `run ${String(n)}`,
        `no ${'x'.repeat(n)}`,
        `t${String(n)}`,
        n % 3 === 0 ? 'error' : 'ok',
      ]),
    },
  ];

for (const each of CASES)
  test(`${each.fires ? 'fires' : 'does not fire'}: ${each.name}`, () => {
    assert.equal(fires(each.steps), each.fires);
  });
