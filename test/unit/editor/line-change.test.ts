import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeBack, takeOver } from '../../../src/editor/review/line-change.ts';

const change = (from: number, to: number, first: number, last: number) => ({
  originalStartLineNumber: from,
  originalEndLineNumber: to,
  modifiedStartLineNumber: first,
  modifiedEndLineNumber: last,
});

for (const { name, original, modified, at, kept, undone } of [
  {
    name: 'lines that were changed',
    original: 'a\nb\nc\n',
    modified: 'a\nB\nB2\nC\n',
    at: change(2, 2, 2, 3),
    kept: 'a\nB\nB2\nc\n',
    undone: 'a\nb\nC\n',
  },
  {
    name: 'lines that were added',
    original: 'a\nc\n',
    modified: 'a\nb\nc\nd\n',
    at: change(1, 0, 2, 2),
    kept: 'a\nb\nc\n',
    undone: 'a\nc\nd\n',
  },
  {
    name: 'lines that were removed',
    original: 'a\nb\nc\n',
    modified: 'a\nC\n',
    at: change(2, 2, 1, 0),
    kept: 'a\nc\n',
    undone: 'a\nb\nC\n',
  },
  {
    name: 'lines added before all',
    original: 'b\n',
    modified: 'a\nb\n',
    at: change(0, 0, 1, 1),
    kept: 'a\nb\n',
    undone: 'b\n',
  },
  {
    name: 'Windows line ends',
    original: 'a\r\nb\r\n',
    modified: 'a\r\nB\r\n',
    at: change(2, 2, 2, 2),
    kept: 'a\r\nB\r\n',
    undone: 'a\r\nb\r\n',
  },
]) {
  test(`keep and undo: ${name}`, () => {
    assert.equal(takeOver(original, modified, at), kept);
    assert.equal(takeBack(original, modified, at), undone);
  });
}
