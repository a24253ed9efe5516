/** Whole runs over the wire: the terminal door against servers of several kinds, and reasoning that outlives a process. */
import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { nodeClock } from '../../src/node/clock.ts';
import { createOpenAiModels } from '../../src/node/models/openai-models.ts';
import { RunSettings } from '../../src/protocol/settings.ts';
import { createRouter } from '../../src/core/models/routing.ts';
import { parseScript, type Script } from '../../src/core/models/script.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { ManualClock } from '../support/in-memory/clock.ts';
import { createInMemoryPorts } from '../support/in-memory/ports.ts';
import { InMemoryLog } from '../support/in-memory/small.ts';
import { sealed } from '../support/model-server/responses-wire.ts';
import {
  startModelServer,
  type ModelServer,
  type ModelServerOptions,
} from '../support/model-server/server.ts';
import { PNG } from '../support/pictures.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/small');
let door: TerminalDoor;
let script: Script;
before(async () => {
  door = await openTerminalDoor();
  script = parseScript(await readFile(join(FIXTURE, 'script.json'), 'utf8'));
});
after(() => door.close());

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly server: ModelServer;
}

let projects = 0;

async function run(options: Omit<ModelServerOptions, 'answers'>, ...more: string[]): Promise<Ended> {
  const project = join(door.room, `project-${(projects += 1)}`);
  await cp(join(FIXTURE, 'project'), project, { recursive: true });
  const server = await startModelServer({ answers: script, ...options });
  try {
    const where = ['--workspace', project, '--base-url', server.url, '--model', 'scripted'];
    const terminal = door.start('run', script.goal ?? '', ...where, '--approve', 'none', '--json', ...more);
    const code = await terminal.ended;
    return { code, ...terminal.said, server };
  } finally {
    await server.close();
  }
}

test('wire: a whole run over the Responses API, which the server sends it to', async () => {
  const { code, err, server } = await run({ manners: { chat: 'refused' } });
  assert.equal(code, 0, err);
  assert.deepEqual(
    server.requests.slice(0, 3).map(({ api }) => api),
    ['chat', 'responses', 'responses'],
  );
});

test('wire: a whole run with a model that cannot call tools', async () => {
  const { code, err, out, server } = await run({ manners: { tools: 'refused' } });
  assert.equal(code, 0, err);
  assert.equal(server.requests.filter(({ body }) => 'tools' in body).length, 1, 'tried once');
  assert.match(out, /"type":"changes.proposed"/);
});

test('wire: an image of the terminal reaches the planner; one that is none is refused before anything starts', async () => {
  const image = join(door.room, 'screen.png');
  await writeFile(image, Buffer.from(PNG, 'base64'));
  const { code, err, server } = await run({}, '--image', image);
  assert.equal(code, 0, err);
  const of = (role: string) => server.requests.filter((request) => request.role === role);
  assert.ok(of('planner').every(({ images }) => images.length === 1));
  assert.ok(of('coder').every(({ images }) => images.length === 0));
  const text = join(door.room, 'notes.png');
  await writeFile(text, 'no image');
  for (const [file, says] of [
    [text, /is no PNG, JPEG, WebP or GIF/],
    [join(door.room, 'absent.png'), /There is no file/],
  ] as const) {
    const refused = await run({}, '--image', file);
    assert.equal(refused.code, 2);
    assert.match(refused.err, says);
    assert.equal(refused.server.requests.length, 0);
  }
});

