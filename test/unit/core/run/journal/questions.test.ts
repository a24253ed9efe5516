/** What a person says in quick succession is heard one after the other, and nothing of it is taken for an answer that nobody wants. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHANGE, createQuestions } from '../../../../../src/core/run/journal/questions.ts';

function asked() {
  const heard: string[] = [];
  const written: string[] = [];
  const taken: string[] = [];
  const questions = createQuestions({
    write: async ({ type }) => void written.push(type),
    answered: (name, value) => heard.push(`${name} ${String(value)}`),
    failed: (error) => assert.fail(String(error)),
  });
  const deliver = (name: string, value: string) =>
    questions.deliver({ name, value, from: 'person' }, async () => void taken.push(value));
  return { questions, deliver, heard, written, taken };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('while one change is being made, the next waits and is refused by no rest of the story', async () => {
  const { questions, deliver, heard, written, taken } = asked();
  questions.stand('change/1');
  deliver(CHANGE, 'first');
  deliver(CHANGE, 'second');
  assert.ok(questions.isHearing());
  await settled();
  assert.ok(!questions.isHearing());
  // The first may wait for the person: the story is at rest, and nothing stands.
  questions.refuseEarly('answers');
  await settled();
  assert.deepEqual([heard, taken], [['change/1 first'], ['first']]);
  questions.stand('change/2');
  await settled();
  assert.deepEqual(
    [heard, taken],
    [
      ['change/1 first', 'change/2 second'],
      ['first', 'second'],
    ],
  );
  assert.deepEqual(written, ['signal.received', 'signal.received']);
});

test('an answer that nobody asked for is refused at rest, a change that nobody heard at the end', async () => {
  const { questions, deliver, written, taken } = asked();
  deliver('question/none', 'answer');
  deliver(CHANGE, 'late');
  questions.refuseEarly('answers');
  await settled();
  assert.deepEqual([written, taken], [['signal.unknown'], ['answer']]);
  questions.refuseEarly('all');
  await settled();
  assert.deepEqual(
    [written, taken],
    [
      ['signal.unknown', 'signal.unknown'],
      ['answer', 'late'],
    ],
  );
});
