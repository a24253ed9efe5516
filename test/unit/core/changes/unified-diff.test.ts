import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePatch } from 'diff';
import { unifiedDiff, type UnifiedDiffOptions } from '../../../../src/core/changes/unified-diff.ts';

interface Case {
  readonly is: string;
  readonly before?: string;
  readonly after?: string;
  readonly options?: UnifiedDiffOptions;
  readonly gives: string;
}

const cases: readonly Case[] = [
  { is: 'equal', before: 'a\n', after: 'a\n', gives: '' },
  { is: 'absent on both sides', gives: '' },
  {
    is: 'a change',
    before: 'a\nb\nc\n',
    after: 'a\nB\nc\n',
    gives: '--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n',
  },
  { is: 'a new file', after: 'a\n', gives: '--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n' },
  { is: 'a new empty file', after: '', gives: '--- /dev/null\n+++ b/f\n' },
  { is: 'a deleted file', before: 'a\nb\n', gives: '--- a/f\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n' },
  {
    is: 'no newline at the end',
    before: 'a',
    after: 'b\n',
    gives: '--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n',
  },
  {
    is: 'a rename',
    before: 'a\n',
    after: 'a\n',
    options: { oldPath: 'e' },
    gives: 'rename from e\nrename to f\n',
  },
  {
    is: 'a rename with a change',
    before: 'a\n',
    after: 'b\n',
    options: { oldPath: 'e' },
    gives: 'rename from e\nrename to f\n--- a/e\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n',
  },
  {
    is: 'no context',
    before: 'a\nb\nc\n',
    after: 'a\nx\nb\nc\n',
    options: { context: 0 },
    gives: '--- a/f\n+++ b/f\n@@ -1,0 +2 @@\n+x\n',
  },
  {
    is: 'contexts that meet',
    before: 'a\n1\n2\nb\n',
    after: 'A\n1\n2\nB\n',
    options: { context: 1 },
    gives: '--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n-b\n+B\n',
  },
  {
    is: 'contexts apart',
    before: 'a\n1\n2\n3\nb\n',
    after: 'A\n1\n2\n3\nB\n',
    options: { context: 1 },
    gives: '--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-a\n+A\n 1\n@@ -4,2 +4,2 @@\n 3\n-b\n+B\n',
  },
  {
    is: 'not text',
    before: 'a\u0000',
    after: 'b',
    gives: '--- a/f\n+++ b/f\nBinary contents differ (2 and 1 characters)\n',
  },
];

for (const { is, before, after, options, gives } of cases) {
  test(is, () => assert.equal(unifiedDiff('f', before, after, options), gives));
}

test('a limit keeps whole lines and says what is left out', () => {
  const after = Array.from({ length: 100 }, (_, at) => `line ${at}\n`).join('');
  const cut = unifiedDiff('f', '', after, { maxChars: 300 });
  assert.ok(cut.length <= 300);
  assert.match(cut, /\+line 9\n/u);
  const shown = cut.match(/^\+line/gmu)?.length ?? 0;
  assert.ok(cut.endsWith(`[diff cut: ${100 - shown} more lines]\n`), cut);
});

test('a limit cuts a huge line', () => {
  const diff = unifiedDiff('f', '', `${'x'.repeat(50_000)}\nshort\n`, { maxChars: 5000 });
  assert.ok(diff.length < 5000);
  assert.match(diff, /more characters\]\n\+short\n$/u);
});

test('the counts in the headers hold for another reader', () => {
  const before = Array.from({ length: 60 }, (_, at) => `${at % 7}\n`).join('');
  const after = before.replaceAll('3\n', 'three\n').replace(/^0\n/u, '');
  const [file] = parsePatch(unifiedDiff('f', before, after));
  assert.ok((file?.hunks.length ?? 0) > 0);
});
