import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksForOtherTests, asksToRemoveTests } from '../../../../src/core/qa/weaken/asked.ts';

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
