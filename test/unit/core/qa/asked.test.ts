import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asksForAllToPass,
  asksForOtherTests,
  asksToRemoveTests,
} from '../../../../src/core/qa/weaken/asked.ts';

const ASKS: readonly (readonly [text: string, other: boolean, remove: boolean])[] = [
  ['Update the tests for the new API.', true, false],
  ['Add rounding and adapt its expected values.', true, false],
  ['Regenerate snapshots', true, false],
  ['Remove the outdated tests of the old parser.', true, true],
  ['Skip flaky tests on Windows.', true, true],
  ['Fix the failing tests.', false, false],
  ['Make the tests pass.', false, false],
  ['Change add so that the tests pass.', false, false],
  ['Change the code and run the tests.', false, false],
  ['Do not change the tests.', false, false],
  ['Never skip any tests.', false, false],
  ['Without changing existing tests, mend add.', false, false],
  ['Write tests for add.', false, false],
  ['Remove dead code.', false, false],
  ['', false, false],
];

for (const [text, other, remove] of ASKS) {
  test(`what a task asks for: ${text}`, () => {
    assert.deepEqual([asksForOtherTests(text), asksToRemoveTests(text)], [other, remove]);
  });
}

const ALL: readonly (readonly [text: string, all: boolean])[] = [
  ['Mend add.js so that all tests pass.', true],
  ['Make these failing tests pass by mending the code.', true],
  ['All unit tests must pass again.', true],
  ['Make every test pass', true],
  ['Make the test "adds" pass.', false],
  ['Not all tests pass today; mend add.', false],
  ['Write tests that pass.', false],
  ['All tests of the parser are slow.', false],
];

for (const [text, all] of ALL) {
  test(`every failing test is to pass: ${text}`, () => {
    assert.equal(asksForAllToPass(text), all);
  });
}
