/** Notebooks by cell: what an edit of the shown text does to the file, byte for byte. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { notebookText, withNotebookText } from '../../../../src/core/changes/notebook.ts';

const OUTPUT = `{
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "3\\n"
     ]
    }`;
const cell = (id: string, lines: readonly string[], outputs = ''): string => `  {
   "cell_type": "code",
   "execution_count": ${outputs === '' ? 'null' : '7'},
   "id": "${id}",
   "metadata": {"tags": ["keep  me"]},
   "outputs": [${outputs === '' ? '' : `\n    ${outputs}\n   `}],
   "source": [${lines.length === 0 ? '' : `\n${lines.map((line) => `    ${line}`).join(',\n')}\n   `}]
  }`;
const fresh = (id: string, lines: readonly string[]): string =>
  cell(id, lines).replace('{"tags": ["keep  me"]}', '{}');
const TEXT = `  {
   "cell_type": "markdown",
   "id": "title",
   "metadata": {},
   "source": "# Title\\nmore"
  }`;
const book = (...cells: readonly string[]): string =>
  `{
 "cells": [${cells.length === 0 ? '' : `\n${cells.join(',\n')}\n `}],
 "metadata": {"z": 1.0, "a": "\\u00e9"},
 "nbformat": 4,
 "nbformat_minor": 5
}
`;
const ONE = cell('one', ['"x = 1\\n"', '"y = 2"'], OUTPUT);
const TWO = cell('two', ['"print(x + y)"']);
const BOOK = book(TEXT, ONE, TWO);
const SHOWN =
  '%%% cell title markdown\n# Title\nmore\n%%% cell one code\nx = 1\ny = 2\n%%% cell two code\nprint(x + y)\n';

interface Case {
  readonly is: string;
  readonly json?: string;
  readonly from?: string;
  readonly to?: string;
  /** The whole text, where it is not one replacement in what is shown. */
  readonly text?: string;
  readonly gives: string | { readonly why: RegExp };
  readonly notes?: readonly RegExp[];
}

