/** Private copies of installed folders. They are copied once per state of the folder and never lead back into the workspace. */
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import * as z from 'zod';
import { draftIn } from '../drafts.ts';
import { makeFolder, readIfThere } from '../storage.ts';

/** Largest folder that is copied. Above it tests that need it cannot run in a working copy, which is said. */
export const LENT_BYTES_MAX = 2 * 1024 ** 3;
export const LENT_FILES_MAX = 250_000;
/** Tells that a copy is whole; touched whenever it is lent. */
export const MANIFEST = 'manifest.json';
/** Files that are copied at once. */
const AT_ONCE = 24;

/** A link of the folder that led into the workspace, to be made again into the working copy: both relative, with "/". */
const WorkspaceLink = z.object({ path: z.string(), target: z.string() });
export type WorkspaceLink = z.infer<typeof WorkspaceLink>;
const Manifest = z.object({ links: z.array(WorkspaceLink), dropped: z.number().int() });

export interface LentSource {
  /** Absolute path of the folder in the workspace. */
  readonly folder: string;
  /** Absolute, real path of the workspace. */
  readonly workspace: string;
  /** Links to what lies outside the workspace (an interpreter of the system) stay; else they are dropped. */
  readonly outside: 'keep' | 'drop';
}
export interface LentCopy {
  readonly folder: string;
  readonly links: readonly WorkspaceLink[];
  /** Links that led to neither the folder nor the workspace. */
  readonly dropped: number;
}

export class TooLarge extends Error {}

/** The private copy at `<cache>/<key>/<name>`, made when it is not there. Throws `TooLarge`. */
export async function cachedCopy(source: LentSource, cache: string, key: string): Promise<LentCopy> {
  const home = join(cache, key);
  const folder = join(home, source.folder.slice(source.folder.lastIndexOf(sep) + 1));
  const known = await readManifest(home);
  if (known) {
    // When it was used last tells what may be collected.
    await fs.utimes(join(home, MANIFEST), new Date(), new Date());
    return { folder, ...known };
  }
  await makeFolder(cache);
  const draft = draftIn(cache, `.${key}`);
  try {
    const copying = createCopying(source);
    await copying.folder(source.folder, join(draft, relative(home, folder)));
    await fs.writeFile(join(draft, MANIFEST), JSON.stringify(copying.found));
    await fs.rename(draft, home).catch(async (error: unknown) => {
      // Another process may have been faster.
      if (!(await readManifest(home))) throw error;
    });
  } finally {
    await fs.rm(draft, { recursive: true, force: true });
  }
  return { folder, ...((await readManifest(home)) ?? { links: [], dropped: 0 }) };
}

async function readManifest(home: string): Promise<z.infer<typeof Manifest> | undefined> {
  const text = await readIfThere(join(home, MANIFEST));
  return text === undefined ? undefined : Manifest.parse(JSON.parse(text));
}

function createCopying(source: LentSource) {
  const found: { links: WorkspaceLink[]; dropped: number } = { links: [], dropped: 0 };
  let files = 0;
  let bytes = 0;
  const count = (size: number) => {
    files += 1;
    bytes += size;
    if (files > LENT_FILES_MAX || bytes > LENT_BYTES_MAX) throw new TooLarge();
  };

  const link = async (from: string, to: string) => {
    const target = await fs.readlink(from);
    const place = await placeOf(from, target, source);
    if (place.is === 'folder') await fs.symlink(place.target, to);
    else if (place.is === 'workspace')
      found.links.push({ path: slashed(relative(source.folder, from)), target: place.target });
    else if (place.is === 'outside' && source.outside === 'keep') await fs.symlink(place.target, to);
    else found.dropped += 1;
  };

  const folder = async (from: string, to: string): Promise<void> => {
    await fs.mkdir(to, { recursive: true });
    const entries = await fs.readdir(from, { withFileTypes: true });
    const leaves = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
    for (let at = 0; at < leaves.length; at += AT_ONCE) {
      await Promise.all(
        leaves.slice(at, at + AT_ONCE).map(async (entry) => {
          const [source_, target] = [join(from, entry.name), join(to, entry.name)];
          count(entry.isFile() ? (await fs.lstat(source_)).size : 0);
          if (entry.isFile()) await fs.copyFile(source_, target, constants.COPYFILE_FICLONE);
          else await link(source_, target);
        }),
      );
    }
    for (const entry of entries) {
      if (entry.isDirectory()) await folder(join(from, entry.name), join(to, entry.name));
    }
  };
  return { found, folder };
}

type Place =
  { readonly is: 'folder' | 'workspace' | 'outside'; readonly target: string } | { readonly is: 'nowhere' };

/** Where a link leads: inside its folder (target as seen from the link), inside the workspace (from its root), or elsewhere. */
async function placeOf(from: string, target: string, { folder, workspace }: LentSource): Promise<Place> {
  const lexical = resolve(dirname(from), target);
  if (below(folder, lexical)) {
    return { is: 'folder', target: isAbsolute(target) ? relative(dirname(from), lexical) : target };
  }
  const real = await fs.realpath(from).catch(() => undefined);
  if (real === undefined) return { is: 'nowhere' };
  if (below(workspace, lexical)) return { is: 'workspace', target: slashed(relative(workspace, lexical)) };
  if (below(workspace, real)) return { is: 'workspace', target: slashed(relative(workspace, real)) };
  return { is: 'outside', target: lexical };
}

const below = (folder: string, path: string): boolean => path === folder || path.startsWith(folder + sep);
const slashed = (path: string): string => path.split(sep).join('/');
