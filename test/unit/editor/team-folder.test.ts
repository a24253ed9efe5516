import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onDiskOf, teamFolder } from '../../../src/editor/team-folder.ts';

const folder = (address: string) => ({
  uri: { scheme: address.split(':')[0] ?? '', toString: () => address },
});
const [A, B, FAR] = [folder('file:///a'), folder('file:///b'), folder('vscode-vfs:///far')];

const found = (folders: readonly (typeof A)[], chosen?: string, held?: string) => {
  const its = teamFolder(folders, { chosen, held });
  return its.kind === 'folder' ? its.folder.uri.toString() : its.kind;
};

test('the only folder on a disk is the one; of several only the one that was chosen', () => {
  assert.equal(found([]), 'none');
  assert.equal(found([FAR]), 'virtual');
  assert.equal(found([A]), 'file:///a');
  assert.equal(found([FAR, B]), 'file:///b');
  assert.equal(found([A, B]), 'several');
  assert.equal(found([A, B], 'file:///b'), 'file:///b');
  assert.equal(found([A], 'file:///b'), 'file:///a', 'what was chosen is not open, and there is no choice');
});

test('what was chosen is asked for again where it is closed, or is not on a disk', () => {
  assert.equal(found([A, B], 'file:///c'), 'several');
  assert.equal(found([A, B, FAR], 'vscode-vfs:///far'), 'several');
});

test('once runs are loaded their folder holds, whatever is opened, closed or chosen', () => {
  assert.equal(found([A, B], undefined, 'file:///a'), 'file:///a');
  assert.equal(found([B, A], 'file:///b', 'file:///a'), 'file:///a');
  assert.equal(found([B], 'file:///b', 'file:///a'), 'closed');
});

test('only folders on a disk can be chosen', () => {
  assert.deepEqual(onDiskOf([A, FAR, B]), [A, B]);
});
