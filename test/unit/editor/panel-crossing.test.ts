/** Only what changed crosses to the panel, and a page that followed shows what one shows that has just come. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EMPTY, isUpdate, receive, type Held } from '../../../media/panel/state/receive.ts';
import { createPageMirror } from '../../../src/editor/panel/mirror.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import type { PanelUpdate } from '../../../src/protocol/panel.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import {
  growingRun,
  largeRun,
  lifeOf,
  noteEvent,
  planOf,
  storyOf,
} from '../../support/panel-states/large.ts';

/** What the page holds after what crossed as it does: as text. */
function crossed(held: Held, update: PanelUpdate): Held {
  const arrived: unknown = JSON.parse(JSON.stringify(update));
  assert.ok(isUpdate(arrived));
  return receive(held, arrived as Parameters<typeof receive>[1]);
}

/** The view of a page that has just come. */
const freshly = (view: RunView): Held['view'] =>
  createPageMirror().show(view, true).reduce(crossed, EMPTY).view;

const bytesOf = (updates: readonly PanelUpdate[]): number => Buffer.byteLength(JSON.stringify(updates));

const PLAN = planOf(3);
const EVENTS: readonly RunEvent[] = [...storyOf(PLAN), ...PLAN.tasks.flatMap(({ id }) => lifeOf(id))];
const event = fc.constantFrom(...EVENTS);
/** What is read of the journal at once, in any order, and whether a message about it goes astray. */
const reading = fc.record({ events: fc.array(event, { maxLength: 6 }), isLost: fc.boolean() });
const mostlyKept = reading.map(({ events, isLost }) => ({ events, isLost: isLost && events.length === 5 }));

test('a page that followed a run in any order of its events holds what a new page is shown', () => {
  fc.assert(
    fc.property(fc.array(mostlyKept, { minLength: 1, maxLength: 30 }), (readings) => {
      const run = growingRun();
      const mirror = createPageMirror();
      let held = mirror.show(run.view, true).reduce(crossed, EMPTY);
      for (const { events, isLost } of readings) {
        const updates = mirror.show(run.grow(...events), true);
        held = updates.slice(isLost ? 1 : 0).reduce(crossed, held);
      }
      held = mirror.show(run.grow(noteEvent), true).reduce(crossed, held);
      if (held.gap) {
        // It asks anew.
        mirror.reset();
        held = mirror.show(run.view, true).reduce(crossed, held);
      }
      assert.equal(held.gap, false);
      assert.deepEqual(held.view, freshly(run.view));
    }),
    { numRuns: 150 },
  );
});

test('a message that goes astray is noticed, also one of a run whose record did not grow', () => {
  const run = largeRun();
  const mirror = createPageMirror();
  const held = mirror.show(run.view, true).reduce(crossed, EMPTY);
  mirror.show({ ...run.view, status: 'paused', active: [] }, true);
  const next = mirror.show(run.grow(noteEvent), true).reduce(crossed, held);
  assert.equal(next.gap, true);
  assert.equal(next.view, held.view);
});

test('a record that is read again from its start is nothing new', () => {
  const run = largeRun();
  const mirror = createPageMirror();
  mirror.show(run.view, true);
  assert.deepEqual(mirror.show(largeRun().view, true), []);
});

/** What happens in a run of fifty tasks and 150 agents, and the most bytes that may cross for it. */
const MOST: readonly (readonly [what: string, events: readonly RunEvent[], bytes: number])[] = [
  ['a line of the conversation', [noteEvent], 400],
  [
    'a step that begins and ends',
    lifeOf('part-20').filter(({ key }) => key?.endsWith('coder/round/0/turn/1/model')),
    1500,
  ],
  [
    'a task that goes on',
    [{ type: 'task.changed', data: { task: 'part-20', state: 'testing', attempt: 2 } }],
    400,
  ],
  ['a fact in place of another', storyOf(planOf(50)).filter(({ type }) => type === 'fact.noted'), 800],
  ['the whole life of a task', lifeOf('part-20'), 6000],
];

for (const [what, events, bytes] of MOST)
  test(`of a run of fifty tasks only what changed crosses: ${what}`, () => {
    const run = largeRun();
    const mirror = createPageMirror();
    assert.ok(bytesOf(mirror.show(run.view, true)) > 100_000, 'the run is large');
    const updates = mirror.show(run.grow(...events), true);
    assert.deepEqual(
      updates.map(({ type }) => type),
      ['delta'],
    );
    assert.ok(bytesOf(updates) <= bytes, `${bytesOf(updates)} bytes`);
  });

test('a long goal crosses once', () => {
  const run = growingRun(`Review it\n\n${'+ a line of a diff\n'.repeat(2000)}`);
  const mirror = createPageMirror();
  assert.ok(bytesOf(mirror.show(run.view, true)) > 36_000);
  assert.ok(bytesOf(mirror.show(run.grow(noteEvent), true)) < 400);
});
