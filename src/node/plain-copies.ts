/** Working copies where no git is installed: contents by SHA-256, trees as manifests, checkouts by copying. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { basename, join } from 'node:path';
import { lineChanges } from '../core/changes/line-diff.ts';
import { splitLines } from '../core/changes/text-form.ts';
import type { Log, TreeDelta, WorkingCopies, WorkingCopy } from '../core/ports.ts';
import { createLender, type Lender } from './copies/lent.ts';
import { checkOut, createCheckout, recordFolder, snapshot } from './copies/plain/checkout.ts';
import { baseIndex, giveUp, keep } from './copies/plain/keeping.ts';
import { foldersOf } from './copies/plain/look.ts';
import { createObjects, FOLDER_MODE, type PlainObjects } from './copies/plain/objects.ts';
import { readRules } from './copies/plain/rules.ts';
import { readStatCache } from './copies/plain/seen.ts';
import { createPreparedLender } from './copies/prepared.ts';
import { removeRoot, rootOf, storageWithin } from './copies/root.ts';
import { createIgnoreRules, ignoresBelow } from './ignore-rules.ts';
import { mergeEntries, type TreeEntry } from './merge-entries.ts';
import { makeFolder, readIfThere, stored } from './storage.ts';

export interface PlainCopiesOptions {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  /** Absolute path of the storage folder. */
  readonly storage: string;
  readonly log: Log;
}

/** A store of this kind, by the name of its folder. */
export const PLAIN_STORE = /^[0-9a-f]{16}\.plain$/u;

interface Shop extends PlainCopiesOptions {
  readonly lender: Lender;
  readonly prepared: Lender;
  open(): Promise<OpenStore>;
}
interface OpenStore {
  readonly dir: string;
  readonly objects: PlainObjects;
}

/** A store that is there, or that is made. */
export async function openPlainStore(storage: string, dir: string): Promise<OpenStore> {
  const tmp = join(storage, 'tmp');
  for (const folder of [tmp, ...['blobs', 'trees', 'refs', 'indexes'].map((name) => join(dir, name))])
    await makeFolder(folder);
  return { dir, objects: createObjects(dir, tmp) };
}

export function createPlainCopies(options: PlainCopiesOptions): WorkingCopies {
  const { workspace, storage, log } = options;
  let opening: Promise<OpenStore> | undefined;
  const open = async (): Promise<OpenStore> => {
    const real = await fs.realpath(workspace).catch(() => workspace);
    const name = `${createHash('sha256').update(real).digest('hex').slice(0, 16)}.plain`;
    return openPlainStore(storage, join(storage, 'store', name));
  };
  const shop: Shop = {
    ...options,
    lender: createLender({ workspace, cache: join(storage, 'cache', 'lent'), log }),
    prepared: createPreparedLender({ storage, log }),
    open: () =>
      (opening ??= stored('The private store could not be made', open).catch((error: unknown) => {
        opening = undefined;
        throw error;
      })),
  };
  const within = <T>(doing: string, work: (store: OpenStore) => Promise<T>): Promise<T> =>
    stored(doing, async () => {
      const store = await shop.open();
      const done = await work(store);
      // What is told of is durable.
      await store.objects.settle();
      return done;
    });
  const reading = 'The private store could not be read';
  const writing = 'The private store could not be written';
  return {
    takeBase: (unsaved) => within('The base could not be taken', (store) => takeBase(shop, store, unsaved)),
    create: (id, tree, how) =>
      within('The working copy could not be made', (store) =>
        createCopy(shop, store, { id, tree, keep: how?.keep ?? false }),
      ),
    rootOf: (id) => rootOf(storage, id),
    discard: (id) => stored('The working copy could not be removed', () => removeRoot(options, id)),
    diff: (from, to) => within(reading, ({ objects }) => diff(objects, from, to)),
    read: (tree, path) =>
      within(reading, async ({ objects }) => {
        const entry = await objects.at(tree, path);
        return entry && entry.mode !== FOLDER_MODE ? objects.bytes(entry.blob) : undefined;
      }),
    names: (tree, path) => within(reading, ({ objects }) => names(objects, tree, path)),
    merge: (base, ours, theirs) => within(writing, ({ objects }) => merge(objects, { base, ours, theirs })),
    compose: (tree, files) => within(writing, ({ objects }) => compose(objects, tree, files)),
    retain: (runId, trees) =>
      within(writing, async ({ dir, objects }) => {
        for (const tree of trees) await objects.folder(tree);
        if (trees.length > 0) await keep(dir, runId, trees);
      }),
    release: (runId) => within(writing, ({ dir }) => giveUp(dir, runId)),
  };
}

