/** Which trees runs need, and what goes when none does. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { createWhole, errorCode, readIfThere } from '../../storage.ts';
import { placeOf, type Kind } from './contents.ts';
import { FOLDER_MODE, type PlainObjects } from './objects.ts';
import { readStatCache } from './seen.ts';

/** Objects that nothing refers to are kept for this long: a step under way refers to them in a moment. */
const YOUNG_MS = 3_600_000;

const refs = (dir: string): string => join(dir, 'refs');
/** What was read for the last base: it makes the next one fast, so what it refers to stays. */
export const baseIndex = (dir: string): string => join(dir, 'indexes', 'base');

async function keptBy(dir: string, run: string): Promise<readonly string[]> {
  const text = (await readIfThere(join(refs(dir), run))) ?? '';
  return text.split('\n').filter((tree) => tree !== '');
}

export async function keep(dir: string, run: string, trees: readonly string[]): Promise<void> {
  const all = new Set([...(await keptBy(dir, run)), ...trees]);
  await createWhole(refs(dir), run, [...all].map((tree) => `${tree}\n`).join(''));
}

export async function giveUp(dir: string, run: string): Promise<void> {
  await fs.rm(join(refs(dir), run), { force: true });
}

/** Runs whose trees are kept. */
export async function keptRuns(dir: string): Promise<readonly string[]> {
  return (await fs.readdir(refs(dir)).catch(() => [])).filter((name) => !name.startsWith('.'));
}

/** Removes what no run needs. Errors: `store.missing` where it cannot be told, because a kept tree is damaged. */
export async function prune(dir: string, objects: PlainObjects, now = Date.now()): Promise<void> {
  const wanted = new Set((await readStatCache(baseIndex(dir))).blobs());
  for (const run of await keptRuns(dir))
    for (const tree of await keptBy(dir, run)) await mark(objects, tree, wanted);
  for (const kind of ['blobs', 'trees'] as const)
    for (const id of await idsOf(dir, kind)) {
      const path = placeOf(dir, kind, id);
      if (!wanted.has(id) && (await isOld(path, now))) await fs.rm(path, { force: true });
    }
}

async function idsOf(dir: string, kind: Kind): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const part of await names(join(dir, kind)))
    for (const rest of await names(join(dir, kind, part))) ids.push(part + rest);
  return ids;
}

async function mark(objects: PlainObjects, tree: string, wanted: Set<string>): Promise<void> {
  if (wanted.has(tree)) return;
  wanted.add(tree);
  for (const { mode, blob } of (await objects.folder(tree)).values()) {
    if (mode === FOLDER_MODE) await mark(objects, blob, wanted);
    else wanted.add(blob);
  }
}

const isOld = async (path: string, now: number): Promise<boolean> => {
  const stat = await fs.lstat(path).catch(() => undefined);
  return stat !== undefined && now - stat.mtimeMs > YOUNG_MS;
};

async function names(folder: string): Promise<readonly string[]> {
  return fs.readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
}
