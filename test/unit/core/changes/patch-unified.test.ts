import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { patchPaths } from '../../../../src/core/changes/patch-paths.ts';
import { applyPatch } from '../../../../src/core/changes/patch.ts';
import { unifiedDiff } from '../../../../src/core/changes/unified-diff.ts';
import { checkPatches, patchOf } from './check-patch.ts';
import { plainText } from './random-texts.ts';

const ABC = 'a\nb\nc\n';
const DIFF = '--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n';

checkPatches([
  {
    is: 'an empty line that stays, at the end',
    files: '\n',
    patch: '--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n+x\n \n',
    gives: 'x\n\n',
  },
  {
    is: 'the same in a fence',
    files: '\n',
    patch: '```\n--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n+x\n \n```\n',
    gives: 'x\n\n',
  },
  {
    is: 'a line of blanks that stays, at the end',
    files: ' \n',
    patch: '--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n+x\n  \n',
    gives: 'x\n \n',
  },
  {
    is: 'a last line that looks like the other format',
    files: '*** End Patch\n',
    patch: '--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n+x\n *** End Patch\n',
    gives: 'x\n*** End Patch\n',
  },
  {
    is: 'only additions, where lines are covered',
    files: ABC,
    patch: '--- a/f\n+++ b/f\n@@ -2,2 +2,3 @@\n+x\n',
    gives: { error: 'context_missing', says: /shows none/u },
  },
  { is: 'plain', files: ABC, patch: DIFF, gives: 'a\nB\nc\n' },
  {
    is: 'with the headers of git',
    files: ABC,
    patch: `diff --git a/f b/f\nindex 1..2 100644\n${DIFF}`,
    gives: 'a\nB\nc\n',
  },
  {
    is: 'without prefixes',
    files: ABC,
    patch: DIFF.replace('a/f', 'f').replace('b/f', 'f'),
    gives: 'a\nB\nc\n',
  },
  {
    is: 'with times',
    files: ABC,
    patch: DIFF.replace('a/f', 'f\t2024-01-01').replace('b/f', 'f\t2024-01-02'),
    gives: 'a\nB\nc\n',
  },
  {
    is: 'folders called a and b',
    files: { 'a/f': ABC },
    patch: DIFF.replace('b/f', 'a/f'),
    gives: { 'a/f': 'a\nB\nc\n' },
  },
  { is: 'wrong counts', files: ABC, patch: DIFF.replace('-1,3 +1,3', '-1,9 +1,2'), gives: 'a\nB\nc\n' },
  {
    is: 'wrong line numbers',
    files: ABC,
    patch: DIFF.replace('-1,3 +1,3', '-70,3 +71,3'),
    gives: 'a\nB\nc\n',
  },
  {
    is: 'two files',
    files: { f: ABC, g: 'x\n' },
    patch: `${DIFF}--- a/g\n+++ b/g\n@@ -1 +1 @@\n-x\n+y\n`,
    gives: { f: 'a\nB\nc\n', g: 'y\n' },
  },
  {
    is: 'a removed line that looks like a header',
    files: '-- a\nb\n',
    patch: '--- a/f\n+++ b/f\n@@ -1,2 +1,1 @@\n--- a\n b\n',
    gives: 'b\n',
  },
  { is: 'a new file', patch: '--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+x\n+y\n', gives: { n: 'x\ny\n' } },
  {
    is: 'a new file without a final newline',
    patch: '--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n',
    gives: { n: 'x' },
  },
  {
    is: 'a new file that expects lines',
    patch: '--- /dev/null\n+++ b/n\n@@ -1 +1 @@\n x\n+y\n',
    gives: { error: 'bad_line' },
  },
  {
    is: 'a new file that is there',
    files: ABC,
    patch: '--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+x\n',
    gives: { error: 'exists' },
  },
  {
    is: 'a deleted file',
    files: ABC,
    patch: '--- a/f\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-a\n-b\n-c\n',
    gives: {},
  },
  {
    is: 'a deleted file that reads differently',
    files: 'a\nx\n',
    patch: '--- a/f\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n',
    gives: { error: 'context_missing' },
  },
  {
    is: 'a deleted file with more in it',
    files: ABC,
    patch: '--- a/f\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n',
    gives: { error: 'context_missing' },
  },
  {
    is: 'an empty file deleted',
    files: '',
    patch: 'diff --git a/f b/f\ndeleted file mode 100644\n--- a/f\n+++ /dev/null\n',
    gives: {},
  },
  {
    is: 'a rename',
    files: ABC,
    patch: 'diff --git a/f b/g\nsimilarity index 100%\nrename from f\nrename to g\n',
    gives: { g: ABC },
  },
  {
    is: 'a rename with a change',
    files: ABC,
    patch: `diff --git a/f b/g\nrename from f\nrename to g\n${DIFF.replace('b/f', 'b/g')}`,
    gives: { g: 'a\nB\nc\n' },
  },
  {
    is: 'two names and no rename',
    files: ABC,
    patch: DIFF.replace('b/f', 'b/g'),
    gives: { error: 'bad_header' },
  },
  {
    is: 'only a mode',
    files: ABC,
    patch: 'diff --git a/f b/f\nold mode 100644\nnew mode 100755\n',
    gives: { error: 'bad_path' },
  },
  {
    is: 'contents that are not text',
    files: ABC,
    patch: 'diff --git a/f b/f\nBinary files a/f and b/f differ\n',
    gives: { error: 'bad_line' },
  },
  { is: 'no hunks', files: ABC, patch: '--- a/f\n+++ b/f\n', gives: { error: 'empty_update' } },
  { is: 'in a fence', files: ABC, patch: `\`\`\`diff\n${DIFF}\`\`\``, gives: 'a\nB\nc\n' },
  {
    is: 'inside a patch, names and all',
    files: ABC,
    patch: patchOf(`*** Update File: f\n${DIFF.trimEnd()}`),
    gives: 'a\nB\nc\n',
  },
  {
    is: 'one hunk fails: nothing is made',
    files: ABC,
    patch: `${DIFF}@@ -9 +9 @@\n-zzz\n+y\n`,
    gives: { error: 'context_missing' },
  },
]);

test('paths are told before', () => {
  assert.deepEqual(patchPaths(DIFF), ['f']);
  assert.deepEqual(patchPaths('diff --git a/f b/g\nrename from f\nrename to ../g\n'), ['f', '../g']);
});

test('our own unified diffs apply exactly, new and removed files too', () => {
  const side = fc.option(plainText(), { nil: undefined });
  fc.assert(
    fc.property(side, side, (before, after) => {
      fc.pre(before !== after && (before ?? '') !== (after ?? ''));
      const files = new Map(before === undefined ? [] : [['f', before]]);
      const result = applyPatch(files, unifiedDiff('f', before, after));
      assert.ok(result.ok, result.ok ? '' : result.error.message);
      assert.equal(result.texts.get('f'), after);
    }),
    { numRuns: 1000 },
  );
});
