import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScript, piecesOf, type Script } from '../../../../src/core/models/script.ts';
import { createScriptedModel } from '../../../../src/core/models/scripted.ts';
import { PortError } from '../../../../src/core/ports.ts';
import { ManualClock } from '../../../support/in-memory/clock.ts';
import { contextOf, endpointOf, requestOf } from './make.ts';

const script = (agents: unknown, more: object = {}): Script =>
  parseScript(JSON.stringify({ title: 'test', agents, ...more }));

/** What the script says to this asker. */
async function said(of: Script, more: Parameters<typeof requestOf>[0]): Promise<string> {
  const reply = await createScriptedModel(of).complete(requestOf(more), contextOf());
  return reply.content;
}

const turns = script([
  { role: 'coder', replies: [{ content: 'any task 1' }, { content: 'any task 2' }] },
  {
    role: 'coder',
    task: 'totals',
    replies: [{ content: 'first' }, { turn: 5, content: 'fifth' }, { content: 'sixth' }],
  },
  { role: 'coder', task: 'totals', attempt: 2, replies: [{ content: 'again' }] },
]);

const cases: readonly [string, Parameters<typeof requestOf>[0], string][] = [
  ['the task named most closely answers', {}, 'first'],
  ['another task falls to the role', { task: 'other' }, 'any task 1'],
  ['no task falls to the role', { task: undefined } as never, 'any task 1'],
  ['a turn the closest lacks falls to the next', { turn: 2 }, 'any task 2'],
  ['a numbered turn', { turn: 5 }, 'fifth'],
  ['a reply without a number follows the one before', { turn: 6 }, 'sixth'],
  ['an attempt of its own', { attempt: 2 }, 'again'],
];
for (const [name, request, expected] of cases) {
  test(`script: ${name}`, async () => assert.equal(await said(turns, request), expected));
}

test('script: `when` is looked for in what was said since the last reply, and only there', async () => {
  const of = script([
    {
      role: 'coder',
      replies: [
        { turn: 2, when: 'not ok', content: 'mend' },
        { turn: 2, content: 'go on' },
        { turn: 'any', when: 'hello', content: 'hi' },
      ],
    },
  ]);
  const talk = (last: string) =>
    requestOf({
      turn: 2,
      messages: [
        { role: 'user', content: 'not ok' },
        { role: 'assistant', content: 'x', toolCalls: [] },
        { role: 'tool', callId: 'a', content: last },
      ],
    });
  assert.equal(await said(of, talk('1 test: not ok')), 'mend');
  assert.equal(await said(of, talk('all ok')), 'go on');
  assert.equal(await said(of, { ...talk('hello'), turn: 9 }), 'hi');
});

test('script: running out of it is a clear error, never a repetition', async () => {
  await assert.rejects(said(turns, { turn: 7 }), (error: PortError) => {
    assert.equal(error.code, 'endpoint.failed');
    assert.equal(error.retryable, false);
    assert.match(error.message, /"test" has no reply for coder, task totals, attempt 1, turn 7/);
    return true;
  });
  await assert.rejects(said(turns, { role: 'poet' }), /poet/);
});

test('script: the same request gets the same reply in any order', async () => {
  const model = createScriptedModel(turns);
  const ask = (turn: number) => model.complete(requestOf({ turn }), contextOf());
  const [sixth, first] = await Promise.all([ask(6), ask(1)]);
  assert.deepEqual(await ask(1), first);
  assert.deepEqual(await ask(6), sixth);
});

test('script: a reply has calls with ids of its own, an ending, a usage and a try', async () => {
  const of = script([
    {
      role: 'coder',
      replies: [
        {
          content: 'Look.',
          reasoning: 'Hm.',
          calls: [
            { tool: 'read_file', args: { path: 'a.js' } },
            { tool: 'read_file', args: 'prose' },
          ],
        },
      ],
    },
  ]);
  const endpoint = endpointOf({ id: 'demo', kind: 'scripted', model: 'the demo' });
  const reply = await createScriptedModel(of).complete(requestOf({ endpoints: [endpoint] }), contextOf());
  assert.deepEqual(reply.toolCalls, [
    { id: 'call_1_1', name: 'read_file', arguments: '{"path":"a.js"}' },
    { id: 'call_1_2', name: 'read_file', arguments: 'prose' },
  ]);
  assert.equal(reply.finish, 'tool_calls');
  assert.equal(reply.reasoning, 'Hm.');
  assert.equal(reply.model, 'the demo');
  assert.equal(reply.usage.estimated, true);
  assert.ok(reply.usage.inputTokens > 10 && reply.usage.outputTokens > 5);
  assert.deepEqual(reply.tries, [{ endpoint: 'demo', ok: true, usage: reply.usage }]);
});

test('script: it is told in pieces, at its pace, and stops when told to', async () => {
  const of = script([{ role: 'coder', replies: [{ content: 'One two three.' }] }], {
    pace: { thinkMs: 300, pieceMs: 20 },
  });
  const clock = new ManualClock();
  const stop = new AbortController();
  const context = contextOf(stop.signal);
  const model = createScriptedModel(of, { clock });
  const telling = model.complete(requestOf(), context);
  await clock.advance(299);
  assert.deepEqual(context.said, []);
  await clock.advance(1);
  assert.deepEqual(context.said, ['One']);
  await clock.advance(40);
  assert.deepEqual(context.said, ['One', ' two', ' three.']);
  await clock.advance(20);
  assert.equal((await telling).content, 'One two three.');

  const stopped = model.complete(requestOf(), context);
  await clock.advance(10);
  stop.abort(new Error('stopped by the person'));
  await assert.rejects(stopped, /stopped by the person/);
  assert.equal(clock.sleeping, 0);
});

test('script: its endpoint may name it', async () => {
  const model = createScriptedModel(async ({ script: name }) =>
    script([{ role: 'coder', replies: [{ content: `from ${name ?? 'nowhere'}` }] }]),
  );
  const reply = await model.complete(
    requestOf({ endpoints: [endpointOf({ kind: 'scripted', script: 'demo' })] }),
    contextOf(),
  );
  assert.equal(reply.content, 'from demo');
});

for (const text of ['', 'a', 'Hello, world.', '  two\n\n lines \n', 'ünïcödé 🎻 fine', ' \n ']) {
  test(`script: the pieces of ${JSON.stringify(text)} are the text`, () =>
    assert.equal(piecesOf(text).join(''), text));
}

const wrong: readonly [string, string, RegExp][] = [
  ['no JSON', '{', /not JSON/],
  ['no agents', '{"title":"x"}', /agents/],
  ['a misspelt word', '{"title":"x","agents":[{"role":"coder","reply":[]}]}', /reply/],
  ['an empty reply', '{"title":"x","agents":[{"role":"coder","replies":[{}]}]}', /says something or calls/],
  [
    'a reply for ever',
    '{"title":"x","agents":[{"role":"coder","replies":[{"turn":"any","content":"x"}]}]}',
    /needs a `when`/,
  ],
];
for (const [name, text, message] of wrong) {
  test(`script: ${name} is told`, () => {
    assert.throws(
      () => parseScript(text),
      (error: PortError) => error.code === 'script.invalid' && message.test(error.message),
    );
  });
}
