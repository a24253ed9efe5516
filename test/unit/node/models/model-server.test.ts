/** The protocol server itself: it says what the script says, knows who asks, and serves from the command line. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ChatMessage } from '../../../../src/core/models/contract.ts';
import type { CallFailure } from '../../../../src/core/models/failure.ts';
import { parseScript } from '../../../../src/core/models/script.ts';
import { createScriptedModel } from '../../../../src/core/models/scripted.ts';
import { nodeClock } from '../../../../src/node/clock.ts';
import { createOpenAiModels } from '../../../../src/node/models/openai-models.ts';
import { InMemoryLog } from '../../../support/in-memory/small.ts';
import { contextOf, endpointOf, requestOf } from '../../core/models/make.ts';
import { failureOf, serve } from './serve.ts';

const root = join(import.meta.dirname, '../../../..');
const demoFile = join(root, 'test/fixtures/demo/script.json');
const demo = parseScript(await readFile(demoFile, 'utf8'));

/** What an agent at this turn has heard and said, as the team tells it. */
function talk(
  who: { role: string; task?: string | undefined; turn: number },
  last: string,
): readonly ChatMessage[] {
  const task = who.task === undefined ? 'Goal: mend it' : `Task: ${who.task}\nAttempt: 1\n\nMend it.`;
  const former = Array.from({ length: who.turn - 1 }, (_, at): readonly ChatMessage[] => [
    {
      role: 'assistant',
      content: '',
      toolCalls: [{ id: `c${at}`, name: 'read_file', arguments: '{"path":"x"}' }],
    },
    { role: 'tool', callId: `c${at}`, content: 'text' },
  ]).flat();
  return [
    { role: 'system', content: `You are Quartet's ${who.role}.\n\nYou do what you do.` },
    { role: 'user', content: task },
    ...former,
    ...(last === '' ? [] : [{ role: 'user', content: last } as const]),
  ];
}

test('model server: every reply of the demo is the same over HTTP as from the script', () =>
  serve({ answers: demo }, async ({ ask, server }) => {
    const scripted = createScriptedModel(demo);
    let asked = 0;
    for (const { role, task, replies } of demo.agents) {
      for (const [at, reply] of replies.entries()) {
        const who = { role, task, turn: at + 1 };
        const messages = talk(who, reply.when ?? '');
        const request = requestOf({ role, turn: who.turn, messages, ...(task !== undefined && { task }) });
        if (task === undefined) Reflect.deleteProperty(request, 'task');
        const local = await scripted.complete(request, contextOf());
        const { endpoints: _own, ...same } = request;
        const remote = await ask(same);
        assert.equal(remote.content, local.content);
        assert.deepEqual(remote.toolCalls, local.toolCalls);
        const seen = server.requests[asked];
        assert.deepEqual([seen?.role, seen?.task, seen?.attempt, seen?.turn], [role, task, 1, who.turn]);
        asked += 1;
      }
    }
    assert.equal(server.requests.length, asked);
  }));

test('model server: running out of the script is told, and not asked again', () =>
  serve({ answers: demo, limits: { retriesMax: 3 } }, async ({ ask, server }) => {
    const messages = talk({ role: 'synthesizer', turn: 9 }, '');
    const failure = await failureOf<CallFailure>(ask({ messages }));
    assert.match(failure.message, /script "Demo" has no reply for synthesizer, attempt 1, turn 9/);
    assert.equal(server.requests.length, 1);
  }));

test('model server: from the command line, with a key, faults, a list of models and a record of requests', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quartet-server-'));
  const [requests, faults] = [join(folder, 'requests.jsonl'), join(folder, 'faults.json')];
  await writeFile(faults, JSON.stringify([{ at: 1, fault: { kind: 'status', status: 503 } }]));
  const main = join(root, 'test/support/model-server/main.ts');
  const options = [
    '--script',
    demoFile,
    '--faults',
    faults,
    '--key',
    'sk-here',
    '--model',
    'big',
    '--requests',
    requests,
  ];
  const child = spawn(process.execPath, [main, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    const baseUrl = printed.toString().trim();
    assert.match(baseUrl, /^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    const models = createOpenAiModels({
      secrets: { key: async () => 'sk-here' },
      log: new InMemoryLog(),
      clock: nodeClock,
      limits: { firstWaitMs: 5 },
    });
    const messages = talk({ role: 'planner', turn: 1 }, '');
    const ask = (model: string) =>
      models.complete(requestOf({ messages, endpoints: [endpointOf({ baseUrl, model })] }), contextOf());
    const reply = await ask('big');
    assert.equal(reply.toolCalls[0]?.name, 'list_files');
    assert.equal(reply.tries.length, 2);
    assert.match((await failureOf<CallFailure>(ask('other'))).advice ?? '', /It has: big/);
    const lines = (await readFile(requests, 'utf8')).trim().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { role: string }).role),
      ['planner', 'planner'],
    );
  } finally {
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    await rm(folder, { recursive: true, force: true });
    assert.equal(code, 0);
  }
});

test('model server: without a script the command says what it wants', async () => {
  const child = spawn(process.execPath, [join(root, 'test/support/model-server/main.ts')], {
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'exit')) as [number];
  assert.equal(code, 2);
});
