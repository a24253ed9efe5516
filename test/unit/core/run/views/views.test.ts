import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRunViews } from '../../../../../src/core/run/views/views.ts';
import { nodeHasher } from '../../../../../src/node/hasher.ts';
import type { RunEvent } from '../../../../../src/protocol/events.ts';
import type { RunView, Unreadable } from '../../../../../src/protocol/view.ts';
import { until } from '../../../../support/contract/run-store.ts';
import { InMemoryRunStore } from '../../../../support/in-memory/run-store.ts';
import { finished, journalOf, message, paused, RUN, started } from '../journals.ts';

/** Counts the bytes that views read. */
class Counting extends InMemoryRunStore {
  bytes = 0;
  override async tail(runId: string, from: number) {
    const part = await super.tail(runId, from);
    this.bytes += Buffer.byteLength(part.lines);
    return part;
  }
}

async function world(...args: Parameters<typeof journalOf>) {
  const store = new Counting();
  const journal = journalOf(...args);
  const run = await store.create(RUN, journal.text, journal.blobs);
  const views = () => createRunViews(store, nodeHasher);
  return { store, run, journal, views, size: Buffer.byteLength(journal.text) };
}
const many = Array.from({ length: 100 }, (_, index) => message(`${index}`));

test('a follower sees each growth and reads only that', async () => {
  const { store, run, journal, views, size } = await world([started(), ...many]);
  const seen: RunView[] = [];
  const following = views().follow(RUN, (view) => seen.push(view));
  await until('the first view', () => seen.length === 1);
  assert.equal(store.bytes, size);
  const more = journalOf([message('new')], journal.end);
  await run.append(more.text);
  await until('the second view', () => seen.length === 2);
  assert.equal(store.bytes, size + Buffer.byteLength(more.text));
  assert.equal(seen[1]?.feed.length, 101);
  assert.equal(seen[0]?.feed.length, 100);
  following.dispose();
});

test('a follower whose journal lost lines that were not durable begins anew', async () => {
  const { run, journal, views, size } = await world([started(), message('kept')]);
  const seen: RunView[] = [];
  const following = views().follow(RUN, (view) => seen.push(view));
  await run.append(journalOf([message('lost')], journal.end).text);
  await until('the lost line', () => seen.at(-1)?.feed.length === 2);
  await run.truncate(size);
  await until('the loss', () => seen.at(-1)?.feed.length === 1);
  await run.append(journalOf([message('other'), message('more')], journal.end).text);
  await until('the other lines', () => seen.at(-1)?.feed.length === 3);
  following.dispose();
});

test('views of one run at the same time agree', async () => {
  const { views } = await world([started(), ...many]);
  const own = views();
  const all = await Promise.all(Array.from({ length: 8 }, () => own.view(RUN)));
  for (const view of all) assert.equal(view.feed.length, 100);
});

test('a damaged run is listed and shown up to the damage, says what is wrong, and is well again once it is', async () => {
  const { store, run, views } = await world([started(), message('whole'), message('text'), finished]);
  await run.close();
  const own = views();
  store.edit(RUN, (text) => text.replace('"text"}', '"test"}'));
  for (const each of [own, own, views()]) {
    const view = await each.view(RUN);
    assert.equal(view.status, 'unreadable');
    assert.equal(view.feed.length, 1);
    assert.deepEqual([view.unreadable?.why, view.unreadable?.line], ['damaged', 3]);
    const [entry] = await each.list();
    assert.deepEqual([entry?.status, entry?.goal, entry?.unreadable?.line], ['unreadable', 'a goal', 3]);
  }
  assert.equal(await store.readSnapshot(RUN), undefined);
  store.edit(RUN, (text) => text.replace('"test"}', '"text"}'));
  assert.equal((await own.view(RUN)).status, 'finished');
  assert.equal((await own.list())[0]?.status, 'finished');
});

const altered: readonly (readonly [string, (text: string) => string, Partial<Unreadable>, string])[] = [
  [
    'an altered first line',
    (text) => text.replace('a goal', 'a gaol'),
    { why: 'damaged', line: 1 },
    'a gaol',
  ],
  ['nothing in it', () => '', { why: 'damaged', line: 1 }, RUN],
  ['no text at all', (text) => text.replace(/./gsu, (at) => (at === '\n' ? at : '\0')), { line: 1 }, RUN],
  ['a later format', (text) => text.replaceAll('{"v":1,', '{"v":99,'), { why: 'newer', line: 1 }, 'a goal'],
  [
    'a later format from the second line on',
    (text) => text.replace('\n{"v":1,', '\n{"v":2,'),
    { why: 'newer', line: 2 },
    'a goal',
  ],
  ['a line twice', (text) => text + (text.split('\n').at(-2) ?? '') + '\n', { line: 4 }, 'a goal'],
  ['lines in another order', (text) => swapped(text), { line: 2 }, 'a goal'],
];

function swapped(text: string): string {
  const [first, second, third, ...rest] = text.split('\n');
  return [first, third, second, ...rest].join('\n');
}

