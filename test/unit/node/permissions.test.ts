import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createNodePermissions } from '../../../src/node/permissions.ts';
import type { Permission } from '../../../src/protocol/policy.ts';

const permission = (id: string): Permission => ({
  id,
  at: 1,
  run: 'run-1',
  rule: { decision: 'allow', command: `node ${id}.js`, exact: true },
});

test('permissions are kept, once each, and taken back', async (t) => {
  const storage = await fs.mkdtemp(join(tmpdir(), 'quartet-permissions-'));
  t.after(() => fs.rm(storage, { recursive: true }));
  const permissions = createNodePermissions(join(storage, 'new'));
  assert.deepEqual(await permissions.list(), []);
  await Promise.all(['a', 'b', 'a', 'c'].map((id) => permissions.add(permission(id))));
  assert.deepEqual(
    (await createNodePermissions(join(storage, 'new')).list()).map(({ id }) => id),
    ['a', 'b', 'c'],
  );
  assert.equal(await permissions.remove('b'), true);
  assert.equal(await permissions.remove('b'), false);
  assert.deepEqual(
    (await permissions.list()).map(({ id }) => id),
    ['a', 'c'],
  );
  const mode = (await fs.stat(join(storage, 'new/permissions.json'))).mode & 0o777;
  if (process.platform !== 'win32') assert.equal(mode, 0o600);
});

test('a file that was altered allows nothing and is said so', async (t) => {
  const storage = await fs.mkdtemp(join(tmpdir(), 'quartet-permissions-'));
  t.after(() => fs.rm(storage, { recursive: true }));
  const permissions = createNodePermissions(storage);
  for (const text of [
    '',
    '{',
    '[]',
    '{"version":2,"permissions":[]}',
    '{"version":1,"permissions":[{"id":"x"}]}',
  ]) {
    await fs.writeFile(join(storage, 'permissions.json'), text);
    await assert.rejects(permissions.list(), { code: 'permissions.damaged' }, text);
  }
});
