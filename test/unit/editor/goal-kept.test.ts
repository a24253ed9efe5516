/** What goes with the goal that is being written outlives the window, within limits, and without what keys are kept in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeptText } from '../../../src/core/ports.ts';
import { ATTACHED_MAX } from '../../../src/protocol/attached-text.ts';
import { createGivenStore, NOTHING, type Given } from '../../../src/editor/goal/kept.ts';
import { picture } from '../../support/pictures.ts';

const ALL: Given = {
  images: [picture()],
  files: [{ name: 'error.log', text: 'TypeError: x\n' }],
};

function inMemory() {
  const written: string[] = [];
  let now: string | undefined;
  const text: KeptText = {
    read: async (bytesMax) =>
      await Promise.resolve(now === undefined || Buffer.byteLength(now) > bytesMax ? undefined : now),
    write: async (next) => {
      await Promise.resolve();
      written.push((now = next));
    },
    remove: async () => {
      await Promise.resolve();
      now = undefined;
    },
  };
  return {
    written,
    put: (next: string) => (now = next),
    get now() {
      return now;
    },
    store: () => createGivenStore(text, async (name) => await Promise.resolve(name === '.env')),
  };
}

test('what goes with a goal: the next window has it, and nothing once the goal is run', async () => {
  const memory = inMemory();
  await memory.store().write(ALL);
  const next = memory.store();
  assert.deepEqual(await next.read(), { ...ALL, left: [] });
  await next.write(NOTHING);
  assert.equal(memory.now, undefined);
  assert.deepEqual(await memory.store().read(), { ...NOTHING, left: [] });
});

test('what goes with a goal: a window that runs its goal leaves what another one has given since', async () => {
  const memory = inMemory();
  const [first, second] = [memory.store(), memory.store()];
  await second.read();
  await first.write(ALL);
  await second.write(NOTHING);
  assert.deepEqual(await memory.store().read(), { ...ALL, left: [] });
  await second.write({ ...ALL, images: [] });
  await first.write(NOTHING);
  assert.deepEqual((await memory.store().read()).files, ALL.files);
  await second.write(NOTHING);
  assert.equal(memory.now, undefined, 'its own goes');
});

const file = (name: string): Given => ({ images: [], files: [{ name, text: name }] });
const names = async (memory: ReturnType<typeof inMemory>): Promise<readonly string[]> =>
  (await memory.store().read()).files.map(({ name }) => name);

test('what goes with a goal: of two windows that give at once, neither overwrites what the other has', async () => {
  const memory = inMemory();
  const [first, second] = [memory.store(), memory.store()];
  await first.write(file('a'));
  await second.write(file('b'));
  await first.write(file('c'));
  assert.deepEqual(await names(memory), ['b', 'c'], 'each has what it gave last');
  await second.write(NOTHING);
  assert.deepEqual(await names(memory), ['c']);
});

test('what goes with a goal: a window that is loaded anew takes what all have given, and removes no more than that', async () => {
  const memory = inMemory();
  const other = memory.store();
  await memory.store().write(file('a'));
  await other.write(file('b'));
  const again = memory.store();
  assert.deepEqual(
    (await again.read()).files.map(({ name }) => name),
    ['a', 'b'],
  );
  await other.write({ images: [], files: [...file('b').files, ...file('c').files] });
  await again.write(NOTHING);
  assert.deepEqual(await names(memory), ['b', 'c'], 'what came meanwhile stays');
  await again.write({ images: [], files: file('b').files });
  assert.deepEqual(await names(memory), ['b', 'c'], 'what both have is there once');
});

test('what goes with a goal: more than one goal may have stays for the windows that gave it', async () => {
  const memory = inMemory();
  const full = (letter: string): Given => ({
    images: [],
    files: Array.from({ length: ATTACHED_MAX }, (_, at) => ({ name: `${letter}${at}`, text: '' })),
  });
  await memory.store().write(full('a'));
  await memory.store().write(full('b'));
  const again = memory.store();
  assert.deepEqual((await again.read()).files, full('b').files, 'the latest');
  await again.write(NOTHING);
  assert.deepEqual((await memory.store().read()).files, full('a').files);
  for (const letter of 'cdefg') await memory.store().write(full(letter));
  const kept = memory.now ?? '';
  assert.deepEqual(
    ['a0', 'b0', 'c0', 'd0', 'e0', 'f0', 'g0'].filter((name) => kept.includes(`"${name}"`)),
    ['d0', 'e0', 'f0', 'g0'],
    'of so many windows the latest',
  );
});

test('what goes with a goal: what keys are kept in is not written, its name is', async () => {
  const memory = inMemory();
  await memory.store().write({ ...ALL, files: [...ALL.files, { name: '.env', text: 'TOKEN=abcdef' }] });
  assert.doesNotMatch(memory.now ?? '', /abcdef/);
  assert.deepEqual(await memory.store().read(), { ...ALL, left: ['.env'] });
});

test('what goes with a goal: of what waits to be written only the latest is', async () => {
  const memory = inMemory();
  const store = memory.store();
  const named = (name: string): Given => ({ images: [], files: [{ name, text: '' }] });
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => store.write(named(name))));
  assert.equal(memory.written.length < 4, true, memory.written.join('\n'));
  assert.deepEqual((await store.read()).files, named('d').files);
});

test('what goes with a goal: a write that fails does not stop the next', async () => {
  const written: string[] = [];
  let isFull = true;
  const store = createGivenStore(
    {
      read: () => Promise.resolve(undefined),
      write: async (text) => {
        await Promise.resolve();
        if (isFull) throw new Error('full');
        written.push(text);
      },
      remove: () => Promise.resolve(),
    },
    () => Promise.resolve(false),
  );
  await assert.rejects(store.write(ALL), /full/);
  isFull = false;
  await store.write(ALL);
  assert.equal(written.length, 1);
});

const kept = (files: readonly unknown[], more: object = {}): string =>
  JSON.stringify({ version: 2, windows: [{ window: 'a', images: [], files, left: [] }], ...more });
const BROKEN: readonly (readonly [what: string, text: string])[] = [
  ['no JSON', '{'],
  ['another version', kept(ALL.files, { version: 3 })],
  ['more than a goal may have', kept(Array(ATTACHED_MAX + 1).fill(ALL.files[0]))],
  ['a name that is a path', kept([{ name: '../x', text: '' }])],
  ['far too much', kept(ALL.files, { more: 'x'.repeat(96_000_000) })],
];
for (const [what, text] of BROKEN)
  test(`what goes with a goal: ${what} counts as nothing`, async () => {
    const memory = inMemory();
    memory.put(text);
    assert.deepEqual(await memory.store().read(), { ...NOTHING, left: [] });
  });

test('what goes with a goal: the largest that is allowed fits', async () => {
  const memory = inMemory();
  const base64 = 'A'.repeat(4_666_668);
  const most: Given = {
    images: Array.from({ length: 4 }, (_, at) => picture({ name: `${at}.png`, base64 })),
    files: Array.from({ length: 4 }, (_, at) => ({ name: `${at}.log`, text: '\u0001'.repeat(40_000) })),
  };
  await memory.store().write(most);
  assert.equal((await memory.store().read()).images.length, 4);
});
