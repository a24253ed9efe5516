/** What was done by hand and is no part of a run's result comes back as files, beside what is there already. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { keptByHandCommands } from '../../src/editor/commands/kept-by-hand.ts';
import type { Desk } from '../../src/editor/desk.ts';
import { InMemoryCopies } from '../support/in-memory/copies.ts';
import { InMemoryDisk } from '../support/in-memory/disk.ts';

const disk = new InMemoryDisk();
const copies = new InMemoryCopies(disk, '/work');

async function treeOf(files: Readonly<Record<string, string>>): Promise<string> {
  disk.folder('/work').clear();
  for (const [path, text] of Object.entries(files)) disk.put('/work', path, text);
  return (await copies.takeBase(new Map())).tree;
}

suite('what was done by hand', () => {
  let parent = '';
  suiteSetup(async () => {
    parent = await mkdtemp(join(tmpdir(), 'quartet-kept-'));
  });
  suiteTeardown(() => rm(parent, { recursive: true }));

  test('is written into a folder of its own each time; where nothing is kept, nothing is', async () => {
    const from = await treeOf({ 'same.txt': 's', 'a.txt': 'a', 'gone.txt': 'g' });
    const tree = await treeOf({ 'same.txt': 's', 'a.txt': 'by hand', 'new/b.txt': 'b' });
    const kept = [{ id: 7, task: 't.sub', attempt: 2, why: 'You left it.', from, tree }];
    const view = async (run: string) => (run === 'a' ? { kept } : {});
    const desk = { entries: [], connect: async () => ({ views: { view }, copies }) } as unknown as Desk;
    const { getBackKept } = keptByHandCommands(desk);
    for (const name of ['t.sub-by-hand', 't.sub-by-hand-2']) {
      const saved = await getBackKept('a', 7, vscode.Uri.file(parent));
      assert.equal(saved instanceof vscode.Uri && saved.fsPath, join(parent, name));
      const there = await readdir(join(parent, name), { recursive: true });
      assert.deepEqual(there.sort(), ['a.txt', 'new', join('new', 'b.txt')]);
      assert.equal(await readFile(join(parent, name, 'a.txt'), 'utf8'), 'by hand');
    }
    assert.equal(await getBackKept('b', undefined, vscode.Uri.file(parent)), undefined);
    assert.equal((await readdir(parent)).length, 2);
  });
});
