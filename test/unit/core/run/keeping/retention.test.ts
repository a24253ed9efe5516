import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  sizeText,
  runsToDrop,
  unfinishedRuns,
  type KeptRun,
  type RetentionRules,
} from '../../../../../src/core/run/keeping/retention.ts';

const DAY = 24 * 3_600_000;
const MB = 1024 * 1024;
const NOW = 1_700_000_000_000;

/** A run so many days old and so many megabytes large. */
const run = (id: string, days: number, size: number, state: KeptRun['state'] = 'finished'): KeptRun => ({
  id,
  bytes: size * MB,
  updatedAt: NOW - days * DAY,
  state,
});

const CASES: readonly {
  readonly what: string;
  readonly runs: readonly KeptRun[];
  readonly rules: Omit<RetentionRules, 'now'>;
  readonly gone: Readonly<Record<string, RegExp>>;
}[] = [
  { what: 'without rules nothing goes', runs: [run('a', 1000, 1000)], rules: {}, gone: {} },
  {
    what: 'what is older goes, what is as old stays',
    runs: [run('new', 1, 1), run('limit', 30, 1), run('old', 30.5, 1), run('older', 400, 1)],
    rules: { daysMax: 30 },
    gone: { older: /^400 days old, older than 30$/u, old: /^30 days old/u },
  },
  {
    what: 'the oldest go until the rest is small enough',
    runs: [run('b', 2, 40), run('c', 3, 40), run('a', 1, 40)],
    rules: { bytesMax: 90 * MB },
    gone: { c: /^the oldest while all runs take 120 MB, more than 90 MB$/u },
  },
  {
    what: 'just as large as the limit is small enough',
    runs: [run('a', 1, 40), run('b', 2, 50)],
    rules: { bytesMax: 90 * MB },
    gone: {},
  },
  {
    what: 'what went for its age no longer counts for size',
    runs: [run('a', 1, 50), run('b', 2, 50), run('c', 90, 50)],
    rules: { daysMax: 30, bytesMax: 100 * MB },
    gone: { c: /days old/u },
  },
  {
    what: 'unfinished and owned runs stay, and still count for size',
    runs: [run('open', 90, 500, 'unfinished'), run('live', 80, 500, 'owned'), run('a', 2, 1), run('b', 1, 1)],
    rules: { daysMax: 30, bytesMax: MB },
    gone: { a: /the oldest while all runs take 1002 MB/u, b: /the oldest/u },
  },
  {
    what: 'an unfinished run that is named goes by the same rules, an owned one never does',
    runs: [run('open', 90, 1, 'unfinished'), run('young', 1, 1, 'unfinished'), run('live', 80, 1, 'owned')],
    rules: { daysMax: 30, unfinished: ['open', 'young', 'live'] },
    gone: { open: /^90 days old, older than 30; it had not finished$/u },
  },
  {
    what: 'what a person chose goes whatever its age and state, but never from under its owner',
    runs: [run('a', 1, 1), run('open', 2, 1, 'unfinished'), run('live', 3, 1, 'owned'), run('b', 4, 1)],
    rules: { chosen: ['a', 'open', 'live'] },
    gone: { open: /^chosen; it had not finished$/u, a: /^chosen$/u },
  },
  {
    what: 'what a person chose no longer counts for size',
    runs: [run('a', 1, 60), run('b', 9, 50)],
    rules: { chosen: ['a'], bytesMax: 50 * MB },
    gone: { a: /^chosen$/u },
  },
  {
    what: 'what is to be kept stays, though it is the oldest',
    runs: [run('a', 1, 60), run('shown', 90, 60)],
    rules: { daysMax: 30, bytesMax: 100 * MB, chosen: ['shown'], kept: ['shown'] },
    gone: { a: /^the oldest/u },
  },
  {
    what: 'a last line from the future is not old',
    runs: [run('a', -400, 1)],
    rules: { daysMax: 1 },
    gone: {},
  },
];

for (const { what, runs, rules, gone } of CASES) {
  test(what, () => {
    const dropped = runsToDrop(runs, { now: NOW, ...rules });
    assert.deepEqual(
      dropped.map(({ id }) => id),
      Object.keys(gone),
    );
    for (const { id, why, bytes } of dropped) {
      assert.match(why, gone[id] ?? /never/u);
      assert.equal(bytes, runs.find((each) => each.id === id)?.bytes);
    }
  });
}

test('what is not known to have finished may still go on', async () => {
  const list = async () => [
    { id: 'done', status: 'finished' },
    { id: 'bad', status: 'failed' },
    { id: 'paused', status: 'paused' },
  ];
  const store = { list: async () => ['done', 'bad', 'paused', 'damaged'] };
  const unfinished = await unfinishedRuns(store, { list } as unknown as Parameters<typeof unfinishedRuns>[1]);
  assert.deepEqual([...unfinished], ['paused', 'damaged']);
});

test('sizes for people', () => {
  assert.deepEqual([0, 1, MB / 2, 3.14 * MB, 10 * MB, 1234.6 * MB].map(sizeText), [
    '0 kB',
    '1 kB',
    '0.5 MB',
    '3.1 MB',
    '10 MB',
    '1235 MB',
  ]);
});
