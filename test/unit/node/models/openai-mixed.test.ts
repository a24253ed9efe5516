/** Misbehaviours mixed at random under a seed: every call ends in time, in a reply or a failure that says what to do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PortError } from '../../../../src/core/ports.ts';
import type { ScriptReply } from '../../../../src/core/models/script.ts';
import type { Fault } from '../../../support/model-server/faults.ts';
import { serve } from './serve.ts';

const SEED = 20_261_121;
const says: Partial<ScriptReply> = {
  content: 'Ein Wort, dann 日本語 und 🎻.',
  calls: [{ tool: 'edit_file', args: { path: 'a.js', edits: [{ old_text: 'ä', new_text: 'ö' }] } }],
};

const fault: fc.Arbitrary<Fault | undefined> = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 3 },
  fc.constantFrom<Fault>(
    { kind: 'reset' },
    { kind: 'badJson' },
    { kind: 'emptyChoices' },
    { kind: 'wrongLength' },
    { kind: 'html', status: 502 },
    { kind: 'silence' },
    { kind: 'stall' },
    { kind: 'indices', style: 'same' },
    { kind: 'endless', of: 'text', ms: 0 },
    { kind: 'errorInStream', error: { message: 'gone', code: 503 } },
    { kind: 'status', status: 429, headers: { 'retry-after': '0.02' } },
    { kind: 'status', status: 401 },
  ),
  fc.constantFrom(408, 409, 500, 503, 504, 529).map((status): Fault => ({ kind: 'status', status })),
  fc
    .tuple(fc.constantFrom('start', 'chunk', 'utf8', 'toolCall', 'end'), fc.boolean())
    .map(([at, reset]): Fault => ({ kind: 'cut', at, reset })),
  fc.integer({ min: 1, max: 40 }).map((bytes): Fault => ({ kind: 'drip', ms: 0, bytes })),
);

test('openai: any mixture of misbehaviours ends each call, whole or failed, and closes what it opened', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fault, { minLength: 4, maxLength: 8 }),
      fc.constantFrom('chat', 'responses'),
      (faults, api) =>
        serve(
          {
            says,
            endpoint: { api },
            faults: ({ number }) => faults[number - 1],
            limits: {
              firstMs: 150,
              betweenMs: 150,
              wholeMs: 4000,
              retriesMax: 2,
              firstWaitMs: 2,
              pauseMs: 30,
            },
          },
          async ({ ask, server }) => {
            const ends = await Promise.all([1, 2, 3].map(() => ask().catch((error: unknown) => error)));
            for (const end of ends) {
              if (end instanceof PortError) {
                assert.match(end.code, /^endpoint\./);
                assert.ok(end.message.length > 10);
                continue;
              }
              const reply = end as Awaited<ReturnType<typeof ask>>;
              assert.equal(reply.content, says.content);
              assert.deepEqual(JSON.parse(reply.toolCalls[0]?.arguments ?? ''), says.calls?.[0]?.args);
            }
            for (let waited = 0; server.active > 0; waited += 2) {
              assert.ok(waited < 1000, 'a connection stays open');
              await new Promise((resolve) => setTimeout(resolve, 2));
            }
          },
        ),
    ),
    { seed: SEED, numRuns: 20 },
  ));
