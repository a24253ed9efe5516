import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createTestMemory } from '../../../src/node/test-memory.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

async function room(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'quartet-tests-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const [storage, workspace] = [join(folder, 'state'), join(folder, 'work')];
  await mkdir(workspace);
  const suites = join(folder, 'suites');
  const open = () => createTestMemory({ storage, workspace, suites, log: new InMemoryLog() });
  return { storage, workspace, open };
}

test('what a person said is there for the next process, and changes are made one after the other', async (context) => {
  const { open, storage } = await room(context);
  const memory = open();
  assert.equal((await memory.kept()).command, undefined);
  const at = (n: number) => ({ id: `t${n}`, sightings: [{ run: 'r', at: n, passed: 1, failed: 1 }] });
  await Promise.all(
    [1, 2, 3].map((n) => memory.keep((kept) => ({ ...kept, quarantine: [...kept.quarantine, at(n)] }))),
  );
  await memory.keep((kept) => ({ ...kept, command: { command: 'make t', how: 'set', at: 1 } }));
  const kept = await open().kept();
  assert.deepEqual(kept.quarantine.map(({ id }) => id).sort(), ['t1', 't2', 't3']);
  assert.equal(kept.command?.command, 'make t');
  await writeFile(join(storage, 'tests.json'), '{"quarantine": 1}');
  await assert.rejects(open().kept(), { code: 'tests.damaged' });
});

test('a result that was put away comes back as it was, or not at all', async (context) => {
  const { open, storage } = await room(context);
  await open().remember('key', { passed: 3 });
  assert.deepEqual(await open().recall('key'), { passed: 3 });
  assert.equal(await open().recall('another'), undefined);
  const folder = join(storage, 'cache', 'tests');
  const [name = ''] = await readdir(folder);
  const text = await readFile(join(folder, name), 'utf8');
  await writeFile(join(folder, name), text.replace('3', '4'));
  assert.equal(await open().recall('key'), undefined, 'one that was altered is not believed');
});

test('results that are put away stay few', async (context) => {
  const { open, storage } = await room(context);
  for (let n = 0; n < 45; n++) await open().remember(String(n), n);
  assert.equal((await readdir(join(storage, 'cache', 'tests'))).length, 40);
  assert.equal(await open().recall('44'), 44);
});

test('what is installed is part of the environment', async (context) => {
  const { open, workspace } = await room(context);
  const before = await open().environment();
  assert.equal(await open().environment(), before);
  await mkdir(join(workspace, 'node_modules', 'x'), { recursive: true });
  assert.notEqual(await open().environment(), before);
});