async function takeBase(
  { workspace, storage }: Shop,
  { dir, objects }: OpenStore,
  unsaved: ReadonlyMap<string, string>,
): ReturnType<WorkingCopies['takeBase']> {
  const rules = await readRules(workspace);
  const seen = await readStatCache(baseIndex(dir));
  const looking = { root: workspace, rules: rules.text, held: new Set<string>() };
  const but = await storageWithin(workspace, storage);
  const nothing = new Map<string, TreeEntry>();
  const { entries, notes } = await recordFolder(objects, { ...looking, but }, { seen, former: nothing });
  await seen.save(baseIndex(dir), new Set(entries.keys()));
  const laid = await overlay({ workspace, rules: rules.text }, objects, { entries, unsaved });
  const more = laid === 0 ? [] : [`Unsaved text of ${laid} editors is part of the base.`];
  const tree = await objects.putTree(entries);
  return { tree, files: entries.size, notes: [...rules.notes, ...notes, ...more] };
}

/** Puts unsaved texts over the files. Texts of files that a rule leaves out stay out. */
async function overlay(
  { workspace, rules }: { readonly workspace: string; readonly rules: string },
  objects: PlainObjects,
  files: { readonly entries: Map<string, TreeEntry>; readonly unsaved: ReadonlyMap<string, string> },
): Promise<number> {
  const ignore = createIgnoreRules();
  for (const folder of ['', ...foldersOf(files.unsaved.keys())]) {
    const own = (await readIfThere(join(workspace, folder, '.gitignore')).catch(() => undefined)) ?? '';
    ignore.add(folder, folder === '' ? rules + own : own);
  }
  let laid = 0;
  for (const [path, text] of files.unsaved) {
    const former = files.entries.get(path);
    if (former?.mode === '120000' || ignoresBelow(ignore, path)) continue;
    const blob = await objects.putBytes(Buffer.from(text, 'utf8'));
    files.entries.set(path, { blob, mode: former?.mode ?? '100644' });
    laid += 1;
  }
  return laid;
}

async function createCopy(
  shop: Shop,
  { dir, objects }: OpenStore,
  { id, tree, keep }: { readonly id: string; readonly tree: string; readonly keep: boolean },
): Promise<WorkingCopy> {
  const root = rootOf(shop.storage, id);
  await objects.folder(tree);
  const isNew = (await fs.mkdir(root, { recursive: true })) !== undefined;
  const at = createCheckout(root, (await readRules(shop.workspace)).text);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    const now = last.then(() => stored(`${doing} in ${basename(dir)}`, work));
    last = now.catch(() => undefined);
    return now;
  };
  const copy: WorkingCopy = {
    id,
    root,
    snapshot: () =>
      inTurn('The working copy could not be recorded', async () => {
        const taken = await snapshot(objects, at);
        await objects.settle();
        return taken;
      }),
    restore: (to) => inTurn('The working copy could not be put back', () => checkOut(objects, at, to)),
    remove: () => inTurn('The working copy could not be removed', () => removeRoot(shop, id)),
  };
  if (keep && !isNew) at.entries = await objects.files(tree);
  else await copy.restore(tree);
  await shop.lender.lend(root);
  await shop.prepared.lend(root);
  return copy;
}

async function names(
  objects: PlainObjects,
  tree: string,
  path: string,
): Promise<readonly string[] | undefined> {
  const entry = await objects.at(tree, path);
  if (entry?.mode !== FOLDER_MODE) return undefined;
  return [...(await objects.folder(entry.blob))]
    .map(([name, { mode }]) => (mode === FOLDER_MODE ? `${name}/` : name))
    .sort();
}

