import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeTrees, type PathMerge, type TreeFile } from '../../../../src/core/changes/merge-trees.ts';
import { soon } from './soon.ts';

/** A tree as "path=blob" or "path=blob:mode", with blanks between. */
function tree(text: string): Map<string, TreeFile> {
  const entries = text.split(' ').filter(Boolean);
  return new Map(
    entries.map((entry) => {
      const [path = '', blob = '', mode] = entry.split(/[=:]/u);
      return [path, { blob, ...(mode && { mode }) }];
    }),
  );
}

/** "path: what", and the mode where it is not a plain file. */
function show(one: PathMerge): string {
  if (one.take === 'conflict') return `${one.path}: ${one.kind}`;
  if (one.take === 'merge') return `${one.path}: merge ${one.base?.blob ?? 'nothing'} ${one.mode}`;
  return `${one.path}: ${one.take} ${one.file?.blob ?? 'absent'}${one.file?.mode ? ` ${one.file.mode}` : ''}`;
}

interface Case {
  readonly is: string;
  readonly trees: readonly [base: string, ours: string, theirs: string];
  readonly gives: readonly string[];
}

const cases: readonly Case[] = [
  { is: 'nothing', trees: ['', '', ''], gives: [] },
  { is: 'unchanged', trees: ['f=1', 'f=1', 'f=1'], gives: ['f: same 1'] },
  { is: 'changed here', trees: ['f=1', 'f=2', 'f=1'], gives: ['f: ours 2'] },
  { is: 'changed there', trees: ['f=1', 'f=1', 'f=2'], gives: ['f: theirs 2'] },
  { is: 'changed alike', trees: ['f=1', 'f=2', 'f=2'], gives: ['f: same 2'] },
  { is: 'changed on both sides', trees: ['f=1', 'f=2', 'f=3'], gives: ['f: merge 1 100644'] },
  { is: 'added here', trees: ['', 'f=1', ''], gives: ['f: ours 1'] },
  { is: 'added there', trees: ['', '', 'f=1'], gives: ['f: theirs 1'] },
  { is: 'added alike', trees: ['', 'f=1', 'f=1'], gives: ['f: same 1'] },
  { is: 'added differently', trees: ['', 'f=1', 'f=2'], gives: ['f: merge nothing 100644'] },
  { is: 'added differently, not text', trees: ['', 'f=1', 'f=bin'], gives: ['f: add/add'] },
  { is: 'deleted here', trees: ['f=1', '', 'f=1'], gives: ['f: ours absent'] },
  { is: 'deleted there', trees: ['f=1', 'f=1', ''], gives: ['f: theirs absent'] },
  { is: 'deleted on both sides', trees: ['f=1', '', ''], gives: ['f: same absent'] },
  { is: 'deleted here, changed there', trees: ['f=1', '', 'f=2'], gives: ['f: modify/delete'] },
  { is: 'changed here, deleted there', trees: ['f=1', 'f=2', ''], gives: ['f: modify/delete'] },
  { is: 'changed on both sides, not text', trees: ['f=1', 'f=bin', 'f=3'], gives: ['f: binary'] },
  { is: 'was not text before', trees: ['f=bin', 'f=2', 'f=3'], gives: ['f: binary'] },
  {
    is: 'made executable here, changed there',
    trees: ['f=1', 'f=1:100755', 'f=2'],
    gives: ['f: theirs 2 100755'],
  },
  {
    is: 'changed here, made executable there',
    trees: ['f=1', 'f=2', 'f=1:100755'],
    gives: ['f: ours 2 100755'],
  },
  {
    is: 'made executable here, changed on both sides',
    trees: ['f=1', 'f=2:100755', 'f=3'],
    gives: ['f: merge 1 100755'],
  },
  {
    is: 'no longer executable there',
    trees: ['f=1:100755', 'f=2:100755', 'f=1'],
    gives: ['f: ours 2 100644'],
  },
  {
    is: 'a mode that is not told is the plain one',
    trees: ['f=1', 'f=1:100644', 'f=1'],
    gives: ['f: same 1 100644'],
  },
  { is: 'modes changed differently', trees: ['f=1', 'f=1:100755', 'f=1:100600'], gives: ['f: mode'] },
  { is: 'added executable on one side', trees: ['', 'f=1', 'f=1:100755'], gives: ['f: ours 1 100755'] },
  {
    is: 'a link changed on one side',
    trees: ['f=1:120000', 'f=2:120000', 'f=1:120000'],
    gives: ['f: ours 2 120000'],
  },
  {
    is: 'a link changed on both sides',
    trees: ['f=1:120000', 'f=2:120000', 'f=3:120000'],
    gives: ['f: type'],
  },
  { is: 'made a link here, changed there', trees: ['f=1', 'f=2:120000', 'f=3'], gives: ['f: type'] },
  {
    is: 'a nested repository moved on both sides',
    trees: ['m=1:160000', 'm=2:160000', 'm=3:160000'],
    gives: ['m: type'],
  },
  {
    is: 'a link became a text on both sides',
    trees: ['f=1:120000', 'f=2', 'f=3'],
    gives: ['f: merge nothing 100644'],
  },
  {
    is: 'a file here, a folder there',
    trees: ['', 'd=1', 'd/f=2'],
    gives: ['d: file/folder', 'd/f: theirs 2'],
  },
  {
    is: 'a file became a folder here',
    trees: ['d=1', 'd/f=2', 'd=1'],
    gives: ['d: ours absent', 'd/f: ours 2'],
  },
  {
    is: 'a file became a folder here and was changed there',
    trees: ['d=1', 'd/f=2', 'd=3'],
    gives: ['d: file/folder', 'd/f: ours 2'],
  },
  {
    is: 'sorted, and every path once',
    trees: ['b=1 a=1', 'c=1 b=1 a=1', 'a=2 b=1'],
    gives: ['a: theirs 2', 'b: same 1', 'c: ours 1'],
  },
];

for (const { is, trees, gives } of cases) {
  test(is, () => {
    const [base, ours, theirs] = trees.map(tree) as [
      Map<string, TreeFile>,
      Map<string, TreeFile>,
      Map<string, TreeFile>,
    ];
    const isBinary = (blob: string) => blob === 'bin';
    assert.deepEqual(mergeTrees(base, ours, theirs, { isBinary }).map(show), gives);
  });
}

test('contents are asked for only where both sides changed them', () => {
  const isBinary = (): boolean => assert.fail('asked');
  mergeTrees(tree('a=1 b=1 c=1'), tree('a=2 b=1'), tree('a=1 b=2 c=1'), { isBinary });
});

test('100,000 files are merged soon', () => {
  const files = (blob: string) =>
    tree(Array.from({ length: 100_000 }, (_, at) => `d${at % 300}/f${at}=${blob}`).join(' '));
  const base = files('1');
  const merged = soon(() => mergeTrees(base, new Map([...base, ['x', { blob: '2' }]]), base));
  assert.equal(merged.length, 100_001);
  assert.deepEqual(merged.filter((one) => one.take !== 'same').map(show), ['x: ours 2']);
});
