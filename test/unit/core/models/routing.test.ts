import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Models } from '../../../../src/core/models/contract.ts';
import { CallFailure } from '../../../../src/core/models/failure.ts';
import { createRouter } from '../../../../src/core/models/routing.ts';
import { PortError } from '../../../../src/core/ports.ts';
import { contextOf, endpointOf, modelsOf, replyOf, requestOf } from './make.ts';

const two = [endpointOf({ id: 'one' }), endpointOf({ id: 'two', kind: 'scripted' })];
const request = requestOf({ endpoints: two });
const fine = modelsOf(() => replyOf({ endpoint: 'two', tries: [{ endpoint: 'two', ok: true }] }));

const failing = (code: string, retryable: boolean): Models =>
  modelsOf(() => {
    throw new PortError(code, `${code}, as told.`, { retryable, advice: 'Do this.' });
  });
const router = (openai: Models | undefined, scripted: Models | undefined) =>
  createRouter({ openai, scripted, editor: undefined });

for (const [code, retryable] of [
  ['endpoint.unreachable', false],
  ['endpoint.timeout', true],
  ['endpoint.rateLimited', false],
  ['endpoint.failed', true],
  ['endpoint.badReply', true],
] as const) {
  test(`router: ${code} falls back, and both tries are recorded`, async () => {
    const reply = await router(failing(code, retryable), fine).complete(request, contextOf());
    assert.equal(reply.endpoint, 'two');
    assert.deepEqual(reply.tries, [
      { endpoint: 'one', ok: false, code },
      { endpoint: 'two', ok: true },
    ]);
  });
}

for (const code of ['endpoint.auth', 'endpoint.missing', 'endpoint.context', 'endpoint.failed']) {
  test(`router: ${code} that asking again cannot mend is told at once`, async () => {
    const asked: string[] = [];
    const second = modelsOf(() => (asked.push('two'), replyOf()));
    await assert.rejects(
      router(failing(code, false), second).complete(request, contextOf()),
      (error: PortError) => {
        assert.equal(error.code, code);
        assert.equal(error.message, `${code}, as told.`);
        assert.equal(error.advice, 'Do this.');
        return true;
      },
    );
    assert.deepEqual(asked, []);
  });
}

test('router: the tries of a failed call are kept with what they are owed', async () => {
  const usage = { inputTokens: 7, outputTokens: 3, estimated: true };
  const first = modelsOf(() => {
    const tries = [{ endpoint: 'one', ok: false, code: 'endpoint.badReply', usage }];
    throw new CallFailure({ code: 'endpoint.badReply', message: 'Cut.', retryable: true }, tries);
  });
  const reply = await router(first, fine).complete(request, contextOf());
  assert.deepEqual(reply.tries[0]?.usage, usage);
});

test('router: when all fail, everyone is named and every try is told', async () => {
  const both = router(failing('endpoint.unreachable', true), failing('endpoint.rateLimited', true));
  await assert.rejects(both.complete(request, contextOf()), (error: CallFailure) => {
    assert.equal(error.code, 'endpoint.rateLimited');
    assert.equal(error.retryable, true);
    assert.match(
      error.message,
      /No endpoint answered. one: endpoint.unreachable.* two: endpoint.rateLimited/,
    );
    assert.deepEqual(
      error.tries.map(({ endpoint, code }) => [endpoint, code]),
      [
        ['one', 'endpoint.unreachable'],
        ['two', 'endpoint.rateLimited'],
      ],
    );
    return true;
  });
});

test('router: a kind that is not there is passed over, and told when it was the last', async () => {
  const reply = await router(undefined, fine).complete(request, contextOf());
  assert.equal(reply.tries[0]?.code, 'endpoint.unreachable');
  const editor = requestOf({ endpoints: [endpointOf({ kind: 'editor', label: 'Copilot' })] });
  await assert.rejects(
    router(undefined, fine).complete(editor, contextOf()),
    /Copilot cannot be asked here: the editor's/,
  );
});

test('router: no endpoint at all is told', async () => {
  await assert.rejects(
    router(fine, fine).complete(requestOf({ endpoints: [] }), contextOf()),
    (error: PortError) => error.code === 'endpoint.missing' && error.message.includes('coder'),
  );
});

test("router: an abort is the person's, not a reason to ask another", async () => {
  const stop = new AbortController();
  const aborting = modelsOf(() => {
    stop.abort(new Error('stopped'));
    throw new PortError('endpoint.unreachable', 'x', { retryable: true });
  });
  await assert.rejects(router(aborting, fine).complete(request, contextOf(stop.signal)), /^Error: stopped$/);
});

test('router: a kind sees which endpoints stand behind its own', async () => {
  const seen: string[][] = [];
  const noting = modelsOf(({ endpoints }) => {
    seen.push(endpoints.map(({ id }) => id));
    throw new PortError('endpoint.timeout', 'x', { retryable: true });
  });
  await assert.rejects(router(noting, noting).complete(request, contextOf()));
  assert.deepEqual(seen, [['one', 'two'], ['two']]);
});

test('router: a person who watches is told where another model takes over', async () => {
  const speaking = (text: string, fails: boolean): Models => ({
    complete: async (_request, { onText }) => {
      onText(text);
      onText(text);
      if (fails) throw new PortError('endpoint.unreachable', 'x');
      return replyOf();
    },
  });
  const context = contextOf();
  await router(speaking('a', true), speaking('b', false)).complete(request, context);
  assert.equal(context.said.join(''), 'aa\n[the reply broke off; asking another model]\nbb');
});
