import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY, isUpdate, receive, type Held } from '../../../../media/panel/state/receive.ts';
import type { PanelUpdate } from '../../../../src/protocol/panel.ts';
import type { FeedItem, RunView } from '../../../../src/protocol/view.ts';
import { noModel, ready } from '../../../support/panel-states/contexts.ts';
import { planOpen, working } from '../../../support/panel-states/runs.ts';

const snapshot = (view: RunView | null, owned = true): PanelUpdate & { type: 'snapshot' } => ({
  type: 'snapshot',
  view,
  owned,
});

function delta(
  view: RunView,
  fromSeq: number,
  items: readonly FeedItem[] = [],
): PanelUpdate & { type: 'delta' } {
  const { feed: _, ...rest } = structuredClone(view);
  return { type: 'delta', run: view.id, fromSeq, view: rest, feed: items };
}

const at = (view: RunView, lastSeq: number, parts: Partial<RunView> = {}): RunView => ({
  ...view,
  ...parts,
  lastSeq,
});
const open = (view: RunView): Held => receive(EMPTY, snapshot(view));
const note: FeedItem = { kind: 'note', id: 900, at: 1, level: 'info', text: 'new' };

test('a snapshot shows a run; null shows the start page', () => {
  const held = open(working);
  assert.equal(held.view?.id, working.id);
  assert.equal(receive(held, snapshot(null)).view, null);
});

test('a delta brings the new state and adds to the conversation', () => {
  const held = open(working);
  const next = receive(held, delta(at(working, 410, { status: 'reviewing' }), 400, [note]));
  assert.equal(next.view?.status, 'reviewing');
  assert.equal(next.view.lastSeq, 410);
  assert.equal(next.view.feed.length, working.feed.length + 1);
  assert.equal(next.gap, false);
});

test('parts of the view that did not change keep their identity', () => {
  const held = open(working);
  const next = receive(held, delta(at(working, 410), 400));
  assert.equal(next.view?.tasks, held.view?.tasks);
  assert.equal(next.view?.plan, held.view?.plan);
  assert.equal(next.view?.feed, held.view?.feed);
});

test('a delta that leaves something out asks for a snapshot, and later ones wait for it', () => {
  const held = receive(open(working), delta(at(working, 420), 405, [note]));
  assert.equal(held.gap, true);
  assert.equal(held.view?.lastSeq, 400);
  const after = receive(held, delta(at(working, 430), 400, [note]));
  assert.equal(after, held);
  const healed = receive(after, snapshot(at(working, 430)));
  assert.equal(healed.gap, false);
  assert.equal(healed.view?.lastSeq, 430);
});

test('a delta that a newer snapshot overtook changes nothing', () => {
  const held = open(at(working, 450, { status: 'reviewing' }));
  assert.equal(receive(held, delta(at(working, 410), 400, [note])), held);
});

test('a snapshot in parts: the rest of the conversation follows as deltas of the same sequence', () => {
  const [first, ...rest] = working.feed;
  const held = open({ ...working, feed: first ? [first] : [] });
  const whole = receive(held, delta(working, working.lastSeq, rest));
  assert.deepEqual(whole.view, working);
});

test('deltas of another run, or while no run is open, are not for this page', () => {
  const other = at({ ...working, id: 'other' }, 500);
  assert.equal(receive(open(working), delta(other, 0)).view?.id, working.id);
  const closed = receive(open(working), snapshot(null));
  assert.equal(receive(closed, delta(at(working, 410), 400)), closed);
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
    delta(working, 0),
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
    { type: 'snapshot', view: { id: 'x' } },
    { type: 'delta', view: {}, feed: [] },
    { type: 'context' },
    { type: 'context', context: {} },
    { type: 'stream', run: 'r' },
    { type: 'plan.checked' },
    { type: 'error' },
    { command: 'x' },
  ];
  for (const message of bad) assert.equal(isUpdate(message), false, JSON.stringify(message));
});
