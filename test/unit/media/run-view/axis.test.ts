import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { axisOf, GAP_PX, ticksOf } from '../../../../media/run-view/state/axis.ts';
import { lineAt, spendingOf, stack } from '../../../../media/run-view/state/lanes.ts';
import type { SpanView } from '../../../../src/protocol/timeline.ts';

const span = (from: number, to?: number, more: Partial<SpanView> = {}): SpanView => ({
  id: from + 1,
  kind: 'model',
  title: 't',
  lane: '/coder',
  from,
  state: to === undefined ? 'running' : 'ok',
  ...(to !== undefined && { to }),
  ...more,
});
const run = (spans: readonly SpanView[], updatedAt: number) => ({ startedAt: 0, updatedAt, spans });

test('while something always ran, the axis is true to scale', () => {
  const axis = axisOf(run([span(0, 5000), span(4000, 10_000)], 10_000), 1010);
  assert.deepEqual(
    [0, 5000, 10_000].map((at) => Math.round(axis.place(at))),
    [0, 500, 1000],
  );
  assert.deepEqual(axis.gaps, []);
});

test('a night in which nothing ran is drawn short', () => {
  const night = 8 * 3_600_000;
  const axis = axisOf(
    run([span(0, 5000), span(5000 + night, 10_000 + night)], 10_000 + night),
    1010 + GAP_PX,
  );
  assert.equal(axis.gaps.length, 1);
  assert.equal(Math.round(axis.place(5000)), 500);
  assert.equal(Math.round(axis.place(5000 + night)), 500 + GAP_PX);
});

test('what still runs reaches to the last line', () => {
  const axis = axisOf(run([span(0)], 4000), 110);
  assert.equal(Math.round(axis.place(4000)), 100);
});

test('places rise with moments, and a moment is found at its place', () => {
  const spans = fc.array(fc.tuple(fc.nat(100_000), fc.nat(9000)), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(spans, (pairs) => {
      const all = pairs.map(([from, lasts]) => span(from, from + lasts));
      const end = Math.max(...all.map(({ to = 0 }) => to), 1);
      const axis = axisOf(run(all, end), 2000);
      const places = Array.from({ length: 50 }, (_, n) => axis.place((end * n) / 49));
      assert.ok(places.every((x, n) => x >= (places[n - 1] ?? 0) && x <= 2000));
      for (const { from } of all)
        assert.ok(Math.abs(axis.place(axis.moment(axis.place(from))) - axis.place(from)) < 1);
    }),
  );
});

test('times at the axis do not touch', () => {
  const timeline = run([span(0, 5000), span(95_000, 130_000)], 130_000);
  const axis = axisOf(timeline, 800);
  const places = ticksOf(axis, timeline).map((at) => axis.place(at));
  assert.ok(places.length > 3);
  assert.ok(places.slice(1).every((x, n) => x - (places[n] ?? 0) >= 90));
});

test('steps at the same time stand below each other, five at most', () => {
  const placed = stack([
    span(0, 10),
    span(5, 15),
    span(10, 20),
    ...[1, 2, 3, 4, 6].map((at) => span(at, 100)),
  ]);
  const levels = placed.map(({ span: { from }, level }) => `${from}:${level}`);
  assert.deepEqual(levels, ['0:0', '1:1', '2:2', '3:3', '4:4', '5:4', '6:4', '10:0']);
});

test('money is counted where every price is known, else tokens', () => {
  const paid = (costUsd: number | null) => span(0, 5, { tokens: 10, costUsd });
  assert.deepEqual(spendingOf([paid(1), paid(2)]), {
    unit: 'cost',
    points: [
      { at: 5, sum: 1 },
      { at: 5, sum: 3 },
    ],
  });
  assert.equal(spendingOf([paid(1), paid(null)]).unit, 'tokens');
  assert.equal(spendingOf([paid(0)]).unit, 'tokens');
});

test('the line at a moment is the last one written until then', () => {
  const offsets = [0, 10, 10, 30];
  assert.deepEqual(
    [-5, 0, 9, 10, 29, 30, 99].map((at) => lineAt(offsets, at)),
    [1, 1, 1, 3, 3, 4, 4],
  );
});