test('wire: attached files: an image is shown, a text told to planner and coder; the rest is refused with a reason', async () => {
  const at = async (name: string, content: string | Buffer): Promise<string> => {
    const path = join(door.room, name);
    await writeFile(path, content);
    return path;
  };
  const image = await at('shot.bin', Buffer.from(PNG, 'base64'));
  const log = await at('error.log', Buffer.from('\ufeffTypeError: name is undefined\r\n', 'utf16le'));
  const { code, err, out, server } = await run({}, '--attach', image, '--attach', log);
  assert.equal(code, 0, err);
  const of = (role: string) => server.requests.filter((request) => request.role === role);
  assert.ok(of('planner').every(({ images }) => images.length === 1));
  for (const role of ['planner', 'coder'])
    assert.match(JSON.stringify(of(role)[0]?.body), /from error\.log\]\\\\?nTypeError: name is undefined/);
  assert.doesNotMatch(JSON.stringify(of('reviewer').map(({ body }) => body)), /TypeError: name/);
  assert.match(err, /Attached: shot\.bin, error\.log/);
  assert.match(out, /"attached":\[\{"name":"error\.log"/);

  for (const [file, says] of [
    [
      await at('tool.exe', Buffer.from([77, 90, 0, 3, 255, 254])),
      /neither a text nor a PNG, JPEG, WebP or GIF/,
    ],
    [await at('big.log', 'x'.repeat(40_001)), /larger than 40 KB/],
    [await at('.env', 'MODE=test\n'), /\.env is not attached: .* nobody is here to be asked/],
    [door.room, /is a folder\. Name it in the goal/],
    [join(door.room, 'absent.txt'), /There is no file/],
  ] as const) {
    const refused = await run({}, '--attach', file);
    assert.equal(refused.code, 2, refused.err);
    assert.match(refused.err, says);
    assert.equal(refused.server.requests.length, 0);
  }
});

test('wire: a model that sees nothing is told of in the run, which goes on', async () => {
  const image = join(door.room, 'screen.png');
  await writeFile(image, Buffer.from(PNG, 'base64'));
  const { code, err, out } = await run({ manners: { images: 'refused' } }, '--image', image);
  assert.equal(code, 0, err);
  const alerts = out.split('\n').filter((line) => line.includes('"images.unseen"'));
  assert.equal(alerts.length, 1);
  assert.match(alerts[0] ?? '', /not shown to planner/);
});

test('wire: sealed reasoning is in the journal, so that a later process sends it back', async () => {
  const answers = parseScript(
    JSON.stringify({
      title: 'Thinking',
      agents: [
        {
          role: 'researcher',
          replies: [
            { reasoning: 'Look first.', calls: [{ tool: 'list_files', args: {} }] },
            { calls: [{ tool: 'submit_findings', args: { summary: 'Seen.' } }] },
          ],
        },
      ],
    }),
  );
  const server = await startModelServer({
    answers,
    faults: [{ at: 2, fault: { kind: 'status', status: 401 } }],
  });
  try {
    const ports = createInMemoryPorts({
      files: { 'a.txt': 'x' },
      clock: new ManualClock(undefined, { auto: true }),
    });
    const settings = RunSettings.parse({
      endpoints: [{ id: 'one', kind: 'openai', model: 'scripted', baseUrl: server.url, api: 'responses' }],
      routes: { default: ['one'] },
      interactive: false,
    });
    const process = () => {
      const secrets = { key: async () => undefined };
      const openai = createOpenAiModels({ secrets, log: new InMemoryLog(), clock: nodeClock });
      return createEngine(
        { ...ports, models: createRouter({ openai, scripted: undefined, editor: undefined }) },
        { whenWaiting: 'pause' },
      );
    };
    const first = await process().start({ goal: 'What?', mode: 'ask', settings, demo: false });
    assert.partialDeepStrictEqual(await first.ended, { kind: 'paused', reason: 'endpoint' });
    const again = await process().resume(first.id);
    assert.partialDeepStrictEqual(await again.ended, { kind: 'finished', outcome: 'answered' });
    assert.equal(server.requests.length, 3);
    for (const request of server.requests.slice(1)) {
      const items = request.body['input'] as Record<string, unknown>[];
      assert.equal(items[1]?.['encrypted_content'], sealed(1, 'Look first.'));
      assert.equal(items[2]?.['type'], 'function_call');
    }
  } finally {
    await server.close();
  }
});
