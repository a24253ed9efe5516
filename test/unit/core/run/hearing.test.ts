/** What a person tells a run is refused at once where it cannot be heard, with what to do instead; whoever is meant is found in their words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNotChanged, whyNotSaid } from '../../../../src/core/run/hearing.ts';
import { readSaid, type Change } from '../../../../src/protocol/people.ts';
import type { RunView } from '../../../../src/protocol/view.ts';
import { byHand } from '../../../support/panel-states/people.ts';
import { finished } from '../../../support/panel-states/ended.ts';

const SAID: readonly (readonly [typed: string, to: string | undefined, text: string])[] = [
  ['Use tabs', undefined, 'Use tabs'],
  ['@coder Use tabs', 'coder', 'Use tabs'],
  ['@greet.sub Use tabs\nand more', 'greet.sub', 'Use tabs\nand more'],
  ['@Coder Use tabs', 'coder', 'Use tabs'],
  ['@#api The field is `id`', '#api', 'The field is `id`'],
  ['#api The field is `id`', undefined, '#api The field is `id`'],
  ['@coder', undefined, '@coder'],
  ['mail@coder Use tabs', undefined, 'mail@coder Use tabs'],
  ['@coder. Use tabs', undefined, '@coder. Use tabs'],
];
for (const [typed, to, text] of SAID)
  test(`for whom it is: ${JSON.stringify(typed)}`, () => {
    assert.deepEqual(readSaid(typed), { text, ...(to !== undefined && { to }) });
  });

const HEARD: readonly (readonly [view: RunView, to: string, code: string | undefined])[] = [
  [byHand, 'team', undefined],
  [byHand, 'reviewer', undefined],
  [byHand, 'truncate', undefined],
  [byHand, '#style', undefined],
  [byHand, 'wizard', 'message.nobody'],
  [byHand, 'truncate.sub', 'message.nobody'],
  [finished, 'team', 'run.over'],
];
for (const [view, to, code] of HEARD)
  test(`said to ${to} of a run that is ${view.status}: ${code ?? 'heard'}`, () => {
    assert.equal(whyNotSaid(view, to)?.code, code);
  });

const open = byHand.plan ?? assert.fail('it has a plan');
const CHANGED: readonly (readonly [what: string, view: RunView, change: Change, code: string | undefined])[] =
  [
    ['limits', byHand, { do: 'settings', concurrency: 32 }, undefined],
    ['too many at work', byHand, { do: 'settings', concurrency: 33 }, 'change.invalid'],
    ['a run that is over', finished, { do: 'settings', concurrency: 2 }, 'run.over'],
    ['a task that there is not', byHand, { do: 'take', task: 'nobody' }, 'task.unknown'],
    ['a task that is theirs', byHand, { do: 'take', task: 'truncate' }, 'task.taken'],
    [
      'a task of a plan that waits',
      { ...byHand, plan: { ...open, decided: 'open' } },
      { do: 'take', task: 'truncate' },
      'task.early',
    ],
  ];
for (const [what, view, change, code] of CHANGED)
  test(`changed: ${what}: ${code ?? 'heard'}`, () => {
    assert.equal(whyNotChanged(view, change)?.code, code);
  });

test('every task that is not over can be taken, those that are cannot', () => {
  const free = { ...byHand, needs: [] };
  for (const { spec, state } of free.tasks) {
    const expected = state === 'done' || state === 'skipped' ? 'task.over' : undefined;
    assert.equal(whyNotChanged(free, { do: 'take', task: spec.id })?.code, expected, spec.id);
  }
});
