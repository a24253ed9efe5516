/** Images of a goal, from the request to the model and back into every later life of the run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunSettings } from '../../src/protocol/settings.ts';
import type { GoalImage } from '../../src/protocol/images.ts';
import type { ChatImage, Models } from '../../src/core/models/contract.ts';
import { createRouter } from '../../src/core/models/routing.ts';
import { parseScript } from '../../src/core/models/script.ts';
import { createScriptedModel } from '../../src/core/models/scripted.ts';
import { exportRun, importRun } from '../../src/core/run/keeping/bundle.ts';
import { decodeJournal } from '../../src/core/run/journal/codec.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { verifyRun } from '../../src/core/run/journal/verify.ts';
import { ManualClock } from '../support/in-memory/clock.ts';
import { createInMemoryPorts } from '../support/in-memory/ports.ts';
import { PNG, beginning, picture } from '../support/pictures.ts';

const SCRIPT = parseScript(
  JSON.stringify({
    title: 'A question about a picture',
    agents: [
      {
        role: 'researcher',
        replies: [
          { calls: [{ tool: 'list_files', args: {} }] },
          { calls: [{ tool: 'submit_findings', args: { summary: 'A dot.' } }] },
        ],
      },
    ],
  }),
);

const settings = RunSettings.parse({
  endpoints: [{ id: 'script', kind: 'scripted', model: 'script' }],
  routes: { default: ['script'] },
  interactive: false,
});

/** An engine that asks about a picture; `blind`: the model says that it was shown none. */
function world({ blind = false, failAt = 0 }: { blind?: boolean; failAt?: number } = {}) {
  const ports = createInMemoryPorts({
    files: { 'a.txt': 'x' },
    clock: new ManualClock(undefined, { auto: true }),
  });
  const scripted = createScriptedModel(SCRIPT);
  const seen: ChatImage[][] = [];
  let asked = 0;
  const looking: Models = {
    async complete(request, context) {
      asked += 1;
      seen.push(
        request.messages.flatMap((message) => (message.role === 'user' ? (message.images ?? []) : [])),
      );
      if (asked === failAt) throw new Error('The process is gone.');
      const reply = await scripted.complete(request, context);
      return blind ? { ...reply, unseen: 'it has no eyes' } : reply;
    },
  };
  const models = createRouter({ scripted: looking, openai: undefined, editor: undefined });
  const engine = createEngine({ ...ports, models }, { whenWaiting: 'pause' });
  const start = (images: readonly GoalImage[]) =>
    engine.start({ goal: 'What is this?', mode: 'ask', settings, demo: true, images });
  const lines = async (run: string) => decodeJournal(await ports.store.read(run), ports.hasher).lines;
  return { ports, engine, seen, start, lines };
}

test('images: they lie beside the journal, not in it, and the model is shown them with every turn', async () => {
  const { ports, seen, start, lines } = world();
  const run = await start([picture()]);
  assert.equal((await run.ended).kind, 'finished');
  const [first] = await lines(run.id);
  assert.ok(first?.type === 'run.started');
  const [ref] = first.data.images ?? [];
  assert.partialDeepStrictEqual(ref, { name: 'screen.png', mime: 'image/png', bytes: 70 });
  assert.doesNotMatch(await ports.store.read(run.id), new RegExp(PNG.slice(0, 40)));
  assert.equal(JSON.parse(await ports.store.readBlob(run.id, ref?.blob ?? '')), PNG);
  assert.deepEqual(
    seen.map((images) => images.map(({ base64 }) => base64)),
    [[PNG], [PNG]],
  );
  assert.deepEqual((await verifyRun(ports.store, ports.hasher, run.id)).problems, []);
});

test('images: a run that went down goes on with them; replay needs none, and an export has none', async () => {
  const { ports, engine, seen, start } = world({ failAt: 2 });
  const run = await start([picture()]);
  assert.equal((await run.ended).kind, 'paused');
  const again = await engine.resume(run.id);
  assert.equal((await again.ended).kind, 'finished');
  assert.deepEqual(
    seen.map((images) => images.length),
    [1, 1, 1],
  );
  assert.equal((await engine.replay(run.id)).divergence, undefined);
  const bundle = await exportRun(ports, run.id);
  assert.doesNotMatch(bundle, new RegExp(PNG.slice(0, 40)));
  const imported = await importRun(ports, bundle);
  assert.equal((await engine.replay(imported)).divergence, undefined);
  assert.deepEqual((await verifyRun(ports.store, ports.hasher, imported)).problems, []);
  const forked = await engine.fork(run.id, { at: 3 });
  const other = await engine.resume(forked);
  assert.equal((await other.ended).kind, 'finished');
  assert.equal(seen.at(-1)?.length, 1, 'a fork has them too');
});

test('images: a model that does not see is told of once, by name', async () => {
  const { start, lines } = world({ blind: true });
  const run = await start([picture()]);
  assert.equal((await run.ended).kind, 'finished');
  const alerts = (await lines(run.id)).flatMap((line) => (line.type === 'alert.raised' ? [line.data] : []));
  assert.equal(alerts.length, 1);
  assert.equal(alerts[0]?.code, 'images.unseen');
  assert.match(alerts[0].message, /not shown to researcher: it has no eyes\. It goes on without/);
});

const refused: readonly [string, readonly GoalImage[], RegExp][] = [
  ['too many', Array.from({ length: 5 }, () => picture()), /at most 4 images, and these are 5/],
  ['text by another name', [picture({ base64: beginning('hello, I am text') })], /screen\.png is no PNG/],
  ['a drawing', [picture({ base64: beginning('<svg xmlns="http://www.w3.org/2000/svg">') })], /is no PNG/],
  ['what is no base64', [picture({ base64: 'not base64!' })], /cannot be read/],
  ['too large', [picture({ base64: PNG + 'A'.repeat(4_800_000) })], /larger than 3\.5 MB/],
];
for (const [name, images, says] of refused) {
  test(`images: ${name} is refused before anything is written`, async () => {
    const { ports, start } = world();
    await assert.rejects(start(images), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'images.invalid');
      assert.match(error.message, says);
      return true;
    });
    assert.deepEqual(await ports.store.list(), []);
  });
}

test('images: what one is, its bytes say, not its name', async () => {
  const { start, lines } = world();
  const bytes = ['\xff\xd8\xff\xe0\0\x10JFIF', 'GIF89a\x01\0\x01\0', 'RIFF\x24\0\0\0WEBPVP8 '];
  const run = await start(bytes.map((each) => picture({ base64: beginning(each) })));
  await run.ended;
  const [first] = await lines(run.id);
  assert.ok(first?.type === 'run.started');
  assert.deepEqual(
    first.data.images?.map(({ mime }) => mime),
    ['image/jpeg', 'image/gif', 'image/webp'],
  );
});
