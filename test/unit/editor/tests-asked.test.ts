import assert from 'node:assert/strict';
import test from 'node:test';
import type { ToldTest } from '../../../src/core/run/views/told-tests.ts';
import { onlyOf, type Asked } from '../../../src/editor/tests/ask.ts';

const told = (name: string, file?: string): ToldTest => ({
  ...{ id: name, name, status: 'passed' },
  ...(file !== undefined && { file }),
});
const files = { files: 'run {files}', name: 'run {filter}' };
const name = { name: 'run {filter}' };
const both = { ...files, namedFiles: 'run {filter} {files}' };

const CASES: readonly [what: string, asked: Asked, only: object, expected: unknown][] = [
  ['all', { kind: 'all' }, files, undefined],
  ['what changed', { kind: 'changed' }, files, { changed: true }],
  ['files', { kind: 'files', files: ['a.js'] }, name, { files: ['a.js'] }],
  [
    'tests by their files, each once',
    { kind: 'tests', tests: [told('x', 'a'), told('y', 'a')] },
    files,
    { files: ['a'] },
  ],
  [
    'one test by its file and name where both can be told',
    { kind: 'tests', tests: [told('s > x', 'a')] },
    both,
    { files: ['a'], name: 'x' },
  ],
  [
    'several tests of a file by the file alone',
    { kind: 'tests', tests: [told('s > x', 'a'), told('s > y', 'a')] },
    both,
    { files: ['a'] },
  ],
  [
    'one test by its name where files cannot be run',
    { kind: 'tests', tests: [told('s > x', 'a')] },
    name,
    { name: 'x' },
  ],
  ['one test without a file by its name', { kind: 'tests', tests: [told('s > x')] }, files, { name: 'x' }],
  [
    'several where files cannot be run: all',
    { kind: 'tests', tests: [told('x'), told('y')] },
    name,
    undefined,
  ],
  ['one where nothing can be told apart: all', { kind: 'tests', tests: [told('x', 'a')] }, {}, undefined],
];
for (const [what, asked, only, expected] of CASES)
  test(`asked for: ${what}`, () => assert.deepEqual(onlyOf(asked, { only, runner: 'node' }), expected));