const CASES: readonly Case[] = [
  { is: 'nothing changed', from: 'x', to: 'x', gives: BOOK },
  {
    is: 'a line of a cell with outputs: they go, and so does their number',
    from: 'y = 2',
    to: 'y = 3',
    gives: book(TEXT, cell('one', ['"x = 1\\n"', '"y = 3"']), TWO),
    notes: [/outputs of cell one were cleared/u],
  },
  {
    is: 'a cell without outputs leaves those of others alone',
    from: 'print(x + y)',
    to: 'print(x)\nprint(y)',
    gives: book(TEXT, ONE, cell('two', ['"print(x)\\n"', '"print(y)"'])),
  },
  {
    is: 'a source that is one text stays one',
    from: '# Title',
    to: '# "Ti\\tle"',
    gives: book(TEXT.replace('# Title', '# \\"Ti\\\\tle\\"'), ONE, TWO),
  },
  {
    is: 'a source emptied',
    from: 'print(x + y)\n',
    to: '',
    gives: book(TEXT, ONE, cell('two', [])),
  },
  {
    is: 'blank lines at the end of a source',
    from: 'print(x + y)\n',
    to: 'print(x + y)\n\n\n',
    gives: book(TEXT, ONE, cell('two', ['"print(x + y)\\n"', '"\\n"'])),
  },
  {
    is: 'a cell removed',
    from: '%%% cell one code\nx = 1\ny = 2\n',
    to: '',
    gives: book(TEXT, TWO),
  },
  { is: 'every cell removed', text: '', gives: book() },
  {
    is: 'a cell made between others',
    from: '%%% cell two code',
    to: '%%% cell new code\nz = 3\n\nw = 4\n%%% cell two code',
    gives: book(TEXT, ONE, fresh('cell-1', ['"z = 3\\n"', '"\\n"', '"w = 4"']), TWO),
  },
  {
    is: 'a cell made without saying new',
    text: `${SHOWN}%%% cell code\nz`,
    gives: book(TEXT, ONE, TWO, fresh('cell-1', ['"z"'])),
  },
  {
    is: 'cells in another order',
    text: '%%% cell two code\nprint(x + y)\n%%% cell one code\nx = 1\ny = 2\n%%% cell title markdown\n# Title\nmore\n',
    gives: book(TWO, ONE, TEXT),
  },
  {
    is: 'a first cell in an empty notebook',
    json: book(),
    text: '%%% cell new code\nx\n',
    gives: book(fresh('cell-1', ['"x"'])),
  },
  {
    is: 'a notebook on one line stays on one line',
    json: '{"cells":[{"cell_type":"raw","id":"a","metadata":{},"source":["x\\n","y"]}],"nbformat":4,"nbformat_minor":5,"metadata":{}}',
    text: '%%% cell a raw\nx\nz\nw\n',
    gives:
      '{"cells":[{"cell_type":"raw","id":"a","metadata":{},"source":["x\\n","z\\n","w"]}],"nbformat":4,"nbformat_minor":5,"metadata":{}}',
  },
  {
    is: 'Windows line ends of the file stay, and are none of the source',
    json: BOOK.replaceAll('\n', '\r\n'),
    from: 'print(x + y)',
    to: 'a\nb',
    gives: book(TEXT, ONE, cell('two', ['"a\\n"', '"b"'])).replaceAll('\n', '\r\n'),
  },
  {
    is: 'a byte order mark stays',
    json: `\uFEFF${BOOK}`,
    from: 'print(x + y)',
    to: 'a',
    gives: `\uFEFF${book(TEXT, ONE, cell('two', ['"a"']))}`,
  },
  {
    is: 'letters are escaped where the file escapes them',
    from: 'print(x + y)',
    to: 'é😀',
    gives: book(TEXT, ONE, cell('two', ['"\\u00e9\\ud83d\\ude00"'])),
  },
  {
    is: 'letters are written as they are where the file does so',
    json: BOOK.replace('\\u00e9', 'é'),
    from: 'print(x + y)',
    to: 'é😀',
    gives: book(TEXT, ONE, cell('two', ['"é😀"'])).replace('\\u00e9', 'é'),
  },
  {
    is: 'a line that stays keeps its escapes',
    json: book(cell('one', ['"a\\/b\\n"', '"c"'])),
    from: '\nc\n',
    to: '\nd\n',
    gives: book(cell('one', ['"a\\/b\\n"', '"d"'])),
  },
  {
    is: 'cells without ids are named by number, and new ones get none',
    json: book(TWO.replace('   "id": "two",\n', '')).replace('"nbformat_minor": 5', '"nbformat_minor": 4'),
    text: '%%% cell @1 code\nprint(x + y)\n%%% cell new code\nz\n',
    gives: book(
      TWO.replace('   "id": "two",\n', ''),
      fresh('', ['"z"']).replace('   "id": "",\n', ''),
    ).replace('"nbformat_minor": 5', '"nbformat_minor": 4'),
  },
  {
    is: 'ids that stand there twice name nothing',
    json: book(TWO, TWO),
    text: '%%% cell @1 code\nprint(x + y)\n%%% cell @2 code\nother\n',
    gives: book(TWO, cell('two', ['"other"'])),
  },
  {
    is: 'a source that holds marks is shown under longer ones',
    json: book(cell('one', ['"%%% cell two code\\n"', '"x"'])),
    text: '%%%% cell one code\n%%% cell two code\ny\n',
    gives: book(cell('one', ['"%%% cell two code\\n"', '"y"'])),
  },
  {
    is: 'magic commands are no marks',
    json: book(cell('one', ['"%%time\\n"', '"%matplotlib inline"'])),
    from: '%%time',
    to: '%%timeit',
    gives: book(cell('one', ['"%%timeit\\n"', '"%matplotlib inline"'])),
  },
  { is: 'an unknown cell', text: '%%% cell three code\nx\n', gives: { why: /no cell three/u } },
  {
    is: 'a cell twice',
    text: `${SHOWN}%%% cell two code\nx\n`,
    gives: { why: /two stands there twice/u },
  },
  {
    is: 'another kind of cell under the same id',
    from: 'title markdown',
    to: 'title code',
    gives: { why: /title is markdown/u },
  },
  {
    is: 'text before the first cell',
    text: `import x\n${SHOWN}`,
    gives: { why: /before the first cell/u },
  },
  { is: 'a mark without a kind', text: `${SHOWN}%%% cell new\nx\n`, gives: { why: /no kind/u } },
  { is: 'no JSON', json: '{', text: '', gives: { why: /no notebook/u } },
  {
    is: 'an older format',
    json: '{"nbformat": 3, "worksheets": []}',
    text: '',
    gives: { why: /no notebook/u },
  },
  { is: 'JSON of another kind', json: '[1]', text: '', gives: { why: /no notebook/u } },
];

