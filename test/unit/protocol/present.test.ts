import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsOf, presentOf } from '../../../src/protocol/present.ts';
import { busy } from '../../support/panel-states/busy.ts';
import { working } from '../../support/panel-states/runs.ts';

const names = (view = busy) =>
  presentOf(view).agents.map(({ agent }) => agent.id.split('/').slice(1).join(' '));

test('who lives stands there in the order of their beginning, with what each does, waits for and took', () => {
  const { agents, steps } = presentOf(busy);
  assert.deepEqual(names(), [
    'accents attempt 2 coder',
    'truncate attempt 1 coder',
    'accents attempt 2 reviewer',
    'docs attempt 1 documenter',
  ]);
  assert.deepEqual(
    agents.map(({ wait, need, step }) => [wait?.on, need?.ask.kind, step?.kind]),
    [
      ['task/accents/attempt/2/reviewer', undefined, undefined],
      [undefined, undefined, 'tool'],
      [undefined, undefined, 'model'],
      [undefined, 'question', undefined],
    ],
  );
  assert.deepEqual(
    agents.map(({ tokens, costUsd }) => [tokens, costUsd]),
    [
      [22_200, 0.12],
      [47_800, 0.31],
      [12_900, null],
      [143_800, 0.84],
    ],
  );
  assert.deepEqual(
    steps.map(({ kind }) => kind),
    ['tests'],
    'tests are nobody’s',
  );
  assert.deepEqual(countsOf(presentOf(busy)), { working: 3, waiting: 2 });
});

test('an agent that has not begun has no row; one that works once more has one', () => {
  const idle = {
    ...busy,
    active: [],
    needs: [],
    agents: busy.agents.map((each) => ({ ...each, state: 'idle' })),
  };
  assert.deepEqual(names(idle), ['accents attempt 2 coder'], 'it waits for somebody');
  assert.equal(names({ ...idle, active: busy.active }).length, 3);
});

test('a step of an agent that nobody knows of is nobody’s, so that it is told all the same', () => {
  const { agents, steps } = presentOf({ ...busy, agents: [] });
  assert.deepEqual([agents.length, steps.length], [0, 3]);
});

test('nobody is at work in a run that rests, is over or cannot be read', () => {
  const rests = [
    { paused: { reason: 'stopped', message: '' } },
    { finished: { outcome: 'done', message: '', partial: false } },
    { unreadable: { why: 'damaged', line: 3, message: '' } },
  ] as const;
  for (const more of rests) assert.deepEqual(presentOf({ ...working, ...more }), { agents: [], steps: [] });
});

test('a call that waits for its model is under way; whoever waits for a place or the budget is not', () => {
  const [, , coder, reviewer] = busy.agents;
  const { team } = busy;
  assert.ok(coder && reviewer && team);
  const wait = (on: string) => ({ who: reviewer.id, on, why: '' });
  const waiting = (on: string) =>
    countsOf(presentOf({ ...busy, needs: [], team: { ...team, waits: [wait(on)] } })).waiting;
  assert.deepEqual(['endpoint:large', 'slot', 'budget', coder.id].map(waiting), [0, 1, 1, 1]);
});
