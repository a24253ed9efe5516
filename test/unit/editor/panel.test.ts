import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPageMirror } from '../../../src/editor/panel/mirror.ts';
import { createStreams } from '../../../src/editor/panel/streams.ts';
import { EMPTY, receive, type Held } from '../../../media/panel/state/receive.ts';
import type { PanelUpdate } from '../../../src/protocol/panel.ts';
import type { FeedItem, RunView } from '../../../src/protocol/view.ts';

const view = (lastSeq: number, feed: readonly FeedItem[], more: Partial<RunView> = {}): RunView => ({
  id: 'r',
  goal: 'g',
  mode: 'team',
  demo: false,
  status: 'working',
  startedAt: 0,
  updatedAt: 0,
  lastSeq,
  tasks: [],
  agents: [],
  needs: [],
  active: [],
  feed,
  spent: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, calls: 0, costUsd: null },
  budget: {},
  ledger: [],
  evidence: {},
  ...more,
});
const note = (id: number, text = 'n'): FeedItem => ({ kind: 'note', id, at: 0, level: 'info', text });

const taken = (held: Held, update: PanelUpdate) => receive(held, update as Parameters<typeof receive>[1]);

test('page mirror: snapshot first, then only what is new or changed', () => {
  const mirror = createPageMirror();
  const first = note(1);
  const running = note(2, 'running');
  mirror.show(view(2, [first, running]), true);
  const [delta, ...none] = mirror.show(view(4, [first, note(2, 'done'), note(4)]), true);
  assert.equal(none.length, 0);
  assert.ok(delta?.type === 'delta');
  assert.deepEqual([delta.from, delta.at], [1, 2]);
  assert.deepEqual(
    delta.feed.map(([place, { id }]) => [place, id]),
    [
      [1, 2],
      [2, 4],
    ],
  );
  assert.deepEqual(delta.by, { of: { lastSeq: { to: 4 } } });
});

test('page mirror: nothing crosses where nothing grew', () => {
  const mirror = createPageMirror();
  const same = view(1, [note(1)]);
  assert.equal(mirror.show(same, true).length, 1);
  assert.deepEqual(mirror.show(same, true), []);
  assert.equal(mirror.show(null, false).length, 1);
  assert.deepEqual(mirror.show(null, false), []);
});

test('page mirror: another run, another owner, a journal that shrank and a new page get a snapshot', () => {
  const mirror = createPageMirror();
  const type = (updates: readonly PanelUpdate[]) => updates[0]?.type;
  mirror.show(view(5, [note(1)]), true);
  assert.equal(type(mirror.show(view(6, [note(1)], { id: 'other' }), true)), 'snapshot');
  assert.equal(type(mirror.show(view(7, [note(1)], { id: 'other' }), false)), 'snapshot');
  assert.equal(type(mirror.show(view(3, [note(1)], { id: 'other' }), false)), 'snapshot');
  assert.equal(type(mirror.show(view(3, [], { id: 'other' }), false)), 'snapshot');
  mirror.reset();
  assert.equal(type(mirror.show(view(3, [], { id: 'other' }), false)), 'snapshot');
});

test('page mirror: a long run crosses in messages under 100 KB, and the page ends with all of it', () => {
  const mirror = createPageMirror();
  const feed = Array.from({ length: 400 }, (_, at) => note(at + 1, 'x'.repeat(1000)));
  const long = view(400, feed);
  const updates = mirror.show(long, true);
  for (const update of updates) assert.ok(JSON.stringify(update).length < 100_000);
  const there = updates.reduce(taken, EMPTY);
  assert.deepEqual(there.view, long);
  const grown = view(900, [
    ...feed,
    ...Array.from({ length: 300 }, (_, at) => note(at + 600, 'y'.repeat(1000))),
  ]);
  assert.deepEqual(mirror.show(grown, true).reduce(taken, there).view, grown);
});

const piece = (text: string, key = 'k', run = 'r') => ({ run, key, role: 'coder', text });
const active = (key: string) => ({ key, kind: 'model' as const, title: 't', since: 0 });
const texts = (updates: readonly PanelUpdate[]) =>
  updates.map((update) => (update.type === 'stream' ? `${update.key}:${update.text}` : '?'));

test('streams: pieces are joined, and each crosses once', () => {
  const streams = createStreams();
  streams.add(piece('a'));
  streams.add(piece('b'));
  streams.add(piece('z', 'other'));
  assert.deepEqual(texts(streams.take('r')), ['k:ab', 'other:z']);
  assert.deepEqual(streams.take('r'), []);
  streams.add(piece('c'));
  assert.deepEqual(texts(streams.take('r')), ['k:c']);
});

test('streams: a new page gets the whole reply so far', () => {
  const streams = createStreams();
  streams.add(piece('ab'));
  streams.take('r');
  streams.resend();
  streams.add(piece('c'));
  assert.deepEqual(texts(streams.take('r')), ['k:abc']);
});

test('streams: a reply is forgotten when its step ends, not before its step is known', () => {
  const streams = createStreams();
  streams.add(piece('early'));
  streams.settle(view(1, []));
  streams.settle(view(2, [], { active: [active('k')] }));
  streams.settle(view(3, [], { id: 'elsewhere' }));
  assert.deepEqual(texts(streams.take('r')), ['k:early']);
  streams.settle(view(4, []));
  streams.resend();
  assert.deepEqual(streams.take('r'), []);
});

test('streams: a reply whose step came and went between two readings is forgotten', () => {
  const streams = createStreams();
  streams.add(piece('quick'));
  streams.settle(view(1, [], { ended: ['k'] }));
  streams.resend();
  assert.deepEqual(streams.take('r'), []);
});

test('streams: other runs keep their text to themselves', () => {
  const streams = createStreams();
  streams.add(piece('a', 'k', 'other'));
  assert.deepEqual(streams.take('r'), []);
  assert.deepEqual(texts(streams.take('other')), ['k:a']);
});

test('streams: an endless reply is not kept whole', () => {
  const streams = createStreams();
  for (let at = 0; at < 30; at++) streams.add(piece('x'.repeat(10_000)));
  const [update] = streams.take('r');
  assert.ok(update?.type === 'stream' && update.text.length <= 210_000);
});
