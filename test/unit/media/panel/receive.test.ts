import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY, isUpdate, receive, type Held } from '../../../../media/panel/state/receive.ts';
import { difference } from '../../../../src/protocol/difference.ts';
import type { PanelUpdate, PlacedItem } from '../../../../src/protocol/panel.ts';
import type { FeedItem, RunView } from '../../../../src/protocol/view.ts';
import { noModel, ready } from '../../../support/panel-states/contexts.ts';
import { planOpen, working } from '../../../support/panel-states/runs.ts';

const snapshot = (view: RunView | null, owned = true): PanelUpdate & { type: 'snapshot' } => ({
  ...{ type: 'snapshot', at: view?.lastSeq ?? 0 },
  ...{ view, owned },
});

function delta(
  former: RunView,
  view: RunView,
  feed: readonly PlacedItem[] = [],
): PanelUpdate & { type: 'delta' } {
  const by = difference({ ...former, feed: [] }, { ...view, feed: [] });
  return {
    ...{ type: 'delta', run: view.id, from: former.lastSeq, at: view.lastSeq },
    ...(by && { by: structuredClone(by) }),
    feed,
  };
}

const at = (view: RunView, lastSeq: number, parts: Partial<RunView> = {}): RunView => ({
  ...view,
  ...parts,
  lastSeq,
});
const open = (view: RunView): Held => receive(EMPTY, snapshot(view));
const note: FeedItem = { kind: 'note', id: 900, at: 1, level: 'info', text: 'new' };
const ADDED: PlacedItem = [working.feed.length, note];

test('a snapshot shows a run; null shows the start page', () => {
  const held = open(working);
  assert.equal(held.view?.id, working.id);
  assert.equal(receive(held, snapshot(null)).view, null);
});

test('a delta brings the new state and adds to the conversation', () => {
  const held = open(working);
  const next = receive(held, delta(working, at(working, 410, { status: 'reviewing' }), [ADDED]));
  assert.equal(next.view?.status, 'reviewing');
  assert.equal(next.view.lastSeq, 410);
  assert.equal(next.view.feed.length, working.feed.length + 1);
  assert.equal(next.gap, false);
});

test('parts of the view that did not change keep their identity', () => {
  const held = open(working);
  const next = receive(held, delta(working, at(working, 410)));
  assert.equal(next.view?.tasks, held.view?.tasks);
  assert.equal(next.view?.plan, held.view?.plan);
  assert.equal(next.view?.feed, held.view?.feed);
});

test('a delta that leaves something out asks for a snapshot, and later ones wait for it', () => {
  const held = receive(open(working), delta(at(working, 405), at(working, 420), [ADDED]));
  assert.equal(held.gap, true);
  assert.equal(held.view?.lastSeq, 400);
  const after = receive(held, delta(working, at(working, 430), [ADDED]));
  assert.equal(after, held);
  const healed = receive(after, snapshot(at(working, 430)));
  assert.equal(healed.gap, false);
  assert.equal(healed.view?.lastSeq, 430);
});

test('a delta that is none of what is held asks for a snapshot, and changes nothing', () => {
  const held = open(working);
  for (const by of [{ of: { tasks: { rows: [{ from: 99, count: 1 }] } } }, { of: { tasks: { to: 'x' } } }])
    assert.deepEqual(receive(held, { ...delta(working, at(working, 410)), by }), { ...held, gap: true });
  const far: PlacedItem = [working.feed.length + 1, note];
  assert.deepEqual(receive(held, delta(working, at(working, 410), [far])), { ...held, gap: true });
});

test('a delta that a newer snapshot overtook changes nothing', () => {
  const held = open(at(working, 450, { status: 'reviewing' }));
  assert.equal(receive(held, delta(working, at(working, 410), [ADDED])), held);
});

test('a snapshot in parts: the rest of the conversation follows as deltas of the same sequence', () => {
  const [first, ...rest] = working.feed;
  const held = open({ ...working, feed: first ? [first] : [] });
  const placed = rest.map((item, at): PlacedItem => [at + 1, item]);
  const whole = receive(held, delta(working, working, placed));
  assert.deepEqual(whole.view, working);
});

test('deltas of another run, or while no run is open, are not for this page', () => {
  const other = at({ ...working, id: 'other' }, 500);
  assert.equal(receive(open(working), delta({ ...other, lastSeq: 0 }, other)).view?.id, working.id);
  const closed = receive(open(working), snapshot(null));
  assert.equal(receive(closed, delta(working, at(working, 410))), closed);
});

test('context, checks and errors are kept beside the run', () => {
  const held = [
    { type: 'context', context: ready } as const,
    { type: 'plan.checked', token: 3, problems: ['p'] } as const,
    { type: 'error', text: 'e' } as const,
  ].reduce<Held>(receive, open(planOpen));
  assert.equal(held.context?.model, ready.model);
  assert.deepEqual(held.checked, { token: 3, problems: ['p'] });
  assert.equal(held.error, 'e');
  assert.equal(held.view?.id, planOpen.id);
});

test('messages of another shape are no updates', () => {
  const good: readonly PanelUpdate[] = [
    { type: 'context', context: noModel },
    snapshot(null),
    snapshot(working),
    delta(working, working),
    delta(working, at(working, 410)),
    { type: 'stream', run: 'r', key: 'k', role: 'coder', text: 'x' },
    { type: 'plan.checked', token: 1, problems: [] },
    { type: 'error', text: 'x' },
  ];
  for (const message of good) assert.ok(isUpdate(structuredClone(message)), message.type);
  const bad: readonly unknown[] = [
    null,
    'snapshot',
    [],
    {},
    { type: 'constructor' },
    { type: 'snapshot' },
    { type: 'snapshot', at: 1, view: { id: 'x' } },
    { type: 'snapshot', view: null },
    { type: 'delta', run: 'r', from: 1, feed: [] },
    { type: 'delta', run: 'r', from: 1, at: 2, by: {}, feed: [] },
    { type: 'delta', run: 'r', from: 1, at: 2, feed: [note] },
    { type: 'context' },
    { type: 'context', context: {} },
    { type: 'stream', run: 'r' },
    { type: 'plan.checked' },
    { type: 'error' },
    { command: 'x' },
  ];
  for (const message of bad) assert.equal(isUpdate(message), false, JSON.stringify(message));
});
