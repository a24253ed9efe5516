/** Working copies on the installed git, in a private store. The person's repository and tree are only ever read. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { Log, WorkingCopies, WorkingCopy } from '../core/ports.ts';
import { createGit } from './copies/git.ts';
import { readExcludes } from './copies/excludes.ts';
import { createLender, type Lender } from './copies/lent.ts';
import { createPreparedLender } from './copies/prepared.ts';
import { removeRoot, rootOf, storageWithin, targetLeadsOut } from './copies/root.ts';
import {
  copyIndex,
  dateIndex,
  setEntries,
  stageAll,
  storeBlobs,
  treeWith,
  entriesOf,
  type Staged,
} from './copies/staging.ts';
import { openStore, type PrivateStore } from './copies/store.ts';
import { assertTree, deltasOf, filesOf, isUnnamable, namesOf, readObject } from './copies/trees.ts';
import { draftIn } from './drafts.ts';
import { mergeEntries, type TreeEntry } from './merge-entries.ts';
import { stored } from './storage.ts';

export interface GitCopiesOptions {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** Absolute path of the storage folder. */
  readonly storage: string;
  readonly log: Log;
  /** The git to use; default: the one on the PATH. */
  readonly git?: string;
}

interface Shop {
  readonly workspace: string;
  readonly storage: string;
  readonly git: string | undefined;
  readonly log: Log;
  readonly lender: Lender;
  readonly prepared: Lender;
  /** Tells the indexes of this process from what a dead one left, locks included. */
  readonly token: string;
  store(): Promise<PrivateStore>;
}

