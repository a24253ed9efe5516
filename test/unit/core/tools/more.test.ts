/** Long observations lose nothing: what is left out can be read, in order, to the end, also after the agent came back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createShelf, handleOf, paged, readMore, WHOLE_CHARS_MAX } from '../../../../src/core/tools/more.ts';
import type { ToolWorld } from '../../../../src/core/tools/contract.ts';

const read = async (text: string, from: number, observationChars = 1000) => {
  const shelf = createShelf();
  shelf.keep('t1c0', text);
  const world = { shelf, limits: { observationChars } } as unknown as ToolWorld;
  return readMore.run?.({ handle: 't1c0', from }, world, { signal: new AbortController().signal, key: '' });
};

test('the whole can be read on page by page', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 300, max: 9000 }), async (length) => {
      const text = Array.from({ length }, (_, at) => String.fromCodePoint(97 + (at % 26))).join('');
      let whole = '';
      for (let from = 0; from < length;) {
        const seen = await read(text, from);
        assert.equal(seen?.state, 'ok');
        const [, page = ''] = /^t1c0, [^\n]*\n([a-z]*)/.exec(seen.text) ?? [];
        assert.ok(page.length > 0);
        whole += page;
        from += page.length;
      }
      assert.equal(whole, text);
    }),
    { numRuns: 30 },
  );
});

test('a page names what it leaves out and how to read it', () => {
  const text = paged('a'.repeat(5000) + 'the end', 1000, 't2c1');
  assert.ok(text.length < 1200 && text.endsWith('the end'));
  assert.match(
    text,
    /characters 600 to 4607 of 5007 left out\. Read on: read_more \{"handle":"t2c1","from":600\}/,
  );
  assert.equal(paged('short', 1000, 't2c1'), 'short');
});

test('what is not there, or beyond the end, is told so', async () => {
  assert.match((await read('x'.repeat(500), 500))?.text ?? '', /only 500 characters/);
  assert.match((await read('short', 0))?.text ?? '', /no result t1c0/);
});

test('the shelf is bounded: the oldest go first, the newest stays', () => {
  const shelf = createShelf();
  for (let n = 0; n < 30; n++) shelf.keep(`t${n}c0`, 'x'.repeat(WHOLE_CHARS_MAX));
  assert.equal(shelf.read('t0c0'), undefined);
  assert.equal(shelf.read('t29c0')?.length, WHOLE_CHARS_MAX);
});

test('a handle is the turn and the call of its step', () => {
  assert.equal(handleOf('task/a/attempt/1/coder/round/0/turn/12/tool/3'), 't12c3');
});
