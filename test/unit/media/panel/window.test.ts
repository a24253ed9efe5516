/** Which rows of a long list are in the page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeedItem } from '../../../../src/protocol/view.ts';
import {
  extentOf,
  likelyHeightOf,
  rangeFor,
  stretches,
  tailOf,
  type Rows,
} from '../../../../media/panel/state/window.ts';

const even = (count: number, height = 50): Rows => ({ count, height: () => height });
const NOTHING = { start: 0, end: 0 };

test('what is in sight and a margin around it is drawn', () => {
  const rows = even(10_000);
  const { start, end } = rangeFor(rows, { top: 100_000, bottom: 100_800 }, NOTHING);
  assert.ok(start * 50 <= 100_000 - 600 && end * 50 >= 100_800 + 600, `${start} ${end}`);
  assert.ok(end - start < 100, 'no more than needed');
});

test('small movements draw nothing anew; large ones do, and so does a row that grew out of measure', () => {
  const rows = even(10_000);
  const drawn = rangeFor(rows, { top: 100_000, bottom: 100_800 }, NOTHING);
  assert.equal(rangeFor(rows, { top: 100_200, bottom: 101_000 }, drawn), drawn);
  assert.notEqual(rangeFor(rows, { top: 101_000, bottom: 101_800 }, drawn), drawn);
  assert.notEqual(rangeFor(rows, { top: 0, bottom: 800 }, drawn), drawn);
  const flat = { ...even(10_000, 5) };
  assert.notEqual(rangeFor(flat, { top: 10_000, bottom: 10_800 }, { start: 2000, end: 2040 }), drawn);
});

test('the ends: before the first, after the last, and lists of one or none', () => {
  const rows = even(10);
  assert.deepEqual(rangeFor(rows, { top: -5000, bottom: -4200 }, NOTHING), { start: 0, end: 1 });
  assert.deepEqual(rangeFor(rows, { top: 90_000, bottom: 90_800 }, NOTHING), { start: 9, end: 10 });
  assert.deepEqual(rangeFor(even(0), { top: 0, bottom: 800 }, NOTHING), NOTHING);
  assert.deepEqual(rangeFor(even(1, 100_000), { top: 50_000, bottom: 50_800 }, NOTHING), {
    start: 0,
    end: 1,
  });
  assert.deepEqual(tailOf(3), { start: 0, end: 3 });
  assert.deepEqual(tailOf(1000), { start: 970, end: 1000 });
});

test('every row is in the page, or in the space that stands for it', () => {
  const rows: Rows = { count: 100, height: (index) => 10 + (index % 7) };
  const whole = extentOf(rows, { start: 0, end: 100 });
  for (const kept of [undefined, 3, 45, 99]) {
    const shown = stretches({ start: 40, end: 60 }, kept);
    const inside = shown.reduce((sum, range) => sum + extentOf(rows, range), 0);
    const spaces = [
      ...shown.map(({ start }, at) => [shown[at - 1]?.end ?? 0, start]),
      [shown.at(-1)?.end ?? 0, 100],
    ];
    const outside = spaces.reduce((sum, [start = 0, end = 0]) => sum + extentOf(rows, { start, end }), 0);
    assert.equal(inside + outside, whole, String(kept));
    assert.ok(kept === undefined || shown.some(({ start, end }) => kept >= start && kept < end));
  }
});

test('what was never drawn is taken for as high as its text lets expect', () => {
  const said = (text: string): FeedItem => ({ kind: 'said', id: 1, at: 1, who: { role: 'coder' }, text });
  const of = (...items: readonly FeedItem[]) => likelyHeightOf({ key: 'x', items });
  assert.ok(of(said('x'.repeat(1000))) > of(said('x')) * 4);
  const future = { kind: 'hologram', id: 1, at: 1 } as unknown as FeedItem;
  assert.ok(Number.isFinite(of(future)));
});
