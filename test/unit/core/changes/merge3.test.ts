import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merge3 } from '../../../../src/core/changes/merge3.ts';
import { soon } from './soon.ts';

interface Case {
  readonly is: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly gives: string;
  /** Each conflict as "ours/theirs@startLine-endLine". */
  readonly conflicts?: readonly string[];
}

const BASE = 'a\nb\nc\nd\ne\n';
const cases: readonly Case[] = [
  { is: 'apart', base: BASE, ours: 'A\nb\nc\nd\ne\n', theirs: 'a\nb\nc\nd\nE\n', gives: 'A\nb\nc\nd\nE\n' },
  {
    is: 'one line between',
    base: BASE,
    ours: 'a\nB\nc\nd\ne\n',
    theirs: 'a\nb\nc\nD\ne\n',
    gives: 'a\nB\nc\nD\ne\n',
  },
  {
    is: 'the same change',
    base: BASE,
    ours: 'a\nX\nc\nd\ne\n',
    theirs: 'a\nX\nc\nd\ne\n',
    gives: 'a\nX\nc\nd\ne\n',
  },
  {
    is: 'the same change, and others',
    base: BASE,
    ours: 'A\nb\nX\nd\ne\n',
    theirs: 'a\nb\nX\nd\nE\n',
    gives: 'A\nb\nX\nd\nE\n',
  },
  {
    is: 'insertions apart',
    base: BASE,
    ours: 'x\n' + BASE,
    theirs: BASE + 'y\n',
    gives: 'x\n' + BASE + 'y\n',
  },
  {
    is: 'the same line',
    base: BASE,
    ours: 'a\nb\nC1\nd\ne\n',
    theirs: 'a\nb\nC2\nd\ne\n',
    gives: 'a\nb\n<<<<<<< ours\nC1\n=======\nC2\n>>>>>>> theirs\nd\ne\n',
    conflicts: ['C1/C2@3-7'],
  },
  {
    is: 'neighbouring lines',
    base: BASE,
    ours: 'a\nB\nc\nd\ne\n',
    theirs: 'a\nb\nC\nd\ne\n',
    gives: 'a\n<<<<<<< ours\nB\nc\n=======\nb\nC\n>>>>>>> theirs\nd\ne\n',
    conflicts: ['B,c/b,C@2-8'],
  },
  {
    is: 'removed here, changed there',
    base: BASE,
    ours: 'a\nb\nd\ne\n',
    theirs: 'a\nb\nC\nd\ne\n',
    gives: 'a\nb\n<<<<<<< ours\n=======\nC\n>>>>>>> theirs\nd\ne\n',
    conflicts: ['/C@3-6'],
  },
  {
    is: 'different insertions in one place',
    base: 'a\nb\n',
    ours: 'a\nx\nb\n',
    theirs: 'a\ny\nb\n',
    gives: 'a\n<<<<<<< ours\nx\n=======\ny\n>>>>>>> theirs\nb\n',
    conflicts: ['x/y@2-6'],
  },
  {
    is: 'what both share in a conflict is settled',
    base: 'a\nb\n',
    ours: 'a\nsame\nx\nend\nb\n',
    theirs: 'a\nsame\ny\nend\nb\n',
    gives: 'a\nsame\n<<<<<<< ours\nx\n=======\ny\n>>>>>>> theirs\nend\nb\n',
    conflicts: ['x/y@3-7'],
  },
  {
    is: 'two conflicts',
    base: BASE,
    ours: '1\nb\nc\nd\n1\n',
    theirs: '2\nb\nc\nd\n2\n',
    gives:
      '<<<<<<< ours\n1\n=======\n2\n>>>>>>> theirs\nb\nc\nd\n<<<<<<< ours\n1\n=======\n2\n>>>>>>> theirs\n',
    conflicts: ['1/2@1-5', '1/2@9-13'],
  },
  {
    is: 'both added, nothing before',
    base: '',
    ours: 'x\n',
    theirs: 'y\n',
    gives: '<<<<<<< ours\nx\n=======\ny\n>>>>>>> theirs\n',
    conflicts: ['x/y@1-5'],
  },
  { is: 'emptied here, untouched there', base: BASE, ours: '', theirs: BASE, gives: '' },

  {
    is: 'line ends changed here, words there',
    base: BASE,
    ours: BASE.replaceAll('\n', '\r\n'),
    theirs: 'a\nb\nC\nd\ne\n',
    gives: 'a\r\nb\r\nC\r\nd\r\ne\r\n',
  },
  {
    is: 'line ends changed there, words here',
    base: BASE,
    ours: 'a\nb\nC\nd\ne\n',
    theirs: BASE.replaceAll('\n', '\r\n'),
    gives: 'a\r\nb\r\nC\r\nd\r\ne\r\n',
  },
  {
    is: 'all CRLF',
    base: 'a\r\nb\r\nc\r\n',
    ours: 'A\r\nb\r\nc\r\n',
    theirs: 'a\r\nb\r\nC\r\n',
    gives: 'A\r\nb\r\nC\r\n',
  },
  {
    is: 'all CRLF with a conflict',
    base: 'a\r\n',
    ours: 'b\r\n',
    theirs: 'c\r\n',
    gives: '<<<<<<< ours\r\nb\r\n=======\r\nc\r\n>>>>>>> theirs\r\n',
    conflicts: ['b/c@1-5'],
  },
  {
    is: 'mixed line ends stay with their lines',
    base: 'a\r\nb\nc\r\nd\n',
    ours: 'A\r\nb\nc\r\nd\n',
    theirs: 'a\r\nb\nc\r\nD\n',
    gives: 'A\r\nb\nc\r\nD\n',
  },
  {
    is: 'byte order mark added here, words there',
    base: 'a\nb\nc\n',
    ours: '\uFEFFa\nb\nc\n',
    theirs: 'a\nb\nC\n',
    gives: '\uFEFFa\nb\nC\n',
  },
  {
    is: 'byte order mark removed here, first line changed there',
    base: '\uFEFFa\nb\n',
    ours: 'a\nb\n',
    theirs: '\uFEFFA\nb\n',
    gives: 'A\nb\n',
  },
  {
    is: 'final newline added here, lines there',
    base: 'a\nb',
    ours: 'a\nb\n',
    theirs: 'A\nb',
    gives: 'A\nb\n',
  },
  {
    is: 'final newline removed here, last line changed there',
    base: 'a\nb\n',
    ours: 'a\nb',
    theirs: 'a\nB\n',
    gives: 'a\nB',
  },
  {
    is: 'no final newline on all sides',
    base: 'a\nb\nc',
    ours: 'A\nb\nc',
    theirs: 'a\nb\nC',
    gives: 'A\nb\nC',
  },
  { is: 'a single line changed to several', base: 'a', ours: 'a\r\nb\r\n', theirs: 'a', gives: 'a\r\nb\r\n' },
];

