/** How the window of an endpoint is learnt: from its words, from its reports, and never from nonsense. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWindows, windowIn } from '../../../../src/core/team/windows.ts';
import { endpointOf } from '../models/make.ts';

const SAYINGS: readonly (readonly [string, number | undefined])[] = [
  [
    "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (8000 in the messages, 1000 in the completion).",
    8192,
  ],
  [
    "This model's maximum context length is 4096 tokens and your request has 500 input tokens (8192 > 4096 - 500).",
    4096,
  ],
  ['the request exceeds the available context size (4096 tokens), try increasing it', 4096],
  ['request (5000 tokens) exceeds the available context size (4096 tokens)', 4096],
  ['prompt is too long: 207464 tokens > 200000 maximum', 200_000],
  ['The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).', 1_048_576],
  ["This model's maximum prompt length is 131,072 but the request contains 200000 tokens.", 131_072],
  ['However, the model is loaded with context length of only 4096 tokens, which is not enough', 4096],
  [
    "This endpoint's maximum context length is 32768 tokens. However, you requested about 40000 tokens",
    32_768,
  ],
  ['Your input exceeds the context window of this model. Please adjust your input and try again.', undefined],
  ['Request too large', undefined],
];

for (const [said, tokens] of SAYINGS)
  test(`a refusal tells its window: ${said.slice(0, 60)}`, () => {
    assert.equal(windowIn(said), tokens);
  });

const ENDPOINT = endpointOf({ contextTokens: 32_000 });
const usage = (inputTokens: number, more = {}) => ({
  inputTokens,
  outputTokens: 1,
  estimated: false,
  ...more,
});

test('a refusal without a number shrinks the window, each time further', () => {
  const windows = createWindows();
  windows.refused(ENDPOINT, { estimated: 20_000, output: 1000 }, 'too long');
  const once = windows.of(ENDPOINT);
  assert.equal(once, 12_600);
  windows.refused(ENDPOINT, { estimated: 8000, output: 1000 }, 'too long');
  assert.ok(windows.of(ENDPOINT) < once);
});

test('a refusal of what seemed to fit makes the estimate coarser', () => {
  const windows = createWindows();
  windows.refused(ENDPOINT, { estimated: 6000, output: 1000 }, 'maximum context length is 8192 tokens');
  assert.equal(windows.of(ENDPOINT), 8192);
  assert.equal(windows.tokens(ENDPOINT, 6000), 7500);
});

test('what is reported calibrates the estimate', () => {
  const windows = createWindows();
  assert.equal(windows.heard(ENDPOINT, 1000, usage(1300)), false);
  assert.equal(windows.tokens(ENDPOINT, 2000), 2600);
  assert.equal(windows.tokens(endpointOf({ id: 'other' }), 2000), 2000);
});

test('a server that reads far less than it was sent has that window from then on', () => {
  const windows = createWindows();
  assert.equal(windows.heard(ENDPOINT, 3000, usage(3000)), false);
  assert.equal(windows.heard(ENDPOINT, 8000, usage(4096)), true);
  assert.equal(windows.of(ENDPOINT), 4096);
  assert.equal(windows.tokens(ENDPOINT, 1000), 1000);
});

test('what was cached, estimated, or merely counts otherwise is no sign of a cut', () => {
  const windows = createWindows();
  assert.equal(windows.heard(ENDPOINT, 8000, usage(500, { cachedTokens: 7400 })), false);
  const fresh = createWindows();
  assert.equal(fresh.heard(ENDPOINT, 8000, usage(100, { estimated: true })), false);
  assert.equal(fresh.heard(ENDPOINT, 8000, usage(5600)), false);
  assert.equal(fresh.heard(ENDPOINT, 900, usage(200)), false);
  assert.equal(fresh.of(ENDPOINT), 32_000);
});
