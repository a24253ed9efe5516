import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { groupFeed, mergeFeed } from '../../../../media/panel/state/feed.ts';
import type { FeedItem } from '../../../../src/protocol/view.ts';
import { longTalk, WORKING } from '../../../support/panel-states/talk.ts';

const note = (id: number, text = `note ${id}`): FeedItem => ({
  kind: 'note',
  id,
  at: id,
  level: 'info',
  text,
});
const said = (id: number, agent: string, task = 'a'): FeedItem => ({
  kind: 'said',
  id,
  at: id,
  who: { role: 'coder', agent, task },
  text: 'x',
});

test('deltas in any cut and order make the same conversation', () => {
  const whole = WORKING.map((item) => structuredClone(item));
  fc.assert(
    fc.property(fc.shuffledSubarray(whole, { minLength: whole.length }), fc.nat(5), (shuffled, cuts) => {
      const size = Math.ceil(shuffled.length / (cuts + 1));
      let held: readonly FeedItem[] = [];
      for (let at = 0; at < shuffled.length; at += size)
        held = mergeFeed(held, shuffled.slice(at, at + size));
      assert.deepEqual(
        held,
        [...whole].sort((a, b) => a.id - b.id),
      );
    }),
  );
});

test('an item that comes again replaces the one held, in its place', () => {
  const running: FeedItem = {
    kind: 'tool',
    id: 2,
    at: 2,
    who: { role: 'coder' },
    tool: 'read_file',
    title: 'Read',
    args: '',
    state: 'running',
  };
  const held = mergeFeed([], [note(1), running, note(3)]);
  const after = mergeFeed(held, [{ ...running, state: 'ok', durationMs: 5 }]);
  assert.equal(after.length, 3);
  assert.partialDeepStrictEqual(after[1], { id: 2, state: 'ok', durationMs: 5 });
  assert.equal(after[0], held[0]);
});

test('what says the same keeps its identity, so nothing renders again', () => {
  const held = mergeFeed([], [note(1), note(2)]);
  assert.equal(mergeFeed(held, [structuredClone(note(2))]), held);
  assert.equal(mergeFeed(held, []), held);
});

test('two kinds of entries may stem from one line', () => {
  const merged = mergeFeed([note(4)], [said(4, 'c1')]);
  assert.deepEqual(
    merged.map(({ kind }) => kind),
    ['note', 'said'],
  );
});

test('what one agent says and does in a row is one group; cards stand alone', () => {
  const groups = groupFeed([
    said(1, 'c1'),
    said(2, 'c1'),
    note(3),
    said(4, 'c1'),
    said(5, 'c2'),
    said(6, 'c2', 'b'),
  ]);
  assert.deepEqual(
    groups.map(({ items }) => items.map(({ id }) => id)),
    [[1, 2], [3], [4], [5], [6]],
  );
});

test('a group is bounded, and growing the feed keeps all groups but the last', () => {
  const feed = longTalk(500);
  const groups = groupFeed(feed);
  assert.ok(groups.every(({ items }) => items.length <= 40));
  const more = mergeFeed(feed, [said(100_000, 'coder-9')]);
  const again = groupFeed(more, groups);
  assert.equal(again.length, groups.length + 1);
  assert.ok(groups.every((group, index) => group === again[index]));
});

test('a note that says again what the one before said is shown once', () => {
  const feed = [
    note(1, 'It is down.'),
    { ...note(2, 'It is down.'), level: 'error' as const },
    note(3, 'Stopped.'),
  ];
  assert.deepEqual(
    groupFeed(feed).map(({ items }) => items.map(({ id }) => id)),
    [[1], [3]],
  );
});