for (const { is, base, ours, theirs, gives, conflicts = [] } of cases) {
  test(is, () => {
    const merged = merge3(base, ours, theirs);
    assert.equal(merged.text, gives);
    const found = merged.ok ? [] : merged.conflicts;
    assert.deepEqual(
      found.map((one) => `${one.oursLines.join()}/${one.theirsLines.join()}@${one.startLine}-${one.endLine}`),
      conflicts,
    );
  });
}

test('names the sides as told, and keeps what was before', () => {
  const merged = merge3('a\n', 'b\n', 'c\n', { ours: 'task one', theirs: 'yours' });
  assert.ok(!merged.ok);
  assert.match(merged.text, /^<{7} task one\n.*>{7} yours\n$/su);
  assert.deepEqual(merged.conflicts[0]?.baseLines, ['a']);
});

test('a large text with many equal lines, changed at both ends, is merged soon', () => {
  const base = Array.from({ length: 100_000 }, (_, at) => (at % 2 ? '\n' : `${at % 50}\n`)).join('');
  const merged = soon(() => merge3(`x\n${base}y\n`, `x1\n${base}y\n`, `x\n${base}y1\n`));
  assert.deepEqual(merged, { ok: true, text: `x1\n${base}y1\n` });
});

test('a conflict of 200,000 lines', () => {
  const lines = (name: string) => `${name}\n`.repeat(200_000);
  assert.equal(soon(() => merge3('base\n', lines('a'), lines('b'))).ok, false);
});
