import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupFeed, withItems } from '../../../../media/panel/state/feed.ts';
import type { FeedItem } from '../../../../src/protocol/view.ts';
import { longTalk } from '../../../support/panel-states/talk.ts';

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

test('items take the places that they are told for; the others keep their identity', () => {
  const held = [note(1), said(2, 'c1'), note(4)];
  const after = withItems(held, [
    [1, said(9, 'c2')],
    [3, note(10)],
    [4, said(10, 'c1')],
  ]);
  assert.deepEqual(
    after?.map(({ kind, id }) => [kind, id]),
    [
      ['note', 1],
      ['said', 9],
      ['note', 4],
      ['note', 10],
      ['said', 10],
    ],
  );
  assert.equal(after[2], held[2]);
  assert.equal(withItems(held, []), held);
});

test('an item that does not come next shows that something is missing', () => {
  assert.equal(withItems([note(1)], [[2, note(3)]]), undefined);
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
  const more = [...feed, said(100_000, 'coder-9')];
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
