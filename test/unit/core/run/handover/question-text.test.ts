import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hunksOf } from '../../../../../src/core/changes/hunks.ts';
import { questionText } from '../../../../../src/core/run/handover/question-text.ts';

const [hunk] = hunksOf('one\r\ntwo\r\n', 'one\r\nTWO\r\n');
const fence = (origin: string, text: string) => `<${origin}>\n${text}\n</${origin}>`;

test('a question about a change: the words, the place, the lines and the record, texts of others in a fence', () => {
  assert.ok(hunk);
  const about = { path: 'a.txt', hunk: { number: 1, hunk, units: [], isOwn: false } };
  const text = questionText('Why?', { ...about, record: ['Task greet', 'coder: louder'] }, fence);
  assert.match(text, /^Why\?\n\nIt is about a change to a\.txt at line 2\. .*not applied/u);
  assert.ok(text.includes('<the change>\n  one\n- two\n+ TWO\n</the change>'), text);
  assert.ok(
    text.endsWith('<what the record says of it>\nTask greet\n\ncoder: louder\n</what the record says of it>'),
  );
  assert.doesNotMatch(questionText('Why?', { ...about, record: [] }, fence), /record says of it>/u);
});
