import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { madeHunks } from '../../../../src/core/changes/blame.ts';
import { hunksOf } from '../../../../src/core/changes/hunks.ts';
import { anyText } from './random-texts.ts';

const L = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

for (const { name, texts, makers } of [
  { name: 'one version made it all', texts: [L('a', 'b'), L('A', 'b', 'c')], makers: [[1], [1]] },
  {
    name: 'two versions made a hunk each',
    texts: [L('a', 'b', 'c', 'd'), L('A', 'b', 'c', 'd'), L('A', 'b', 'c', 'D')],
    makers: [[1], [2]],
  },
  {
    name: 'two versions made one hunk together',
    texts: [L('a', 'z'), L('one', 'a', 'z'), L('one', 'two', 'a', 'z')],
    makers: [[1, 2]],
  },
  {
    name: 'what a later version wrote over is the later one’s, and who removed the old line is named too',
    texts: [L('a', 'z'), L('b', 'z'), L('c', 'z')],
    makers: [[1, 2]],
  },
  { name: 'who only removed', texts: [L('a', 'b', 'c'), L('a', 'b', 'c'), L('a', 'c')], makers: [[2]] },
  { name: 'taken back: nothing is left to name', texts: [L('a'), L('b'), L('a')], makers: [] },
  { name: 'no text at all', texts: [], makers: [] },
]) {
  test(`blame: ${name}`, () => {
    assert.deepEqual(
      madeHunks(texts).map((made) => made.makers),
      makers,
    );
  });
}

test('blame: has the hunks between the ends, and each has a maker, whatever the versions are', () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 2, maxLength: 4 }), (texts) => {
      const made = madeHunks(texts, 0);
      assert.deepEqual(
        made.map(({ hunk }) => hunk),
        hunksOf(texts[0] ?? '', texts.at(-1) ?? '', 0),
      );
      for (const { makers } of made)
        assert.ok(makers.length > 0 && makers.every((maker) => maker >= 1 && maker < texts.length));
    }),
  );
});
