import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { narrowest } from '../../../src/editor/narrowest.ts';

const applied = (from: string, to: string) => {
  const { start, end, text } = narrowest(from, to);
  return from.slice(0, start) + text + from.slice(end);
};

test('narrowest: any two texts', () => {
  const piece = fc.constantFrom('a', 'b', '\n', '\r\n', '\r', 'é');
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(fc.property(text, text, (from, to) => assert.equal(applied(from, to), to)));
});

test('narrowest: never begins or ends within a line end', () => {
  const piece = fc.constantFrom('a', 'b', '\r\n');
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, text, (from, to) => {
      const { start, end } = narrowest(from, to);
      for (const at of [start, end]) assert.ok(!(from[at - 1] === '\r' && from[at] === '\n'), `at ${at}`);
    }),
  );
});

test('narrowest: equal texts need nothing', () => {
  assert.deepEqual(narrowest('same', 'same'), { start: 4, end: 4, text: '' });
});