for (const [what, alter, expected, goal] of altered)
  test(`a journal with ${what} is listed, shown and told`, async () => {
    const { store, run, views } = await world([started(), message('one'), message('two')]);
    await run.close();
    store.edit(RUN, alter);
    const [entry] = await views().list();
    assert.equal(entry?.goal, goal);
    assert.equal(entry.status, 'unreadable');
    const view = await views().view(RUN);
    assert.equal(view.goal, goal);
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(view.unreadable?.[name as keyof Unreadable], value);
      assert.equal(entry.unreadable?.[name as keyof Unreadable], value);
    }
    assert.deepEqual([view.needs, view.active], [[], []]);
  });

test('a torn last line is no damage: what came before is the run', async () => {
  const { run, views } = await world([started(), message('whole')]);
  await run.append('{"v":1,"seq":3,"at"');
  await run.close();
  const view = await views().view(RUN);
  assert.deepEqual([view.status, view.feed.length, view.unreadable], ['paused', 1, undefined]);
  assert.equal((await views().list())[0]?.status, 'paused');
});

test('damage that comes while a run is followed is told, and the run is shown as it stood', async () => {
  const { run, journal, views } = await world([started(), message('whole')]);
  const seen: RunView[] = [];
  const following = views().follow(RUN, (view) => seen.push(view));
  await until('the first view', () => seen.length === 1);
  await run.append(journalOf([message('lost')], journal.end).text.replace('lost', 'last'));
  await until('the damage', () => seen.at(-1)?.status === 'unreadable');
  assert.deepEqual([seen.at(-1)?.feed.length, seen.at(-1)?.unreadable?.line], [1, 3]);
  following.dispose();
});

test('a run of a later engine is listed and shown, with how much of it is not known here', async () => {
  const begun = started();
  assert.ok(begun.type === 'run.started');
  const later: RunEvent = { ...begun, data: { ...begun.data, engine: '99' } };
  const telepathy = { type: 'telepathy.began', data: { to: 'all' } } as unknown as RunEvent;
  const odd = { type: 'message.posted', data: { words: ['other', 'shape'] } } as unknown as RunEvent;
  const { run, views } = await world([later, message('one'), telepathy, odd, message('two'), paused]);
  await run.close();
  for (const each of [views(), views()]) {
    const view = await each.view(RUN);
    assert.deepEqual([view.status, view.later, view.feed.length], ['paused', true, 3]);
    assert.deepEqual(view.strange, { count: 2, first: 3 });
    const [entry] = await each.list();
    assert.deepEqual([entry?.status, entry?.later], ['paused', true]);
  }
});

test('a list reads a run once, in this process and in later ones', async () => {
  const { store, run, views, size } = await world([started(), ...many, finished]);
  await run.close();
  const first = views();
  const [entry] = await first.list();
  assert.deepEqual(
    { ...entry, startedAt: 0, updatedAt: 0 },
    {
      id: RUN,
      goal: 'a goal',
      mode: 'team',
      demo: false,
      status: 'finished',
      startedAt: 0,
      updatedAt: 0,
      origin: 'editor',
    },
  );
  assert.equal(store.bytes, size);
  const end = 75;
  assert.deepEqual(await first.list(), [entry]);
  assert.deepEqual(await views().list(), [entry]);
  assert.ok(store.bytes <= size + 2 * end, `${store.bytes} bytes were read`);
});

test('a run that grows is listed as it is, and only its growth is read', async () => {
  const { store, run, journal, views, size } = await world([started(), ...many]);
  const own = views();
  assert.equal((await own.list())[0]?.status, 'planning');
  const more = journalOf([paused], journal.end);
  await run.append(more.text);
  assert.equal((await own.list())[0]?.status, 'paused');
  assert.equal(store.bytes, size + Buffer.byteLength(more.text));
});

test('a run that nobody owns is paused, whatever its last line says', async () => {
  const { run, views } = await world([started(), message('x')]);
  const own = views();
  await run.close();
  for (const each of [own, views(), own]) {
    assert.equal((await each.list())[0]?.status, 'paused');
    assert.equal((await each.view(RUN)).paused?.reason, 'closed');
  }
});

test('a snapshot that is missing, garbage, altered or of another end changes nothing', async () => {
  const { store, run, journal, views } = await world([started('right'), message('x')]);
  await run.close();
  await views().list();
  const good = (await store.readSnapshot(RUN)) ?? '';
  assert.match(good, /"right"/u);
  const wrongs = [
    '',
    'null',
    '{"v":1}',
    good.slice(0, 40),
    good.replace('right', 'wrong'),
    good.replace('"v":1', '"v":2'),
  ];
  for (const wrong of wrongs) {
    await store.writeSnapshot(RUN, wrong);
    assert.equal((await views().list())[0]?.goal, 'right');
  }
  const other = journalOf([started('other'), message('x')]);
  assert.equal(other.text.length, journal.text.length);
  store.edit(RUN, () => other.text);
  await store.writeSnapshot(RUN, good);
  assert.equal((await views().list())[0]?.goal, 'other');
});
