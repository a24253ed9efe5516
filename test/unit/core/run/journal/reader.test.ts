import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINE_CHARS_MAX } from '../../../../../src/core/run/journal/codec.ts';
import {
  createJournalReader,
  readJournal,
  storedJournal,
} from '../../../../../src/core/run/journal/reader.ts';
import { nodeHasher } from '../../../../../src/node/hasher.ts';
import { InMemoryRunStore } from '../../../../support/in-memory/run-store.ts';
import { finished, journalOf, message, RUN, started } from '../journals.ts';

const many = Array.from({ length: 300 }, (_, index) => message(`${index} ${'ü'.repeat(100)}`));

async function stored(...args: Parameters<typeof journalOf>) {
  const store = new InMemoryRunStore();
  const journal = journalOf(...args);
  const run = await store.create(RUN, journal.text, journal.blobs);
  return { store, run, journal, source: storedJournal(store, RUN) };
}

test('a journal of several parts is read whole, long lines with their data', async () => {
  const { journal, source } = await stored([
    started(),
    message('x'.repeat(LINE_CHARS_MAX)),
    ...many,
    finished,
  ]);
  const read = await readJournal(source, nodeHasher);
  assert.deepEqual(read.lines, journal.lines);
  assert.deepEqual(read.end, journal.end);
  assert.equal(read.goodBytes, Buffer.byteLength(journal.text));
  assert.equal(read.tornBytes, 0);
});

test('the data of a long line is missing: said with the line', async () => {
  const { journal, source } = await stored([started(), message('x'.repeat(LINE_CHARS_MAX))]);
  const gone = { ...source, readBlob: () => Promise.reject(new Error('gone')) };
  await assert.rejects(readJournal(gone, nodeHasher), /data of line 2 cannot be read: gone/u);
  assert.equal(journal.blobs.size, 1);
});

test('only what is new is read again', async () => {
  const { store, run, journal } = await stored([started(), ...many]);
  const froms: number[] = [];
  const source = {
    ...storedJournal(store, RUN),
    tail: (from: number) => {
      froms.push(from);
      return store.tail(RUN, from);
    },
  };
  const reader = createJournalReader(source, nodeHasher);
  const seen: number[] = [];
  assert.equal(await reader.catchUp(({ seq }) => seen.push(seq)), true);
  const size = Buffer.byteLength(journal.text);
  froms.length = 0;
  await run.append(journalOf([finished], journal.end).text);
  await run.append('{"half');
  assert.equal(await reader.catchUp(({ seq }) => seen.push(seq)), true);
  assert.deepEqual(
    seen,
    Array.from({ length: 302 }, (_, index) => index + 1),
  );
  assert.deepEqual(
    froms.filter((from) => from < size),
    [],
  );
  assert.equal(reader.place().torn, 6);
});

test('lines that were taken back are noticed, whether or not others took their place', async () => {
  for (const replaced of [false, true]) {
    const { run, journal, source } = await stored([started()]);
    const size = Buffer.byteLength(journal.text);
    const reader = createJournalReader(source, nodeHasher);
    await run.append(journalOf([message('one')], journal.end).text);
    await reader.catchUp(() => undefined);
    await run.truncate(size);
    if (replaced) await run.append(journalOf([message('another'), message('more')], journal.end).text);
    const given: number[] = [];
    assert.equal(await reader.catchUp(({ seq }) => given.push(seq)), false);
    assert.deepEqual(given, []);
  }
});

test('a journal that was altered is damaged, not void', async () => {
  const { store, source } = await stored([started(), ...many]);
  store.edit(RUN, (text) => text.replace('"200 ', '"201 '));
  await assert.rejects(readJournal(source, nodeHasher), { code: 'journal.damaged' });
});
