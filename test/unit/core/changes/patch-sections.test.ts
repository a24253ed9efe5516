import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPatch } from '../../../../src/core/changes/patch.ts';
import { checkPatches, patchOf } from './check-patch.ts';

const UPDATE = '*** Update File: f\n@@\n-a\n+b';

checkPatches([
  // Add
  { is: 'add', patch: patchOf('*** Add File: n\n+one\n+two'), gives: { n: 'one\ntwo\n' } },
  { is: 'add an empty file', patch: patchOf('*** Add File: n'), gives: { n: '' } },
  { is: 'add one empty line', patch: patchOf('*** Add File: n\n+'), gives: { n: '\n' } },
  { is: 'add in a folder', patch: patchOf('*** Add File: a/b/n.ts\n+x'), gives: { 'a/b/n.ts': 'x\n' } },
  {
    is: 'add without a final newline',
    patch: patchOf('*** Add File: n\n+x\n\\ No newline at end of file'),
    gives: { n: 'x' },
  },
  {
    is: 'add lines that look like the format',
    patch: patchOf('*** Add File: n\n+*** End Patch\n+@@\n++x\n+-y'),
    gives: { n: '*** End Patch\n@@\n+x\n-y\n' },
  },
  {
    is: 'add with an empty line that lost its sign',
    patch: patchOf('*** Add File: n\n+a\n\n+b\n'),
    gives: { n: 'a\n\nb\n' },
  },
  {
    is: 'add with a blank line after it',
    patch: patchOf('*** Add File: n\n+a\n\n*** Add File: m\n+b'),
    gives: { n: 'a\n', m: 'b\n' },
  },
  {
    is: 'add with the end of the file marked',
    patch: patchOf('*** Add File: n\n+a\n*** End of File'),
    gives: { n: 'a\n' },
  },
  {
    is: 'add, a line without a sign',
    patch: patchOf('*** Add File: n\n+a\nb'),
    gives: { error: 'bad_line', says: /line 4/u },
  },
  { is: 'add onto a file', files: 'a\n', patch: patchOf('*** Add File: f\n+b'), gives: { error: 'exists' } },
  {
    is: 'add onto an empty file',
    files: '',
    patch: patchOf('*** Add File: f\n+b'),
    gives: { error: 'exists' },
  },
  {
    is: 'add below a file',
    files: 'a\n',
    patch: patchOf('*** Add File: f/n\n+b'),
    gives: { error: 'exists', says: /f is a file/u },
  },
  {
    is: 'add below a file that the patch adds',
    patch: patchOf('*** Add File: x\n+b\n*** Add File: x/y\n+b'),
    gives: { error: 'exists' },
  },
  { is: 'add twice', patch: patchOf('*** Add File: n\n+a\n*** Add File: n\n+b'), gives: { error: 'exists' } },
  { is: 'add, then update', patch: patchOf('*** Add File: f\n+a\n' + UPDATE), gives: { f: 'b\n' } },
  {
    is: 'add, then delete',
    patch: patchOf('*** Add File: n\n+a\n*** Delete File: n'),
    gives: { error: 'no_change' },
  },

  // Delete
  { is: 'delete', files: { a: '1', b: '2' }, patch: patchOf('*** Delete File: a'), gives: { b: '2' } },
  { is: 'delete what is not text', files: { a: '\u0000' }, patch: patchOf('*** Delete File: a'), gives: {} },
  { is: 'delete what is not there', patch: patchOf('*** Delete File: a'), gives: { error: 'missing' } },
  {
    is: 'delete twice',
    files: { a: '1' },
    patch: patchOf('*** Delete File: a\n*** Delete File: a'),
    gives: { error: 'missing' },
  },
  {
    is: 'delete with contents',
    files: { a: '1\n' },
    patch: patchOf('*** Delete File: a\n-1'),
    gives: { error: 'bad_line' },
  },
  {
    is: 'delete, then add: written anew',
    files: 'a\n',
    patch: patchOf('*** Delete File: f\n*** Add File: f\n+b'),
    gives: 'b\n',
  },
  {
    is: 'delete, then update',
    files: 'a\n',
    patch: patchOf('*** Delete File: f\n' + UPDATE),
    gives: { error: 'missing' },
  },

  // Update and move
  { is: 'update', files: 'a\n', patch: patchOf(UPDATE), gives: 'b\n' },
  { is: 'update what is not there', patch: patchOf(UPDATE), gives: { error: 'missing', says: /Add File/u } },
  { is: 'update what is not text', files: 'a\u0000', patch: patchOf(UPDATE), gives: { error: 'binary' } },
  {
    is: 'update without hunks',
    files: 'a\n',
    patch: patchOf('*** Update File: f'),
    gives: { error: 'empty_update' },
  },
  {
    is: 'update with an empty hunk',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n@@'),
    gives: { error: 'empty_update' },
  },
  {
    is: 'update with a marker and nothing after it',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n@@ a'),
    gives: { error: 'empty_hunk' },
  },
  {
    is: 'update that changes nothing',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n@@\n a'),
    gives: { error: 'no_change' },
  },
  {
    is: 'update to the same text',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n@@\n-a\n+a'),
    gives: { error: 'no_change' },
  },
  {
    is: 'two files',
    files: { f: 'a\n', g: 'a\n' },
    patch: patchOf(UPDATE + '\n*** Update File: g\n@@\n-a\n+c'),
    gives: { f: 'b\n', g: 'c\n' },
  },
  {
    is: 'the second file fails: nothing is made',
    files: { f: 'a\n', g: 'x\n' },
    patch: patchOf(UPDATE + '\n*** Update File: g\n@@\n-a\n+c'),
    gives: { error: 'context_missing', says: /^g: .*Nothing was changed\.$/su },
  },
  {
    is: 'the same file twice',
    files: 'a\nc\n',
    patch: patchOf(UPDATE + '\n*** Update File: f\n@@\n-c\n+d'),
    gives: 'b\nd\n',
  },
  {
    is: 'the same file twice, the second on the result of the first',
    files: 'a\n',
    patch: patchOf(UPDATE + '\n*** Update File: f\n@@\n-b\n+c'),
    gives: 'c\n',
  },
  {
    is: 'there and back',
    files: 'a\n',
    patch: patchOf(UPDATE + '\n*** Update File: f\n@@\n-b\n+a'),
    gives: { error: 'no_change' },
  },
  {
    is: 'move with a change',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n*** Move to: g\n@@\n-a\n+b'),
    gives: { g: 'b\n' },
  },
  {
    is: 'move without a change',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n*** Move to: d/g'),
    gives: { 'd/g': 'a\n' },
  },
  {
    is: 'move to itself with a change',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n*** Move to: ./f\n@@\n-a\n+b'),
    gives: 'b\n',
  },
  {
    is: 'move to itself',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n*** Move to: f'),
    gives: { error: 'no_change' },
  },
  {
    is: 'move onto a file',
    files: { f: 'a\n', g: 'x\n' },
    patch: patchOf('*** Update File: f\n*** Move to: g'),
    gives: { error: 'exists', says: /moved onto/u },
  },
  {
    is: 'move into what was a file',
    files: { f: 'a\n' },
    patch: patchOf('*** Update File: f\n*** Move to: f/g'),
    gives: { error: 'exists' },
  },
  {
    is: 'move what is not there',
    patch: patchOf('*** Update File: f\n*** Move to: g'),
    gives: { error: 'missing' },
  },
  {
    is: 'move twice at once',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n*** Move to: g\n*** Move to: h'),
    gives: { error: 'bad_header' },
  },
  {
    is: 'move to nowhere',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n*** Move to:'),
    gives: { error: 'bad_path' },
  },
  {
    is: 'move whose hunk fails',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n*** Move to: g\n@@\n-x\n+b'),
    gives: { error: 'context_missing' },
  },
  {
    is: 'move onto a file that was deleted before',
    files: { f: 'a\n', g: 'x\n' },
    patch: patchOf('*** Delete File: g\n*** Update File: f\n*** Move to: g'),
    gives: { g: 'a\n' },
  },
  {
    is: 'move, then add in its place',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n*** Move to: g\n*** Add File: f\n+new'),
    gives: { f: 'new\n', g: 'a\n' },
  },
  {
    is: 'move, then update there',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n*** Move to: g\n*** Update File: g\n@@\n-a\n+b'),
    gives: { g: 'b\n' },
  },
  {
    is: 'move, then update where it was',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n*** Move to: g\n' + UPDATE),
    gives: { error: 'missing' },
  },
  {
    is: 'move, then delete',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n*** Move to: g\n*** Delete File: g'),
    gives: {},
  },
  {
    is: 'move on and on',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n*** Move to: g\n*** Update File: g\n*** Move to: h'),
    gives: { h: 'a\n' },
  },
  {
    is: 'move away and back',
    files: 'a\n',
    patch: patchOf('*** Update File: f\n*** Move to: g\n*** Update File: g\n*** Move to: f'),
    gives: { error: 'no_change' },
  },
  {
    is: 'two files change places',
    files: { a: '1\n', b: '2\n' },
    patch: patchOf(
      '*** Update File: a\n*** Move to: t\n*** Update File: b\n*** Move to: a\n*** Update File: t\n*** Move to: b',
    ),
    gives: { a: '2\n', b: '1\n' },
  },
  {
    is: 'add, delete, update and move in one',
    files: { f: 'a\n', g: 'x\n', h: 'y\n' },
    patch: patchOf(UPDATE + '\n*** Delete File: g\n*** Add File: i\n+z\n*** Update File: h\n*** Move to: j'),
    gives: { f: 'b\n', i: 'z\n', j: 'y\n' },
  },
]);

test('tells the story of the changes', () => {
  const files = new Map([
    ['f', 'a\n'],
    ['g', 'x\n'],
    ['h', 'y\n'],
  ]);
  const body = `${UPDATE}\n*** Delete File: g\n*** Add File: i\n+z\n*** Update File: h\n*** Move to: j\n@@\n-y\n+w`;
  const result = applyPatch((path) => files.get(path), patchOf(body));
  assert.ok(result.ok);
  assert.deepEqual(result.changes, [
    { kind: 'update', path: 'f', text: 'b\n' },
    { kind: 'delete', path: 'g' },
    { kind: 'add', path: 'i', text: 'z\n' },
    { kind: 'move', path: 'j', from: 'h', text: 'w\n' },
  ]);
});