async function diff(objects: PlainObjects, from: string, to: string): Promise<readonly TreeDelta[]> {
  const pairs = await differing(objects, { from, to, prefix: '' });
  const deltas: TreeDelta[] = [];
  for (const { path, old, now } of pairs) deltas.push(await deltaOf(objects, { path, old, now }));
  return deltas.sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface Pair {
  readonly path: string;
  readonly old: TreeEntry | undefined;
  readonly now: TreeEntry | undefined;
}

/** Files that differ; folders that are the same are not looked into. */
async function differing(
  objects: PlainObjects,
  { from, to, prefix }: { readonly from?: string; readonly to?: string; readonly prefix: string },
): Promise<readonly Pair[]> {
  if (from === to) {
    if (from !== undefined) await objects.folder(from);
    return [];
  }
  const none = new Map<string, TreeEntry>();
  const before = from === undefined ? none : await objects.folder(from);
  const after = to === undefined ? none : await objects.folder(to);
  const pairs: Pair[] = [];
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(name), after.get(name)];
    if (old?.blob === now?.blob && old?.mode === now?.mode) continue;
    const path = prefix + name;
    const [a, b] = [old, now].map((entry) => (entry?.mode === FOLDER_MODE ? entry.blob : undefined));
    if (a !== undefined || b !== undefined) {
      const inner = { ...(a !== undefined && { from: a }), ...(b !== undefined && { to: b }) };
      pairs.push(...(await differing(objects, { ...inner, prefix: `${path}/` })));
    }
    const pair = { path, old: a === undefined ? old : undefined, now: b === undefined ? now : undefined };
    if (pair.old ?? pair.now) pairs.push(pair);
  }
  return pairs;
}

/** Git looks for a NUL in so many bytes to tell what is no text. */
const BINARY_BYTES = 8000;

async function deltaOf(objects: PlainObjects, { path, old, now }: Pair): Promise<TreeDelta> {
  const bytes = async (entry: TreeEntry | undefined) =>
    Buffer.from(entry ? await objects.bytes(entry.blob) : new Uint8Array());
  const [before, after] = [await bytes(old), await bytes(now)];
  const binary = [before, after].some((each) => each.subarray(0, BINARY_BYTES).includes(0));
  const lines = (each: Buffer): readonly string[] => splitLines(each.toString('latin1'));
  const changes = binary || old?.blob === now?.blob ? [] : lineChanges(lines(before), lines(after));
  return {
    path,
    kind: old === undefined ? 'added' : now === undefined ? 'deleted' : 'modified',
    ...(old && { oldBlob: old.blob, oldMode: old.mode }),
    ...(now && { newBlob: now.blob, newMode: now.mode }),
    binary,
    additions: changes.reduce((sum, { newStart, newEnd }) => sum + newEnd - newStart, 0),
    deletions: changes.reduce((sum, { oldStart, oldEnd }) => sum + oldEnd - oldStart, 0),
  };
}

async function merge(
  objects: PlainObjects,
  trees: { readonly base: string; readonly ours: string; readonly theirs: string },
): ReturnType<WorkingCopies['merge']> {
  const [base, ours, theirs] = [
    await objects.files(trees.base),
    await objects.files(trees.ours),
    await objects.files(trees.theirs),
  ];
  const { entries, conflicts } = await mergeEntries(
    { base, ours, theirs },
    { read: (blob) => objects.bytes(blob), write: (bytes) => objects.putBytes(bytes) },
  );
  return { tree: await objects.putTree(entries), conflicts };
}

async function compose(
  objects: PlainObjects,
  tree: string,
  files: ReadonlyMap<string, Uint8Array | undefined>,
): Promise<string> {
  const entries = await objects.files(tree);
  const written = [...files].flatMap(([path, bytes]) => (bytes ? [path] : []));
  const folders = foldersOf(written);
  const modes = new Map(written.map((path) => [path, entries.get(path)?.mode ?? '100644']));
  for (const path of [...entries.keys()]) {
    // A folder may take the place of a file, and a file that of a folder.
    const covered = [...foldersOf([path])].some((folder) => modes.has(folder));
    if (files.has(path) || folders.has(path) || covered) entries.delete(path);
  }
  for (const [path, bytes] of files)
    if (bytes) entries.set(path, { blob: await objects.putBytes(bytes), mode: modes.get(path) ?? '100644' });
  return objects.putTree(entries);
}