export function createGitCopies({ workspace, storage, log, git }: GitCopiesOptions): WorkingCopies {
  let opening: Promise<PrivateStore> | undefined;
  const store = () =>
    (opening ??= openStore(storage, workspace, git).catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
  const lender = createLender({ workspace, cache: join(storage, 'cache', 'lent'), log });
  const prepared = createPreparedLender({ storage, log });
  const shop: Shop = {
    workspace,
    storage,
    git,
    log,
    lender,
    prepared,
    token: randomBytes(6).toString('hex'),
    store,
  };
  return {
    takeBase: (unsaved) => stored('The base could not be taken', () => takeBase(shop, unsaved)),
    create: (id, tree, how) =>
      stored('The working copy could not be made', () =>
        createCopy(shop, { id, tree, keep: how?.keep ?? false }),
      ),
    rootOf: (id) => rootOf(storage, id),
    discard: (id) => stored('The working copy could not be removed', () => discard(shop, id)),
    diff: async (from, to) => deltasOf(await store(), from, to),
    read: async (tree, path) => readIn(await store(), tree, path),
    names: async (tree, path) => namesOf(await store(), tree, path),
    merge: async (base, ours, theirs) => merge(await store(), { base, ours, theirs }),
    compose: async (tree, files) => compose(await store(), tree, files),
    retain: async (runId, trees) => retain(await store(), runId, trees),
    release: async (runId) => release(await store(), runId),
  };
}

async function takeBase(
  shop: Shop,
  unsaved: ReadonlyMap<string, string>,
): ReturnType<WorkingCopies['takeBase']> {
  const store = await shop.store();
  const excludes = await readExcludes(createGit(shop.git), shop.workspace);
  await store.setExcludes(excludes.rules + (await ownRule(shop)));
  const kept = store.index('base');
  const began = Date.now();
  const at: Staged = { tree: shop.workspace, index: draftIn(store.index(''), 'base') };
  try {
    // What git knew of the files' times the last time makes the second base fast.
    const knows = await copyIndex(kept, at.index);
    const notes = [...excludes.notes, ...(await stageAll(store, at, !knows))];
    await stageForced(store, at, excludes.forced);
    await keepIndex(at.index, { kept, began });
    const tracked = entriesOf(await store.text(['ls-files', '-s', '-z'], at));
    notes.push(...unnamable([...tracked.keys()]));
    notes.push(...(await overlay(store, at, { tracked, unsaved })));
    const tree = (await store.text(['write-tree'], at)).trim();
    return { tree, files: new Set([...tracked.keys(), ...unsaved.keys()]).size, notes };
  } finally {
    await fs.rm(at.index, { force: true });
    await fs.rm(`${at.index}.lock`, { force: true });
  }
}

function unnamable(paths: readonly string[]): string[] {
  const odd = paths.filter(isUnnamable);
  if (odd.length === 0) return [];
  return [
    `Names that are not UTF-8: ${odd.join(', ')}. Commands and tests see these files; changes of them are not handed over.`,
  ];
}

/** Keeps an index for the next base. An empty workspace has none. */
async function keepIndex(
  index: string,
  to: { readonly kept: string; readonly began: number },
): Promise<void> {
  if (!(await fs.stat(index).catch(() => undefined))) return;
  await dateIndex(index, to.began);
  await copyIndex(index, `${index}.kept`);
  await fs.rename(`${index}.kept`, to.kept);
}

/** A storage folder inside the workspace is no part of it. */
async function ownRule({ workspace, storage }: Shop): Promise<string> {
  const path = await storageWithin(workspace, storage);
  return path === undefined ? '' : `/${path.replace(/[\\*?[\]!#]/gu, '\\$&')}/\n`;
}

/** Files that an earlier base held and a rule leaves out now go; those that the person's repository holds in spite of a rule come. */
async function stageForced(store: PrivateStore, at: Staged, forced: readonly string[]): Promise<void> {
  const held = new Set(forced);
  const ignored = (await store.text(['ls-files', '-c', '-i', '-z', '--exclude-standard'], at)).split('\0');
  const gone = ignored.filter((path) => path !== '' && !held.has(path));
  await setEntries(
    store,
    at.index,
    gone.map((path) => [path, undefined]),
  );
  const there: string[] = [];
  for (const path of forced) {
    const stat = await fs.lstat(join(at.tree, path)).catch(() => undefined);
    if (stat?.isFile() || stat?.isSymbolicLink()) there.push(path);
  }
  if (there.length === 0) return;
  const args = ['add', '-f', '--ignore-errors', '--pathspec-from-file=-', '--pathspec-file-nul'];
  await store.text(args, { ...at, input: `${there.join('\0')}\0` });
}

/** Puts unsaved texts over the files. Texts of files that a rule leaves out stay out. */
async function overlay(
  store: PrivateStore,
  at: Staged,
  files: { readonly tracked: ReadonlyMap<string, TreeEntry>; readonly unsaved: ReadonlyMap<string, string> },
): Promise<string[]> {
  if (files.unsaved.size === 0) return [];
  // A leading "./" takes away the meaning of special characters; this command knows no other way.
  const input = [...files.unsaved.keys()].map((path) => `./${path}\0`).join('');
  const env = { GIT_LITERAL_PATHSPECS: '0' };
  const said = await store.text(['check-ignore', '-z', '--stdin'], { ...at, input, env });
  const ignored = new Set(said.split('\0').map((path) => path.slice(2)));
  const wanted = [...files.unsaved].filter(
    ([path]) => !ignored.has(path) && files.tracked.get(path)?.mode !== '120000',
  );
  const blobs = await storeBlobs(
    store,
    wanted.map(([, text]) => Buffer.from(text, 'utf8')),
  );
  const entries = wanted.map(([path], index) => {
    const mode = files.tracked.get(path)?.mode ?? '100644';
    return [path, { blob: blobs[index] ?? '', mode }] as const;
  });
  await setEntries(store, at.index, entries);
  return wanted.length === 0 ? [] : [`Unsaved text of ${wanted.length} editors is part of the base.`];
}

async function createCopy(
  shop: Shop,
  { id, tree, keep }: { readonly id: string; readonly tree: string; readonly keep: boolean },
): Promise<WorkingCopy> {
  const root = rootOf(shop.storage, id);
  const store = await shop.store();
  await assertTree(store, tree);
  const isNew = (await fs.mkdir(root, { recursive: true })) !== undefined;
  const at: Staged = { tree: root, index: store.index(`${id}.${shop.token}`) };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    const now = last.then(() => stored(doing, work));
    last = now.catch(() => undefined);
    return now;
  };
  const copy: WorkingCopy = {
    id,
    root,
    snapshot: () =>
      inTurn('The working copy could not be recorded', async () => {
        await stageAll(store, at);
        return (await store.text(['write-tree'], at)).trim();
      }),
    restore: (to) => inTurn('The working copy could not be put back', () => checkOut(store, at, to)),
    remove: () => inTurn('The working copy could not be removed', () => discard(shop, id)),
  };
  await removeIndexes(store, id);
  // Files of the tree are part of the copy even where they are ignored, so the index begins with it.
  if (keep && !isNew) await store.text(['read-tree', tree], at);
  else await copy.restore(tree);
  await shop.lender.lend(root);
  await shop.prepared.lend(root);
  return copy;
}

/** What lies in the folder is staged first, so that git knows which files the tree does not have. */
async function checkOut(store: PrivateStore, at: Staged, tree: string): Promise<void> {
  if ((await fs.readdir(at.tree)).length > 0) await stageAll(store, at);
  await store.text(['read-tree', '--reset', '-u', tree], at);
  await hideOutsideLinks(store, at);
}

/**
 * A link that leads out of the working copy would let a command write where the person's files are. It stays in the tree and is
 * left out of the folder, as in a sparse checkout.
 */
