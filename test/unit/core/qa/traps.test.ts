import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../../../../src/core/qa/compare.ts';
import type { Verdict } from '../../../../src/core/qa/compare.ts';
import { recording, runOf } from './recordings.ts';

/** What runners do when a test cheats or the process dies: the base is the same project before it. */
const TRAPS: readonly (readonly [what: string, base: string, now: string, verdict: Verdict])[] = [
  ['process.exit(0) in the middle, node', 'node24-fail-events', 'node24-exit-events', 'red'],
  [
    'process.exit(0) in the middle after one was reported, node',
    'node24-pass-events',
    'node24-lateexit-events',
    'red',
  ],
  ['an empty file in place of tests, node', 'node24-pass-events', 'node24-empty-events', 'red'],
  ['only an empty file, node', 'node24-empty-events', 'node24-empty-events', 'notProved'],
  ['tests that never settle, node', 'node24-pass-events', 'node24-pending-events', 'red'],
  ['a made-up summary, node', 'node24-pass-events', 'node24-fake-events', 'red'],
  ['process.exit(0) in the middle, Jest', 'jest-pass-json', 'jest-exit-json', 'red'],
  ['process.exit(0) and a made-up summary, Jest', 'jest-pass-json', 'jest-fake-json', 'red'],
  ['process.exit(0) in the middle, Mocha', 'mocha-pass-json', 'mocha-exit-json', 'red'],
  ['Mocha dies while loading', 'mocha-pass-json', 'mocha-syntax-json', 'red'],
  ['Mocha finds no file', 'mocha-nofiles-json', 'mocha-nofiles-json', 'notProved'],
  ['failed hooks are reported as skipped, Vitest', 'vitest-skip-json', 'vitest-hook-json', 'red'],
  ['an error nobody handled, Vitest', 'vitest-late-json', 'vitest-late-json', 'notProved'],
  ['an error nobody handled is new, Vitest', 'vitest-pass-json', 'vitest-late-json', 'red'],
  ['"Ran 0 tests … OK", unittest', 'unittest-empty-console', 'unittest-empty-console', 'notProved'],
  ['os._exit(0), pytest', 'pytest-pass-junit', 'pytest-exit-junit', 'red'],
  ['os._exit(0) and a made-up summary, pytest', 'pytest-empty-junit', 'pytest-fake-junit', 'notProved'],
  ['os._exit(0), unittest', 'unittest-pass-console', 'unittest-exit-console', 'red'],
  ['no test collected, exit code 5, pytest', 'pytest-empty-junit', 'pytest-empty-junit', 'notProved'],
  ['all skipped, exit code 0, pytest', 'pytest-skip-junit', 'pytest-skip-junit', 'notProved'],
  ['the same again, node', 'node24-fail-events', 'node24-fail-events', 'green'],
  ['the same again, Jest', 'jest-mixed-json', 'jest-mixed-json', 'green'],
  ['the same again, Vitest', 'vitest-mixed-json', 'vitest-mixed-json', 'green'],
  ['the same again, Mocha', 'mocha-mixed-json', 'mocha-mixed-json', 'green'],
  ['the same again, pytest', 'pytest-mixed-junit', 'pytest-mixed-junit', 'green'],
  ['the same again, unittest', 'unittest-discover-console', 'unittest-discover-console', 'green'],
  ['the same again, tap', 'tap-fail-runner', 'tap-fail-runner', 'green'],
];

for (const [what, base, now, verdict] of TRAPS) {
  test(`recorded: ${what}`, () => {
    const result = compare(runOf(recording(base)), runOf(recording(now)));
    assert.equal(result.verdict, verdict, result.reasons.join('\n'));
  });
}
