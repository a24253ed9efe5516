/** Recordings: they give back what was said, to whoever asks the same; they hold no secret; and they say so where they have nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CASSETTE_HEADER,
  createCassetteModel,
  parseCassette,
  recorded,
} from '../../../../src/core/models/cassette.ts';
import { cassetteEndpoint } from '../../../../src/core/models/cassette-endpoint.ts';
import type { ChatMessage, ModelReply, ModelRequest } from '../../../../src/core/models/contract.ts';
import { CallFailure } from '../../../../src/core/models/failure.ts';
import { nodeHasher } from '../../../../src/node/hasher.ts';
import { contextOf, modelsOf, replyOf, requestOf } from './make.ts';

const KEY = 'sk-proj-abcdefghijklmnop0123456789';
const FIRST: readonly ChatMessage[] = [
  { role: 'system', content: "You are Quartet's coder." },
  { role: 'user', content: `Task: totals\nTOKEN_SECRET=${KEY}` },
];
const CALL = { id: 'c1', name: 'read_file', arguments: '{"path":"a"}' };
const second = (output: string): readonly ChatMessage[] => [
  ...FIRST,
  { role: 'assistant', content: 'Looking.', toolCalls: [CALL] },
  { role: 'tool', callId: 'c1', content: output },
];

/** Records exchanges and gives the file's text. */
async function record(
  requests: readonly Partial<ModelRequest>[],
  answer: (request: ModelRequest) => ModelReply,
): Promise<string> {
  let text = CASSETTE_HEADER;
  const models = recorded(modelsOf(answer), {
    hasher: nodeHasher,
    write: async (line) => {
      text += line;
    },
  });
  for (const request of requests)
    await models.complete(requestOf(request), contextOf()).catch(() => undefined);
  return text;
}

const playing = (text: string, exact = false) => {
  const models = createCassetteModel(async (file) => parseCassette(text, file), nodeHasher);
  const endpoints = [cassetteEndpoint('tape', exact)];
  return (request: Partial<ModelRequest>) =>
    models.complete(requestOf({ ...request, endpoints }), contextOf());
};

const TWO = [
  { messages: FIRST, turn: 1 },
  { messages: second('took 12 ms'), turn: 2 },
];
const answer = ({ turn }: ModelRequest) =>
  replyOf({ content: `turn ${turn}`, ...(turn === 1 && { toolCalls: [CALL] }) });

test('the same requests get the same replies, in any order, again and again', async () => {
  const ask = playing(await record(TWO, answer), true);
  for (const at of [1, 0, 1, 0]) {
    const reply = await ask(TWO[at] ?? {});
    assert.equal(reply.content, `turn ${at + 1}`);
    assert.equal(reply.endpoint, 'cassette');
    assert.deepEqual(reply.toolCalls, at === 0 ? [CALL] : []);
    assert.equal(reply.usage.inputTokens, 10);
  }
});

test('no secret is in a recording, and a request that holds it still fits', async () => {
  const text = await record(TWO, () => replyOf({ content: `I see ${KEY}` }));
  assert.ok(!text.includes(KEY));
  assert.match((await playing(text, true)({ messages: FIRST, turn: 1 })).content, /I see \[secret:1\]/);
});

test('what a conversation repeats is not recorded twice', async () => {
  const text = await record(TWO, answer);
  assert.equal(text.split('Task: totals').length, 2);
});

test('another output of the same turn is answered in order, unless it must be the very same', async () => {
  const text = await record(TWO, answer);
  const other = { messages: second('took 13 ms'), turn: 2 };
  assert.equal((await playing(text)(other)).content, 'turn 2');
  await assert.rejects(playing(text, true)(other), {
    code: 'endpoint.failed',
    message: /has another conversation, from message 4 on, for coder, task totals, attempt 1, turn 2/,
  });
});

test('a request that the recording does not have is told by who asked', async () => {
  const ask = playing(await record(TWO, answer));
  await assert.rejects(ask({ messages: FIRST, turn: 3 }), {
    code: 'endpoint.failed',
    message: /tape has no reply for coder, task totals, attempt 1, turn 3/,
  });
  await assert.rejects(ask({ messages: FIRST, attempt: 2 }), /attempt 2, turn 1/);
});

test('a failure is played as that failure, and the exchange after it next', async () => {
  let asked = 0;
  const text = await record([TWO[0] ?? {}, { messages: FIRST.slice(0, 1), turn: 1 }], (request) => {
    asked += 1;
    if (asked > 1) return answer(request);
    throw new CallFailure({ code: 'endpoint.context', message: 'too long', retryable: false }, []);
  });
  const ask = playing(text);
  const fresh = { messages: [{ role: 'user' as const, content: 'something else' }], turn: 1 };
  await assert.rejects(ask(fresh), { code: 'endpoint.context', message: 'too long' });
  assert.equal((await ask({ ...fresh, messages: [] })).content, 'turn 1');
});

test('what is no cassette says so with its line', () => {
  const bad = (text: string) => () => parseCassette(text, 'tape');
  assert.throws(bad('{}'), { code: 'cassette.invalid', message: /first line/ });
  assert.throws(bad(`${CASSETTE_HEADER}{"role":"coder"}\n`), /line 2 is no exchange/);
  assert.throws(bad(CASSETTE_HEADER.replace('1', '9')), /of this version/);
});
