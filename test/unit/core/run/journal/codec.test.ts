import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeJournal, LINE_CHARS_MAX } from '../../../../../src/core/run/journal/codec.ts';
import { nodeHasher } from '../../../../../src/node/hasher.ts';
import { finished, journalOf, message, started } from '../journals.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });
const journals = fc
  .array(anyText, { maxLength: 12 })
  .map((texts) => journalOf([started(), ...texts.map(message)]));

test('what is written reads back, whatever the texts are', () => {
  fc.assert(
    fc.property(journals, ({ text, lines, end }) => {
      const read = decodeJournal(text, nodeHasher);
      // A lone half of a surrogate pair cannot be written; JSON escapes it.
      assert.deepEqual(read.lines, lines);
      assert.deepEqual(read.end, end);
      assert.equal(read.torn, '');
    }),
  );
});

test('cut anywhere, all whole lines before the cut are read and the rest is the torn tail', () => {
  fc.assert(
    fc.property(journals, fc.nat(), ({ text, lines }, at) => {
      const cut = text.slice(0, at % (text.length + 1));
      const read = decodeJournal(cut, nodeHasher);
      const whole = cut.split('\n').length - 1;
      assert.deepEqual(read.lines, lines.slice(0, whole));
      assert.equal(read.torn, cut.slice(cut.lastIndexOf('\n') + 1));
      assert.equal(read.goodBytes, Buffer.byteLength(cut) - Buffer.byteLength(read.torn));
    }),
  );
});

test('one byte that differs is noticed, wherever it is', () => {
  fc.assert(
    fc.property(journals, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ text }, at, flip) => {
      const bytes = Buffer.from(text, 'utf8');
      const place = at % bytes.length;
      bytes[place] = bytes[place]! ^ flip;
      const altered = bytes.toString('utf8');
      let read: ReturnType<typeof decodeJournal>;
      try {
        read = decodeJournal(altered, nodeHasher);
      } catch (error) {
        assert.match(String(error), /damaged at line \d+|later Quartet/u);
        return;
      }
      // Only the last newline can go unnoticed as damage: it leaves a torn tail.
      assert.notEqual(read.torn, '');
      assert.equal(place, bytes.length - 1);
    }),
  );
});

test('a line that is missing, twice or out of order is noticed', () => {
  const lines = journalOf([started(), message('a'), message('b'), message('c')])
    .text.split('\n')
    .slice(0, -1);
  const [one, two, three, four] = lines;
  for (const wrong of [
    [one, three, four],
    [one, two, two, three],
    [one, three, two, four],
    [two, three],
  ])
    assert.throws(() => decodeJournal(wrong.map((line) => `${line ?? ''}\n`).join(''), nodeHasher), {
      code: 'journal.damaged',
    });
});

test('a later format is refused by name', () => {
  const { text } = journalOf([started()]);
  assert.throws(() => decodeJournal(text.replace('{"v":1,', '{"v":2,'), nodeHasher), {
    code: 'journal.newer',
  });
});

test('data that makes a line too long lies in a blob', () => {
  const long = 'ü'.repeat(LINE_CHARS_MAX);
  const { text, blobs, lines } = journalOf([started(), message(long), finished]);
  assert.ok(text.length < 5_000);
  assert.equal(blobs.size, 1);
  const [[name, blob] = ['', '']] = blobs;
  assert.equal(nodeHasher.sha256(blob), name);
  const read = decodeJournal(text, nodeHasher).lines;
  assert.equal(read[1]?.blob, name);
  assert.deepEqual(read[1].data, {});
  assert.deepEqual(JSON.parse(blob), lines[1]?.data);
});

test('a line just short enough keeps its data', () => {
  const { text, blobs } = journalOf([started(), message('x'.repeat(LINE_CHARS_MAX - 400))]);
  assert.equal(blobs.size, 0);
  assert.ok(text.split('\n').every((line) => line.length <= LINE_CHARS_MAX + 100));
});
