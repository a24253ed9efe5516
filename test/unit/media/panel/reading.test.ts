/** Where a person was in a run: what of it is kept, and what is read of what was kept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  frozenReading,
  NO_READING,
  thawReading,
  withFold,
  withTaskShown,
  type Reading,
} from '../../../../media/panel/state/reading.ts';

const READING: Reading = {
  filter: { text: 'slug', role: 'coder', task: 'a', agent: 'task/a/attempt/2/coder', at: { part: 'tool:7' } },
  asGraph: true,
  folds: { plan: false, 'tool:7': true },
  seen: { kind: 'row', part: 'tool:5', offset: -12.5 },
  seenBeside: { kind: 'fold', part: 'costs', offset: 3 },
};

test('what is kept is read again, but for the wish to type', () => {
  const called = { ...READING, filter: READING.filter && { ...READING.filter, called: {} } };
  assert.deepEqual(thawReading(structuredClone(frozenReading(called))), READING);
  assert.deepEqual(thawReading(frozenReading(NO_READING)), NO_READING);
});

test('of another shape nothing is taken, and of what is too much the latest', () => {
  for (const state of [undefined, null, 7, 'x', [], {}]) assert.deepEqual(thawReading(state), NO_READING);
  const places = [
    7,
    { kind: 'x', part: 'a', offset: 0 },
    { kind: 'row', part: 7, offset: 0 },
    { kind: 'row', part: 'a' },
  ];
  const bad: Readonly<Record<keyof Reading, readonly unknown[]>> = {
    filter: [7, {}, { text: 'a', role: 'b' }, { text: 'a'.repeat(501), role: '', task: '' }],
    asGraph: ['yes', 1, {}],
    folds: [7, ['x'], { a: 'yes' }, { ['a'.repeat(501)]: true }],
    seen: places,
    seenBeside: places,
  };
  for (const [part, values] of Object.entries(bad))
    for (const value of values)
      assert.deepEqual(thawReading({ ...READING, [part]: value }), {
        ...READING,
        [part]: NO_READING[part as keyof Reading],
      });
  assert.deepEqual(thawReading({ ...READING, filter: { ...READING.filter, at: 7 } }).filter?.at, undefined);
  const folds = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`tool:${at}`, true]));
  for (const { folds: kept } of [frozenReading({ ...READING, folds }), thawReading({ folds })]) {
    assert.equal(Object.keys(kept).length, 200);
    assert.ok(kept['tool:299'] === true && !('tool:99' in kept));
  }
});

test('a fold is remembered for as long as it does not stand as it begins', () => {
  assert.deepEqual(withFold({}, 'plan', false, true), { plan: false });
  assert.deepEqual(withFold({ plan: false }, 'plan', true, true), {});
  assert.deepEqual(withFold({ plan: true }, 'plan', false, true), { plan: false }, 'it begins open by now');
  const folds = { plan: false };
  assert.equal(withFold(folds, 'plan', false, true), folds);
  assert.equal(withFold(folds, 'other', true, true), folds);
});

test('a task is shown in whatever it is a sub-task of', () => {
  assert.deepEqual(withTaskShown({ plan: false }, 'a.b.c'), {
    ...{ plan: false, 'parts:a': true, 'parts:a.b': true },
    'task:a.b.c': true,
  });
});