describe('notebooks', () => {
  test('are shown by their cells', () => assert.equal(notebookText(BOOK), SHOWN));
  for (const { is, json = BOOK, from, to = '', text, gives, notes = [] } of CASES)
    test(is, () => {
      const shown = notebookText(json) ?? '';
      if (from !== undefined) assert.ok(shown.includes(from), shown);
      const edited = withNotebookText(json, text ?? shown.replace(from ?? '', () => to));
      if (typeof gives !== 'string') {
        assert.ok(!edited.ok);
        assert.match(edited.why, gives.why);
        return;
      }
      assert.ok(edited.ok, edited.ok ? '' : edited.why);
      assert.equal(edited.json, gives);
      assert.deepEqual(
        notes.map((note, at) => note.test(edited.notes[at] ?? '')),
        edited.notes.map(() => true),
      );
    });

  const source = fc.string({
    unit: fc.constantFrom('a', '\n', '%', '"', '\\', 'é', '\r', ' ', '%%% cell new code\n'),
  });
  const random = fc.array(fc.record({ source, asList: fc.boolean() }), { maxLength: 5 });
  const jsonOf = (cells: readonly { source: string; asList: boolean }[], indent: number): string =>
    JSON.stringify(
      {
        cells: cells.map((each, at) => ({
          cell_type: 'markdown',
          id: `c${at}`,
          metadata: { collapsed: false },
          source: each.asList ? (each.source.match(/[^\n]*\n|[^\n]+$/gu) ?? []) : each.source,
        })),
        metadata: {},
        nbformat: 4,
        nbformat_minor: 5,
      },
      null,
      indent,
    );

  test('what is shown, put back, is the same file; any other source is what the file then has', () => {
    fc.assert(
      fc.property(random, fc.constantFrom(0, 1, 2), fc.nat(), source, (cells, indent, at, now) => {
        const json = jsonOf(cells, indent);
        const shown = notebookText(json) ?? assert.fail('a notebook');
        const same = withNotebookText(json, shown);
        assert.equal(same.ok && same.json, json);
        if (cells.length === 0) return;
        const index = at % cells.length;
        const wanted = cells.map((each, place) => (place === index ? { ...each, source: now } : each));
        // The marks of both have to be the same for one text to stand for the other.
        const target = notebookText(jsonOf(wanted, indent)) ?? '';
        fc.pre(/^%+/u.exec(target)?.[0] === /^%+/u.exec(shown)?.[0]);
        const edited = withNotebookText(json, target);
        assert.ok(edited.ok, edited.ok ? '' : edited.why);
        const read = JSON.parse(edited.json) as { cells: { source: string | string[] }[] };
        assert.deepEqual(
          read.cells.map((each) => (typeof each.source === 'string' ? each.source : each.source.join(''))),
          wanted.map((each) => each.source),
        );
      }),
    );
  });
});
