/** Calls that write, told as lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editOf, writtenBy } from '../../../../media/panel/state/edits.ts';

const told = (tool: string, args: unknown): string | undefined =>
  editOf(tool, typeof args === 'string' ? args : JSON.stringify(args))
    ?.map(({ kind, text }) => `${{ same: ' ', gone: '-', new: '+', mark: '#' }[kind]}${text}`)
    .join('\n');

const edit = (old_text: string, new_text: string, more: object = {}) => ({
  path: 'a.js',
  edits: [{ old_text, new_text, ...more }],
});

const cases: readonly (readonly [string, string, unknown, string | undefined])[] = [
  ['a line is replaced', 'edit_file', edit('a\nb\nc\n', 'a\nB\nc\n'), '#@@\n a\n-b\n+B\n c'],
  ['a line is added', 'edit_file', edit('a\nc', 'a\nb\nc'), '#@@\n a\n+b\n c'],
  ['equal lines are not told twice', 'edit_file', edit('a\na', 'a\na\na'), '#@@\n a\n a\n+a'],
  ['a file is begun', 'edit_file', edit('', 'x\ny'), '#@@\n+x\n+y'],
  ['all places', 'edit_file', edit('a', '', { replace_all: true }), '#@@ replace_all @@\n-a'],
  ['what is hidden shows', 'edit_file', edit('a', 'a\u202eb'), '#@@\n-a\n+a⟨U+202E⟩b'],
  [
    'a patch',
    'apply_patch',
    { patch: '*** Begin Patch\n--- a/x\n+++ b/x\n@@ f\n a\n-b\n+c\n*** End Patch' },
    '#*** Begin Patch\n#--- a/x\n#+++ b/x\n#@@ f\n  a\n--b\n++c\n#*** End Patch',
  ],
  ['cut arguments', 'edit_file', '{"path":"a.js","edits":[{"old_te', undefined],
  ['another shape', 'edit_file', { path: 'a.js', edits: [{ old_text: 1 }] }, undefined],
  ['no edits', 'edit_file', { path: 'a.js', edits: [] }, undefined],
  ['another tool', 'read_file', { path: 'a.js' }, undefined],
];

for (const [what, tool, args, wanted] of cases)
  test(`lines of a call: ${what}`, () => assert.equal(told(tool, args), wanted));

test('a file that is written has the language of its ending', () => {
  const language = (path: string) =>
    writtenBy('write_file', JSON.stringify({ path, content: 'x' }))?.language;
  assert.deepEqual(['a.ts', 'b.MJS', 'c', 'd.h'].map(language), ['ts', 'js', '', 'cpp']);
  assert.equal(writtenBy('write_file', '{"path":"a.ts"}'), undefined);
  assert.equal(writtenBy('read_file', '{"path":"a.ts","content":"x"}'), undefined);
});
