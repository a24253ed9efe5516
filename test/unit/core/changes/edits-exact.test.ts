import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../../../src/core/changes/edits.ts';
import { checkEdits } from './check-edits.ts';
import { soon } from './soon.ts';

const ABC = 'a\nb\nc\n';

checkEdits([
  { is: 'a word', text: 'one two three\n', edits: [['two', '2']], gives: 'one 2 three\n' },
  { is: 'a line', text: ABC, edits: [['b\n', 'B\n']], gives: 'a\nB\nc\n' },
  { is: 'several lines', text: ABC, edits: [['a\nb\n', 'x\n']], gives: 'x\nc\n' },
  { is: 'removing a line', text: ABC, edits: [['b\n', '']], gives: 'a\nc\n' },
  { is: 'removing the first line', text: ABC, edits: [['a\n', '']], gives: 'b\nc\n' },
  { is: 'removing the last line', text: ABC, edits: [['c\n', '']], gives: 'a\nb\n' },
  { is: 'inserting before', text: ABC, edits: [['b', 'x\nb']], gives: 'a\nx\nb\nc\n' },
  { is: 'inserting after', text: ABC, edits: [['b\n', 'b\nx\n']], gives: 'a\nb\nx\nc\n' },
  { is: 'joining lines', text: ABC, edits: [['a\nb', 'ab']], gives: 'ab\nc\n' },
  { is: 'splitting a line', text: 'a;b\n', edits: [[';', ';\n']], gives: 'a;\nb\n' },
  { is: 'everything', text: ABC, edits: [[ABC, 'new\n']], gives: 'new\n' },
  { is: 'everything removed, as asked for exactly', text: ABC, edits: [[ABC, '']], gives: '' },
  {
    is: 'replacement patterns are plain text',
    text: 'a\n',
    edits: [['a', "$& $1 $$ $` $'"]],
    gives: "$& $1 $$ $` $'\n",
  },
  {
    is: 'special characters of expressions',
    text: 'f(a.*)[0]?\n',
    edits: [['f(a.*)[0]?', 'g']],
    gives: 'g\n',
  },
  { is: 'backslashes', text: 'a\\nb\n', edits: [['\\n', '\\t']], gives: 'a\\tb\n' },
  { is: 'a text inside a longer word', text: 'foobar\n', edits: [['foo', 'fu']], gives: 'fubar\n' },
  { is: 'letters beyond the basic plane', text: 'a 😀 b\n', edits: [['😀', '🎉🎉']], gives: 'a 🎉🎉 b\n' },
  { is: 'right to left text', text: 'שלום\nעולם\n', edits: [['עולם', 'world']], gives: 'שלום\nworld\n' },
  {
    is: 'a combining accent is found as it is written',
    text: 'cafe\u0301\n',
    edits: [['cafe\u0301', 'tea']],
    gives: 'tea\n',
  },
  { is: 'only blanks change', text: 'a  b\n', edits: [['a  b', 'a b']], gives: 'a b\n' },
  { is: 'only indentation changes', text: 'if:\n  x\n', edits: [['  x', '    x']], gives: 'if:\n    x\n' },

  {
    is: 'two edits',
    text: ABC,
    edits: [
      ['a', '1'],
      ['c', '3'],
    ],
    gives: '1\nb\n3\n',
  },
  {
    is: 'the second finds what the first wrote',
    text: ABC,
    edits: [
      ['a', 'x'],
      ['x\nb', 'y'],
    ],
    gives: 'y\nc\n',
  },
  {
    is: 'in any order',
    text: ABC,
    edits: [
      ['c', '3'],
      ['a', '1'],
    ],
    gives: '1\nb\n3\n',
  },
  {
    is: 'there and back',
    text: ABC,
    edits: [
      ['a', 'x'],
      ['x', 'a'],
    ],
    gives: ABC,
  },
  {
    is: 'the second fails: nothing is made',
    text: ABC,
    edits: [
      ['a', '1'],
      ['zzz', '3'],
    ],
    gives: { error: 'not_found', at: 1, says: /edit 2 of 2.*None of the edits/su },
  },
  {
    is: 'the first makes the second ambiguous',
    text: ABC,
    edits: [
      ['a', 'b'],
      ['b', 'x'],
    ],
    gives: { error: 'ambiguous', at: 1 },
  },

  {
    is: 'all occurrences',
    text: 'x y x\nx\n',
    edits: [['x', 'z', 'all']],
    gives: 'z y z\nz\n',
    notes: [/3 occurrences/u],
  },
  { is: 'all of one', text: 'x y\n', edits: [['x', 'z', 'all']], gives: 'z y\n' },
  {
    is: 'all, not overlapping',
    text: 'aaaa\n',
    edits: [['aa', 'b', 'all']],
    gives: 'bb\n',
    notes: [/2 occurrences/u],
  },
  {
    is: 'all, where the new text holds the old',
    text: 'a a\n',
    edits: [['a', 'aa', 'all']],
    gives: 'aa aa\n',
    notes: [/2 occ/u],
  },
  { is: 'all, none there', text: 'a\n', edits: [['zzz', 'b', 'all']], gives: { error: 'not_found' } },

  {
    is: 'ambiguous on two lines',
    text: 'x\ny\nx\n',
    edits: [['x', 'z']],
    gives: { error: 'ambiguous', says: /2 times \(lines 1, 3\)/u },
  },
  {
    is: 'ambiguous on one line',
    text: 'x x\n',
    edits: [['x', 'z']],
    gives: { error: 'ambiguous', says: /2 times \(line 1\)/u },
  },
  {
    is: 'ambiguous by overlapping itself',
    text: 'aaa\n',
    edits: [['aa', 'b']],
    gives: { error: 'ambiguous' },
  },
  {
    is: 'ambiguous very often: not all are listed',
    text: 'x\n'.repeat(50),
    edits: [['x', 'z']],
    gives: { error: 'ambiguous', says: /50 times.*10, …/u },
  },
  { is: 'made unique by its neighbours', text: 'x\ny\nx\nz\n', edits: [['x\nz', 'w']], gives: 'x\ny\nw\n' },

  {
    is: 'missing: the nearest is shown',
    text: 'function add(a, b) {\n  return a - b;\n}\n',
    edits: [['return a * b;', 'return a + b;']],
    gives: { error: 'not_found', says: /2\|\s+return a - b;/u },
  },
  {
    is: 'missing with nothing alike',
    text: ABC,
    edits: [['qqqqqqqq', 'x']],
    gives: { error: 'not_found', says: /nor anything like it/u },
  },
  {
    is: 'line numbers copied along',
    text: 'let a;\nlet b;\n',
    edits: [['1| let a;\n2| let b;', 'x']],
    gives: { error: 'not_found', says: /line numbers/u },
  },
  { is: 'same old and new', text: ABC, edits: [['a', 'a']], gives: { error: 'no_change' } },
  {
    is: 'same but for line ends',
    text: 'a\r\nb\r\n',
    edits: [['a\r\nb', 'a\nb']],
    gives: { error: 'no_change' },
  },
  { is: 'no edits', text: ABC, edits: [], gives: { error: 'no_edits' } },
  { is: 'no text', text: 'a\u0000b', edits: [['a', 'b']], gives: { error: 'binary' } },
  {
    is: 'what no decoder could read',
    text: '\uFFFD\uFFFDa\uFFFD',
    edits: [['a', 'b']],
    gives: { error: 'binary' },
  },

  { is: 'a new file', text: '', edits: [['', 'hello\n']], gives: 'hello\n' },
  { is: 'a new file keeps its own form', text: '', edits: [['', '\uFEFFa\r\nb']], gives: '\uFEFFa\r\nb' },
  { is: 'an empty file with a byte order mark', text: '\uFEFF', edits: [['', 'a\n']], gives: '\uFEFFa\n' },
  {
    is: 'a new file in two edits',
    text: '',
    edits: [
      ['', 'a\nb\n'],
      ['b', 'c'],
    ],
    gives: 'a\nc\n',
  },
  { is: 'a new file that stays empty', text: '', edits: [['', '']], gives: { error: 'no_change' } },
  {
    is: 'empty old text in a file with contents',
    text: ABC,
    edits: [['', 'x']],
    gives: { error: 'empty_old_text', says: /1\| a/u },
  },
  {
    is: 'empty old text in a file with one newline',
    text: '\n',
    edits: [['', 'x']],
    gives: { error: 'empty_old_text' },
  },
  {
    is: 'old text in an empty file',
    text: '',
    edits: [['a', 'b']],
    gives: { error: 'not_found', says: /empty/u },
  },
  {
    is: 'emptied, then filled',
    text: ABC,
    edits: [
      [ABC, ''],
      ['', 'x\n'],
    ],
    gives: 'x\n',
  },
]);

test('a failure shows the nearest lines as data', () => {
  const result = applyEdits('alpha\nbeta one\ngamma\n', [{ old_text: 'beta two', new_text: 'x' }]);
  assert.ok(!result.ok);
  assert.deepEqual(result.error.nearest, { startLine: 2, endLine: 2, text: '2| beta one' });
});

test('a line of a million characters', () => {
  const long = 'x'.repeat(1_000_000);
  const result = applyEdits(`${long}a${long}\nb\n`, [{ old_text: 'xax', new_text: 'xbx' }]);
  assert.ok(result.ok);
  assert.equal(result.text, `${long}b${long}\nb\n`);
});

test('a miss in a file of 100,000 lines is answered soon', () => {
  const text = Array.from({ length: 100_000 }, (_, at) => `line number ${at}\n`).join('');
  const result = soon(() => applyEdits(text, [{ old_text: 'line numbr 99\n  and more', new_text: '' }]));
  assert.ok(!result.ok);
  assert.ok((result.error.nearest?.text.length ?? 0) > 0);
});
