import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createNodePorts } from '../../../src/node/ports.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

test('the ports work together: base, edit, test, record, apply', async () => {
  const home = await fs.mkdtemp(join(tmpdir(), 'quartet-ports-'));
  const workspaceRoot = join(home, 'project');
  await fs.mkdir(workspaceRoot);
  await fs.writeFile(join(workspaceRoot, 'sum.mjs'), 'export const sum = (a, b) => a - b;\n');
  const spec =
    "import test from 'node:test';\nimport { sum } from './sum.mjs';\ntest('sum', (t) => t.assert.equal(sum(1, 2), 3));\n";
  await fs.writeFile(join(workspaceRoot, 'sum.test.mjs'), spec);
  try {
    const log = new InMemoryLog();
    const { copies, files, shell, search, workspace, store } = createNodePorts({
      workspaceRoot,
      storage: join(home, 's'),
      log,
    });
    const base = await copies.takeBase(await workspace.unsaved());
    const copy = await copies.create('task-1', base.tree);
    const run = () =>
      shell.run(
        { command: 'node --test', cwd: copy.root, timeoutMs: 60_000, outputChars: 10_000, label: 'tests' },
        new AbortController().signal,
      );
    assert.equal((await run()).exitCode, 1);
    const [hit] = (await search.text(copy.root, { query: 'a - b', regex: false, max: 5 })).hits;
    assert.equal(hit?.path, 'sum.mjs');
    await files.write(copy.root, 'sum.mjs', Buffer.from('export const sum = (a, b) => a + b;\n'));
    assert.equal((await run()).exitCode, 0);
    const tree = await copy.snapshot();
    await copies.retain('run-1', [base.tree, tree]);
    const deltas = await copies.diff(base.tree, tree);
    const changes = await Promise.all(
      deltas.map(async ({ path }) => ({
        path,
        before: await copies.read(base.tree, path),
        after: await copies.read(tree, path),
      })),
    );
    assert.deepEqual(await workspace.apply(changes), { ok: true });
    assert.match(await fs.readFile(join(workspaceRoot, 'sum.mjs'), 'utf8'), /a \+ b/u);
    assert.deepEqual(await store.list(), []);
    assert.deepEqual((await fs.readdir(workspaceRoot)).sort(), ['sum.mjs', 'sum.test.mjs']);
  } finally {
    await fs.rm(home, { recursive: true, force: true });
  }
});
