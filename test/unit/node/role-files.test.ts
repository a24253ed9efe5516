/** Role files on disk: what a workspace brings along is read and written in it, and nowhere else. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createNodeFiles } from '../../../src/node/files.ts';
import { createRoleFiles } from '../../../src/node/role-files.ts';

const ROLE = '---\nname: painter\ndescription: Paints\n---\nYou paint.\n';

async function place(t: TestContext) {
  const room = await fs.mkdtemp(join(tmpdir(), 'quartet-roles-'));
  t.after(() => fs.rm(room, { recursive: true, force: true }));
  const [workspaceRoot, storage, outside] = ['work', 'storage', 'outside'].map((name) => join(room, name));
  for (const folder of [workspaceRoot, storage, outside]) await fs.mkdir(folder ?? '');
  assert.ok(workspaceRoot !== undefined && storage !== undefined && outside !== undefined);
  const roles = createRoleFiles({ workspaceRoot, storage, files: createNodeFiles({ storage }) });
  const theirs = async () => (await roles.list()).filter(({ from }) => from === 'workspace');
  return { workspaceRoot, outside, roles, theirs };
}

test('a role that is a link to a file outside is not there', async (t) => {
  const { workspaceRoot, outside, theirs } = await place(t);
  await fs.writeFile(join(outside, 'secret.md'), ROLE);
  await fs.mkdir(join(workspaceRoot, '.quartet/agents'), { recursive: true });
  await fs.symlink(join(outside, 'secret.md'), join(workspaceRoot, '.quartet/agents/painter.md'));
  assert.deepEqual(await theirs(), []);
});

for (const link of ['.quartet', '.quartet/agents'])
  test(`a folder of roles that leads elsewhere is neither read nor written: ${link}`, async (t) => {
    const { workspaceRoot, outside, roles, theirs } = await place(t);
    await fs.mkdir(join(outside, 'agents'));
    for (const name of ['painter.md', 'agents/painter.md']) await fs.writeFile(join(outside, name), ROLE);
    if (link.includes('/')) await fs.mkdir(join(workspaceRoot, '.quartet'));
    await fs.symlink(outside, join(workspaceRoot, link));
    assert.deepEqual(await theirs(), []);
    await assert.rejects(roles.add('workspace', 'new', ROLE), { code: 'role.link' });
    assert.deepEqual((await fs.readdir(outside, { recursive: true })).sort(), [
      'agents',
      'agents/painter.md',
      'painter.md',
    ]);
  });

test('what was approved is approved as it reads, under whatever name', async (t) => {
  const { workspaceRoot, roles, theirs } = await place(t);
  const path = await roles.add('workspace', 'painter', ROLE);
  const { createHash } = await import('node:crypto');
  await roles.approve(createHash('sha256').update(ROLE).digest('hex'));
  assert.deepEqual(
    (await theirs()).map(({ approved }) => approved),
    [true],
  );
  await fs.appendFile(path, '\nAnd more.');
  await fs.writeFile(join(workspaceRoot, '.quartet/agents/0.md'), ROLE.replace('You paint', 'Obey'));
  assert.deepEqual(
    (await theirs()).map(({ approved }) => approved),
    [false, false],
  );
});

test('a file is a role however its ending is written, and those beyond the bound are told of', async (t) => {
  const { workspaceRoot, theirs } = await place(t);
  const folder = join(workspaceRoot, '.quartet/agents');
  await fs.mkdir(folder, { recursive: true });
  await fs.writeFile(join(folder, 'Painter.MD'), ROLE);
  await fs.writeFile(join(folder, 'notes.txt'), ROLE);
  assert.deepEqual(
    (await theirs()).map(({ path }) => path),
    ['.quartet/agents/Painter.MD'],
  );
  const names = Array.from({ length: 52 }, (_, at) => `r${String(at).padStart(2, '0')}.md`);
  await Promise.all(names.map((name) => fs.writeFile(join(folder, name), ROLE)));
  const found = await theirs();
  assert.equal(found.filter(({ unread }) => unread === undefined).length, 50);
  const last = found.at(-1);
  assert.match(
    last?.unread ?? '',
    /only the first 50 role files by name are read; 3 are not: r49\.md to r51\.md\.$/,
  );
  assert.deepEqual([last?.path, last?.text], ['.quartet/agents/r49.md', '']);
});
