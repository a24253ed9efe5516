/** Applying a change and taking it back is the identity: for every path, mode and byte. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { TreeChange, WorkingCopies } from '../../../src/core/ports.ts';
import { createGitCopies, type GitCopiesOptions } from '../../../src/node/git-copies.ts';
import { createPlainCopies } from '../../../src/node/plain-copies.ts';
import { createNodeWorkspace } from '../../../src/node/workspace.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

type Entry =
  | { readonly kind: 'file'; readonly bytes: Buffer; readonly executable: boolean }
  | { readonly kind: 'link'; readonly target: string };
type Tree = ReadonlyMap<string, Entry>;

const PATHS = ['a.ts', 'b c/ü.txt', 'b c/deep/x.bin', 'd', 'e/f', '-dash', 'e/[g].md', 'last'];

const bytes = fc.oneof(
  fc.constantFrom('', 'x', 'one\r\ntwo\r\n', 'no final newline', '\uFEFFbom\n', 'a\n\n\nb\n', '\r', '$Id$\n'),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);
const contents = fc.oneof(
  bytes.map((text) => Buffer.from(text, 'utf8')),
  fc.uint8Array({ maxLength: 60 }).map((each) => Buffer.from(each)),
);
const entry: fc.Arbitrary<Entry> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('file' as const), bytes: contents, executable: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('a.ts', 'gone', './b c').map((target) => ({ kind: 'link' as const, target })),
  },
);
const tree: fc.Arbitrary<Tree> = fc
  .array(fc.option(entry), { minLength: PATHS.length, maxLength: PATHS.length })
  .map(
    (entries) => new Map(PATHS.flatMap((path, at) => (entries[at] ? [[path, entries[at]] as const] : []))),
  );

async function lay(root: string, files: Tree): Promise<void> {
  for (const name of await fs.readdir(root)) await fs.rm(join(root, name), { recursive: true });
  for (const [path, one] of files) {
    const full = join(root, path);
    await fs.mkdir(dirname(full), { recursive: true });
    if (one.kind === 'link') await fs.symlink(one.target, full);
    else await fs.writeFile(full, one.bytes, { mode: one.executable ? 0o755 : 0o644 });
  }
}

/** Every path with its kind, mode and bytes. */
async function look(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const each of await fs.readdir(root, { recursive: true, withFileTypes: true })) {
    const full = join(each.parentPath, each.name);
    const what = each.isSymbolicLink()
      ? `link ${await fs.readlink(full)}`
      : each.isFile()
        ? `${((await fs.stat(full)).mode & 0o777).toString(8)} ${(await fs.readFile(full)).toString('hex')}`
        : 'folder';
    found.push(`${full.slice(root.length)} ${what}`);
  }
  return found.sort();
}

/** As the run does it: what differs between two trees, written where it still reads as before. */
async function changesBetween(copies: WorkingCopies, from: string, to: string): Promise<TreeChange[]> {
  const changes: TreeChange[] = [];
  for (const { path, newMode } of await copies.diff(from, to)) {
    const [before, after] = [await copies.read(from, path), await copies.read(to, path)];
    changes.push({ path, before, after, ...(newMode !== undefined && { mode: newMode }) });
  }
  return changes;
}

const STORES: readonly (readonly [string, (options: GitCopiesOptions) => WorkingCopies, number])[] = [
  ['git', createGitCopies, 12],
  ['plain', createPlainCopies, 60],
];
for (const [name, create, numRuns] of STORES) {
  test(`${name}: applying then undoing is the identity`, async () => {
    const room = await fs.realpath(await fs.mkdtemp(join(tmpdir(), 'quartet-undo-')));
    const [root, storage] = [join(room, 'work'), join(room, 'state')];
    await fs.mkdir(root);
    const copies = create({ workspace: root, storage, log: new InMemoryLog() });
    const workspace = createNodeWorkspace({ root, storage });
    try {
      await fc.assert(
        fc.asyncProperty(tree, tree, async (first, second) => {
          await lay(root, second);
          const after = (await copies.takeBase(new Map())).tree;
          const wanted = await look(root);
          await lay(root, first);
          const before = (await copies.takeBase(new Map())).tree;
          const was = await look(root);
          assert.deepEqual(await workspace.apply(await changesBetween(copies, before, after)), { ok: true });
          assert.deepEqual(await look(root), wanted);
          assert.deepEqual(await workspace.apply(await changesBetween(copies, after, before)), { ok: true });
          assert.deepEqual(await look(root), was);
          assert.equal((await copies.takeBase(new Map())).tree, before);
        }),
        { numRuns },
      );
    } finally {
      await fs.rm(room, { recursive: true, force: true });
    }
  });
}
