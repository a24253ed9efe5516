import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPatch } from '../../../../src/core/changes/patch.ts';
import { patchPaths, patchTouches } from '../../../../src/core/changes/patch-paths.ts';
import { patchOf } from './check-patch.ts';

interface Case {
  readonly is: string;
  readonly patch: string;
  readonly paths: readonly string[];
}

const cases: readonly Case[] = [
  { is: 'one', patch: patchOf('*** Add File: a\n+x'), paths: ['a'] },
  { is: 'both ends of a move', patch: patchOf('*** Update File: a\n*** Move to: b'), paths: ['a', 'b'] },
  { is: 'each once', patch: patchOf('*** Delete File: a\n*** Add File: a\n+x'), paths: ['a'] },
  {
    is: 'one path for all its spellings',
    patch: patchOf('*** Delete File: ./a//b\n*** Add File:  a/./b '),
    paths: ['a/b'],
  },
  {
    is: 'leading out is shown as it is',
    patch: patchOf('*** Add File: ../../etc/x\n+x\n*** Delete File: /etc/passwd'),
    paths: ['../../etc/x', '/etc/passwd'],
  },
  {
    is: 'odd blanks',
    patch: '\n  ***Begin Patch\n***   Delete   File  :   a b  \n*** End Patch',
    paths: ['a b'],
  },
  {
    is: 'a move after the hunks',
    patch: patchOf('*** Update File: a\n@@\n-x\n+y\n*** Move to: b'),
    paths: ['a', 'b'],
  },
  {
    is: 'contents are no headers',
    patch: patchOf(
      '*** Add File: a\n+*** Delete File: b\n*** Update File: c\n@@\n *** Delete File: d\n-x\n+*** Move to: e',
    ),
    paths: ['a', 'c'],
  },
  {
    is: 'what cannot be read is searched for headers',
    patch: '*** Update File: a\n*** Move to: b\nnonsense\n  *** delete file: c',
    paths: ['a', 'b', 'c'],
  },
  {
    is: 'several patches',
    patch: `${patchOf('*** Delete File: a')}\n${patchOf('*** Delete File: b')}`,
    paths: ['a', 'b'],
  },
  { is: 'CRLF', patch: '*** Begin Patch\r\n*** Delete File: a\r\n*** End Patch\r\n', paths: ['a'] },
  { is: 'none', patch: '', paths: [] },
];

for (const { is, patch, paths } of cases) test(is, () => assert.deepEqual(patchPaths(patch), paths));

test('says how each path is touched', () => {
  const body =
    '*** Add File: a\n+x\n*** Delete File: b\n*** Update File: c\n@@\n-x\n+y\n*** Update File: d\n*** Move to: e';
  assert.deepEqual(
    patchTouches(patchOf(body)).map(({ action, path }) => `${action} ${path}`),
    ['add a', 'delete b', 'update c', 'move_from d', 'move_to e'],
  );
});

test('applying asks for no path that was not told, but for the folders above', () => {
  for (const { patch, paths } of cases) {
    const asked = new Set<string>();
    applyPatch((path) => void asked.add(path), patch);
    const above = (path: string) => paths.some((one) => one === path || one.startsWith(`${path}/`));
    for (const path of asked) assert.ok(above(path), path);
  }
});
