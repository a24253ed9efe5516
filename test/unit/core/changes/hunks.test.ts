import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyHunks, hunksOf, type Hunk } from '../../../../src/core/changes/hunks.ts';
import { soon } from './soon.ts';

/** A hunk as "oldStart,oldLines newStart,newLines: lines". */
function show({ oldStart, oldLines, newStart, newLines, lines }: Hunk): string {
  const signs = { context: ' ', removed: '-', added: '+' } as const;
  const text = lines.map((line) => signs[line.kind] + line.text.replace(/\n$/u, '')).join('|');
  return `${oldStart},${oldLines} ${newStart},${newLines}:${text}`;
}

interface Case {
  readonly is: string;
  readonly before: string;
  readonly after: string;
  readonly hunks: readonly string[];
}

const cases: readonly Case[] = [
  { is: 'equal texts', before: 'a\n', after: 'a\n', hunks: [] },
  { is: 'one line', before: 'a\nb\nc\n', after: 'a\nB\nc\n', hunks: ['2,1 2,1: a|-b|+B| c'] },
  { is: 'a new text', before: '', after: 'a\nb\n', hunks: ['1,0 1,2:+a|+b'] },
  { is: 'a removed text', before: 'a\n', after: '', hunks: ['1,1 1,0:-a'] },
  { is: 'added at the end', before: 'a\n', after: 'a\nb\n', hunks: ['2,0 2,1: a|+b'] },
  { is: 'added at the beginning', before: 'b\n', after: 'a\nb\n', hunks: ['1,0 1,1:+a| b'] },
  {
    is: 'one unchanged line keeps hunks apart',
    before: 'a\nb\nc\n',
    after: 'A\nb\nC\n',
    hunks: ['1,1 1,1:-a|+A| b', '3,1 3,1: b|-c|+C'],
  },
  {
    is: 'three lines around',
    before: '1\n2\n3\n4\nx\n5\n6\n7\n8\n',
    after: '1\n2\n3\n4\ny\n5\n6\n7\n8\n',
    hunks: ['5,1 5,1: 2| 3| 4|-x|+y| 5| 6| 7'],
  },
  { is: 'the final newline is a change', before: 'a', after: 'a\n', hunks: ['1,1 1,1:-a|+a'] },
  { is: 'a line end is a change', before: 'a\r\nb\n', after: 'a\nb\n', hunks: ['1,1 1,1:-a\r|+a| b'] },
];

for (const { is, before, after, hunks } of cases) {
  test(is, () => assert.deepEqual(hunksOf(before, after).map(show), hunks));
}

test('lines know their numbers on both sides', () => {
  const [hunk] = hunksOf('a\nb\nc\n', 'x\na\nB\nc\n').slice(1);
  assert.deepEqual(hunk?.lines, [
    { kind: 'context', text: 'a\n', oldLine: 1, newLine: 2 },
    { kind: 'removed', text: 'b\n', oldLine: 2 },
    { kind: 'added', text: 'B\n', newLine: 3 },
    { kind: 'context', text: 'c\n', oldLine: 3, newLine: 4 },
  ]);
});

test('a hunk keeps its id when others come, go or move it', () => {
  const idOf = (before: string, after: string) =>
    hunksOf(before, after).find((hunk) => hunk.lines.some((line) => line.text === 'B\n'))?.id;
  const id = idOf('a\nb\nc\n', 'a\nB\nc\n');
  assert.equal(idOf('a\nb\nc\n', 'new\na\nB\nc\n'), id);
  assert.equal(idOf('x\ny\na\nb\nc\n', 'x\ny\na\nB\nc\n'), id);
  assert.notEqual(idOf('a\nb2\nc\n', 'a\nB\nc\n'), id);
});

test('equal hunks have ids of their own', () => {
  const ids = hunksOf('x\na\nx\n', 'y\na\ny\n').map((hunk) => hunk.id);
  assert.equal(ids[1], `${ids[0] ?? ''}-2`);
});

test('takes one hunk of several', () => {
  const [before, after] = ['1\n2\n3\n4\n', '1\nzwei\n3\nvier\nfünf\n'];
  const ids = hunksOf(before, after).map((hunk) => hunk.id);
  assert.equal(applyHunks(before, after, ids.slice(0, 1)), '1\nzwei\n3\n4\n');
  assert.equal(applyHunks(before, after, ids.slice(1)), '1\n2\n3\nvier\nfünf\n');
  assert.equal(applyHunks(before, after, ['unknown']), before);
});

test('two texts of a megabyte with nothing in common, and with little, are compared soon', () => {
  const lines = (name: string, every: number) =>
    Array.from({ length: 30_000 }, (_, at) => (at % every === 0 ? `same ${at}` : `${name} ${at}`)).join('\n');
  const [before, after] = [lines('old', 1e9), lines('new', 1e9)];
  assert.equal(soon(() => hunksOf(before, after)).length, 1);
  assert.equal(soon(() => hunksOf(lines('old', 10), lines('new', 10))).length, 3000);
});

test('a large text of few different lines is compared soon, and applies', () => {
  const lines = (shift: number) =>
    Array.from({ length: 20_000 }, (_, at) => `${(at * at * 7 + shift * at) % 5}\n`).join('');
  const [before, after] = [lines(1), lines(3)];
  const ids = soon(() => hunksOf(before, after)).map((hunk) => hunk.id);
  assert.equal(applyHunks(before, after, ids), after);
});