async function hideOutsideLinks(store: PrivateStore, at: Staged): Promise<void> {
  const entries = (await store.text(['ls-files', '-s', '-z'], at)).split('\0');
  const links = entries
    .filter((entry) => entry.startsWith('120000 '))
    .map((entry) => entry.slice(entry.indexOf('\t') + 1));
  const hidden: string[] = [];
  for (const path of links) if (await leadsOut(at.tree, path)) hidden.push(path);
  if (hidden.length === 0) return;
  for (const path of hidden) await fs.rm(join(at.tree, path), { force: true });
  await store.text(['update-index', '--skip-worktree', '-z', '--stdin'], {
    ...at,
    input: `${hidden.join('\0')}\0`,
  });
}

/** One that is not there was hidden before. */
async function leadsOut(root: string, path: string): Promise<boolean> {
  const target = await fs.readlink(join(root, path)).catch(() => undefined);
  return target === undefined || targetLeadsOut(root, path, target);
}

async function discard(shop: Shop, id: string): Promise<void> {
  await removeRoot(shop, id);
  await removeIndexes(await shop.store(), id);
}

/** Indexes of a copy and their locks, whichever process left them. */
async function removeIndexes(store: PrivateStore, id: string): Promise<void> {
  const folder = store.index('');
  for (const name of await fs.readdir(folder)) {
    if (name.startsWith(`${id}.`) && /^[0-9a-f]{12}(\.lock)?$/u.test(name.slice(id.length + 1))) {
      await fs.rm(join(folder, name), { force: true });
    }
  }
}

async function readIn(store: PrivateStore, tree: string, path: string): Promise<Uint8Array | undefined> {
  const bytes = await readObject(store, `${tree}:${path}`);
  if (bytes === undefined) await assertTree(store, tree);
  return bytes;
}

async function merge(
  store: PrivateStore,
  trees: { readonly base: string; readonly ours: string; readonly theirs: string },
): ReturnType<WorkingCopies['merge']> {
  const [base, ours, theirs] = await Promise.all(
    [trees.base, trees.ours, trees.theirs].map((tree) => filesOf(store, tree)),
  );
  const none = new Map<string, TreeEntry>();
  const merged = await mergeEntries(
    { base: base ?? none, ours: ours ?? none, theirs: theirs ?? none },
    {
      read: async (blob) => (await readObject(store, blob)) ?? new Uint8Array(),
      write: async (bytes) => (await storeBlobs(store, [bytes]))[0] ?? '',
    },
  );
  const paths = new Set([...(ours ?? none).keys(), ...merged.entries.keys()]);
  const changed = [...paths].flatMap((path) => {
    const [before, after] = [ours?.get(path), merged.entries.get(path)];
    return before?.blob === after?.blob && before?.mode === after?.mode ? [] : [[path, after] as const];
  });
  // Removals first: a folder may take the place of a file.
  const order = changed.sort(([, a], [, b]) => Number(a !== undefined) - Number(b !== undefined));
  return { tree: await treeWith(store, trees.ours, order), conflicts: merged.conflicts };
}

async function compose(
  store: PrivateStore,
  tree: string,
  files: ReadonlyMap<string, Uint8Array | undefined>,
): Promise<string> {
  const before = await filesOf(store, tree);
  const written = [...files].flatMap(([path, bytes]) => (bytes ? [[path, bytes] as const] : []));
  const blobs = await storeBlobs(
    store,
    written.map(([, bytes]) => bytes),
  );
  const removed = [...files].flatMap(([path, bytes]) => (bytes ? [] : [[path, undefined] as const]));
  const entries = written.map(([path], index) => {
    return [path, { blob: blobs[index] ?? '', mode: before.get(path)?.mode ?? '100644' }] as const;
  });
  return treeWith(store, tree, [...removed, ...entries]);
}

const refsOf = (runId: string) => `refs/quartet/${runId}`;

async function retain(store: PrivateStore, runId: string, trees: readonly string[]): Promise<void> {
  for (const tree of trees) await assertTree(store, tree);
  const lines = [...new Set(trees)].map((tree) => `update ${refsOf(runId)}/${tree} ${tree}\n`);
  if (lines.length > 0) await store.text(['update-ref', '--stdin'], { input: lines.join('') });
}

async function release(store: PrivateStore, runId: string): Promise<void> {
  const refs = (await store.text(['for-each-ref', '--format=%(refname)', refsOf(runId)])).split('\n');
  const lines = refs.filter((ref) => ref !== '').map((ref) => `delete ${ref}\n`);
  if (lines.length > 0) await store.text(['update-ref', '--stdin'], { input: lines.join('') });
}
