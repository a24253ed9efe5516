/** What the team shares, as views hold it: bounded, and what can still be done something about goes last. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_TEAM, teamAfter } from '../../../../../src/core/run/views/state-team.ts';
import type { EventData, JournalLine } from '../../../../../src/protocol/events.ts';
import type { TeamView } from '../../../../../src/protocol/team-view.ts';

type Line = {
  readonly [T in JournalLine['type']]: { type: T; key: string; data: EventData<T> };
}[JournalLine['type']];

const viewOf = (lines: readonly Line[]): TeamView =>
  lines.reduce(
    (team, line, at) => teamAfter(team, { v: 1, seq: at + 1, at: 0, sum: '', ...line } as JournalLine),
    NO_TEAM,
  );

const posted = (key: string): Line => ({
  type: 'message.posted',
  key,
  data: { from: 'qa', to: 'coder', text: key },
});
const read = (key: string): Line => ({
  type: 'message.delivered',
  key: `turn/${key}`,
  data: { agent: 'coder', messages: [key] },
});

test('of more messages than a view holds, those that were read go before those that nobody read', () => {
  const later = Array.from({ length: 1500 }, (_, n) => [posted(`m${n}`), read(`m${n}`)]).flat();
  const { messages } = viewOf([
    posted('unread'),
    posted('dead'),
    posted('missed'),
    { type: 'message.delivered', key: 'turn/2', data: { agent: 'a', messages: ['missed'] } },
    {
      type: 'message.dead',
      key: 'missed/b',
      data: { message: 'missed', why: 'Full.', tries: 0, agent: 'b' },
    },
    { type: 'message.delivered', key: 'turn/3', data: { agent: 'c', messages: ['missed'] } },
    { type: 'message.dead', key: 'dead', data: { message: 'dead', why: 'Nobody came.', tries: 0 } },
    ...later,
  ]);
  assert.equal(messages.length, 500);
  assert.deepEqual(
    messages.slice(0, 3).map(({ key, state, readBy, missed }) => [key, state, readBy, missed]),
    [
      ['unread', 'waiting', [], undefined],
      ['dead', 'dead', [], undefined],
      ['missed', 'read', ['a', 'c'], [{ agent: 'b', why: 'Full.' }]],
    ],
  );
  assert.equal(messages.at(-1)?.key, 'm1499');
});

test('what nobody reads at all is bounded too', () => {
  const { messages } = viewOf(Array.from({ length: 600 }, (_, n) => posted(`m${n}`)));
  assert.deepEqual([messages.length, messages[0]?.key], [500, 'm100']);
});
