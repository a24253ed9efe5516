/** Only what changed crosses to a run view, whatever moments are looked at, and nothing to one that is hidden. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EMPTY, isUpdate, receive, type Held } from '../../../media/run-view/state/receive.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import type { RunViewUpdate } from '../../../src/protocol/run-view.ts';
import {
  growingRun,
  largeRun,
  lifeOf,
  noteEvent,
  planOf,
  storyOf,
} from '../../support/panel-states/large.ts';
import { shownOf, talkOf } from '../../support/panel-states/timelines.ts';

/** What the page holds after what crossed as it does: as text. */
function crossed(held: Held, update: RunViewUpdate): Held {
  const arrived: unknown = JSON.parse(JSON.stringify(update));
  assert.ok(isUpdate(arrived) && arrived.type !== 'error');
  return receive(held, arrived);
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const bytesOf = (updates: readonly RunViewUpdate[]): number =>
  updates.reduce((sum, update) => sum + Buffer.byteLength(JSON.stringify(update)), 0);

const PLAN = planOf(3);
const STORY: readonly RunEvent[] = storyOf(PLAN);
const EVENTS: readonly RunEvent[] = [...STORY, ...PLAN.tasks.flatMap(({ id }) => lifeOf(id))];

/** What happens to a run view; a moment is told as a share of the lines that there are. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }).map((share) => ({ share })) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom(...EVENTS), { minLength: 1, maxLength: 6 })
      .map((events) => ({ events })),
  },
  { weight: 1, arbitrary: fc.constantFrom('lost', 'hidden', 'reloaded') },
);

test('any order of moments, growth, hiding and loss leads to what the whole would show', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 30 }), async (all) => {
      const run = growingRun();
      run.grow(...STORY);
      const talk = talkOf(() => run.lines);
      let seq: number | undefined;
      let held = EMPTY;
      const load = async (): Promise<void> => {
        await talk.ready();
        held = talk.taken().reduce(crossed, held);
      };
      const goTo = (line: number): Promise<void> => talk.goTo((seq = line));
      await load();
      for (const each of all) {
        if (each === 'lost') await goTo(1 + (run.lines.length % 5));
        else if (each === 'reloaded') held = EMPTY;
        else if (each === 'hidden') talk.hidden();
        else if ('share' in each) await goTo(1 + Math.floor(each.share * (run.lines.length - 1)));
        else {
          run.grow(...each.events);
          await talk.grown();
        }
        const updates = talk.taken();
        if (each === 'hidden' || each === 'reloaded') await load();
        else if (each !== 'lost') held = updates.reduce(crossed, held);
        if (held.gap) await load();
      }
      run.grow(noteEvent);
      await talk.grown();
      held = talk.taken().reduce(crossed, held);
      if (held.gap) await load();
      assert.deepEqual(held.shown, plain(shownOf(run.lines, seq)));
    }),
    { numRuns: 60 },
  );
});

test('a hidden run view is sent nothing and reads nothing; shown again it is sent the whole as it is then', async () => {
  const run = growingRun();
  run.grow(...STORY);
  let reads = 0;
  const talk = talkOf(() => {
    reads += 1;
    return run.lines;
  });
  await talk.ready();
  await talk.goTo(5);
  const before = talk.taken();
  talk.hidden();
  // It was asked for before the page went.
  await talk.goTo(7);
  const asked = reads;
  run.grow(noteEvent);
  await talk.grown();
  talk.fail('Nobody reads it.');
  assert.deepEqual(talk.taken(), []);
  assert.equal(reads, asked);
  await talk.ready();
  const after = talk.taken();
  assert.deepEqual(
    after.map(({ type }) => type),
    ['whole'],
  );
  assert.deepEqual(after.reduce(crossed, before.reduce(crossed, EMPTY)).shown, plain(shownOf(run.lines, 7)));
});

test('a page that is loaded anew gets the whole; one that holds it gets nothing for what is as it was', async () => {
  const run = largeRun();
  const talk = talkOf(() => run.lines);
  await talk.ready();
  await talk.goTo(run.lines.length);
  talk.taken();
  await talk.grown();
  await talk.goTo(run.lines.length);
  assert.deepEqual(talk.taken(), []);
  await talk.ready();
  assert.deepEqual(talk.taken().reduce(crossed, EMPTY).shown, plain(shownOf(run.lines, run.lines.length)));
});

test('of a run of fifty tasks only what is drawn crosses, and of its next moments only what changed', async () => {
  const run = largeRun();
  const talk = talkOf(() => run.lines);
  await talk.ready();
  await talk.goTo(run.lines.length);
  const whole = bytesOf(talk.taken());
  assert.ok(whole > 50_000, 'the run is large');
  assert.ok(whole <= 105_000, `${whole} bytes for the whole`);
  for (const event of [noteEvent, ...lifeOf('part-20')]) {
    run.grow(event);
    await talk.grown();
    await talk.goTo(run.lines.length);
    const updates = talk.taken();
    assert.deepEqual(
      updates.map(({ type }) => type),
      ['delta', 'delta'],
    );
    assert.ok(bytesOf(updates) <= 1000, `${bytesOf(updates)} bytes for ${event.type}`);
  }
});

/** What numbers and names a difference beside what it tells. */
const ENVELOPE_BYTES = 150;

test('any other moment of a run of fifty tasks costs no more than that moment, told whole', async () => {
  const run = largeRun();
  const { length } = run.lines;
  const talk = talkOf(() => run.lines);
  await talk.ready();
  talk.taken();
  for (const seq of [length, 1, 20, length, Math.round(length / 2), 20, length - 1, length - 2, length]) {
    await talk.goTo(seq);
    const bytes = bytesOf(talk.taken());
    const most = Buffer.byteLength(JSON.stringify(shownOf(run.lines, seq).moment)) + ENVELOPE_BYTES;
    assert.ok(bytes <= most, `${bytes} bytes for the moment of line ${seq}, which has ${most}`);
  }
});

test('long words and messages cross in short', async () => {
  const run = growingRun();
  const text = 'So it is. '.repeat(2000);
  run.grow(...STORY, { type: 'message.posted', key: 'm', data: { from: 'coder', to: 'qa', text } });
  const talk = talkOf(() => run.lines);
  await talk.ready();
  await talk.goTo(run.lines.length);
  assert.ok(bytesOf(talk.taken()) < text.length / 2);
});
