import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costOfTries, costUsd, reservation, worstCase } from '../../../../src/core/models/prices.ts';
import { estimateTokens, estimateUsage } from '../../../../src/core/models/tokens.ts';
import { habitsAtFirst } from '../../../../src/node/models/habits.ts';
import { bodyOf } from '../../../../src/node/models/openai-request.ts';
import { responsesBodyOf } from '../../../../src/node/models/responses-request.ts';
import { inText } from '../../../../src/core/models/text-tools.ts';
import { endpointOf, requestOf } from './make.ts';

const priced = endpointOf({ id: 'paid', inputUsdPerMillion: 2, outputUsdPerMillion: 8 });
const free = endpointOf({ id: 'free', inputUsdPerMillion: 0, outputUsdPerMillion: 0 });
const unknown = endpointOf({ id: 'unknown' });
const half = endpointOf({ id: 'half', inputUsdPerMillion: 2 });

test('prices: known, free and unknown, which is never zero', () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 500_000 };
  assert.equal(costUsd(priced, usage), 6);
  assert.equal(costUsd(free, usage), 0);
  assert.equal(costUsd(unknown, usage), null);
  assert.equal(costUsd(half, usage), null);
});

test('prices: all tries of a call are owed, and one of unknown price makes the sum unknown', () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 0, estimated: false };
  const of = (endpoint: string, used = true) => ({ endpoint, ok: true, ...(used && { usage }) });
  const all = [priced, free, unknown];
  assert.equal(costOfTries(all, [of('paid'), of('free'), of('paid')]), 4);
  assert.equal(costOfTries(all, [of('paid'), of('unknown')]), null);
  assert.equal(costOfTries(all, [of('paid'), of('unknown', false)]), 2);
  assert.equal(costOfTries(all, [of('stranger')]), null);
});

test('prices: the worst case covers every byte that is sent', () => {
  const messages = [
    { role: 'system', content: 'Grüße 🎻 "quoted"\n' },
    { role: 'user', content: '' },
    {
      role: 'assistant',
      content: '',
      toolCalls: [{ id: 'call_1_1', name: 'read_file', arguments: '{"path":"a \\"b\\".js"}' }],
    },
    { role: 'tool', callId: 'call_1_1', content: 'x'.repeat(1000) },
  ] as const;
  const request = requestOf({ messages });
  const endpoint = endpointOf({ model: 'm' });
  const habits = habitsAtFirst(endpoint, new URL('http://127.0.0.1/v1'));
  const worst = worstCase(request);
  const bodies = [request, inText(request)].flatMap((each) => [
    bodyOf(each, endpoint, habits),
    responsesBodyOf(each, endpoint, habits),
  ]);
  for (const body of bodies) {
    const sent = Buffer.byteLength(JSON.stringify(body));
    assert.ok(worst.inputTokens >= sent, `${worst.inputTokens} < ${sent}`);
  }
  assert.equal(worst.outputTokens, 1000);
});

test('prices: a reservation is that of the dearest endpoint, unknown if any is', () => {
  const worst = worstCase(requestOf());
  const cost = (...endpoints: (typeof priced)[]) => reservation(requestOf({ endpoints })).costUsd;
  assert.equal(cost(free, priced), costUsd(priced, worst));
  assert.equal(cost(free), 0);
  assert.equal(cost(priced, unknown), null);
  assert.equal(reservation(requestOf()).tokens, worst.inputTokens + worst.outputTokens);
});

test('tokens: estimates count bytes, so that no script is free', () => {
  assert.equal(estimateTokens(''), 0);
  assert.equal(estimateTokens('abcde'), 2);
  assert.equal(estimateTokens('日本語'), 3);
  const usage = estimateUsage(requestOf(), { content: 'abcd', reasoning: 'abcd', toolCalls: [] });
  assert.equal(usage.outputTokens, 2);
  assert.equal(usage.estimated, true);
});
