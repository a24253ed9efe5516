/** Links that lead out of the workspace stay in the tree and are not there for commands. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGitCopies } from '../../../src/node/git-copies.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('a link out is hidden, a link within is kept, and neither becomes a change', async () => {
  const room = await mkdtemp(join(tmpdir(), 'quartet-links-'));
  try {
    const workspace = join(room, 'workspace');
    await mkdir(join(workspace, 'sub'), { recursive: true });
    await mkdir(join(room, 'outside'));
    await writeFile(join(workspace, 'a.txt'), 'a\n');
    await symlink(join(room, 'outside'), join(workspace, 'absolute'));
    await symlink('../../outside', join(workspace, 'sub/relative'));
    await symlink('../a.txt', join(workspace, 'sub/within'));
    const copies = createGitCopies({ workspace, storage: join(room, 'storage'), log });
    const base = await copies.takeBase(new Map());
    const copy = await copies.create('one', base.tree);
    await assert.rejects(readlink(join(copy.root, 'absolute')));
    await assert.rejects(readlink(join(copy.root, 'sub/relative')));
    assert.equal(await readFile(join(copy.root, 'sub/within'), 'utf8'), 'a\n');
    assert.equal(await copy.snapshot(), base.tree);
    await writeFile(join(copy.root, 'a.txt'), 'b\n');
    const changed = await copy.snapshot();
    assert.deepEqual(
      (await copies.diff(base.tree, changed)).map(({ path }) => path),
      ['a.txt'],
    );
    await copy.restore(base.tree);
    assert.equal(await copy.snapshot(), base.tree);
    const again = await copies.create('one', changed);
    await assert.rejects(readlink(join(again.root, 'absolute')));
    assert.equal(await again.snapshot(), changed);
  } finally {
    await rm(room, { recursive: true, force: true });
  }
});
