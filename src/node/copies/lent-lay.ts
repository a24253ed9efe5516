/**
 * Lays a private copy of an installed folder into a working copy: real folders where something may be added or re-made,
 * links to the private copy for the rest.
 */
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LentCopy } from './lent-cache.ts';

export interface Laying {
  readonly copy: LentCopy;
  /** Where the folder is built; it is moved to `<root>/<path>` afterwards. */
  readonly at: string;
  /** The working copy. */
  readonly root: string;
  /** The workspace that the folder comes from. */
  readonly workspace: string;
}

/** Folders that tools write into as they run: every working copy has its own. */
const WRITTEN = new Set(['.cache', '.vite', '.vite-temp', '.vitest', '.tmp']);
/** Longest script of a Python environment that is looked at, in bytes. */
const SCRIPT_BYTES_MAX = 256 * 1024;

/** `node_modules`: packages are links, scopes and `.bin` real folders, packages of the workspace lead into the working copy. */
export async function layNodeModules({ copy, at, root }: Laying): Promise<void> {
  await fs.mkdir(at, { recursive: true });
  for (const entry of await fs.readdir(copy.folder, { withFileTypes: true })) {
    if (WRITTEN.has(entry.name)) continue;
    const [from, to] = [join(copy.folder, entry.name), join(at, entry.name)];
    if (entry.name === '.bin') await layEach(from, to, layFile);
    else if (entry.name.startsWith('@') && entry.isDirectory()) await layEach(from, to, linkTo);
    else if (entry.isFile()) await fs.copyFile(from, to);
    else await linkTo(from, to);
  }
  for (const { path, target } of copy.links) {
    // Deeper ones lie in a package that all working copies share.
    if (!/^(@[^/]+\/|\.bin\/)?[^/]+$/u.test(path)) continue;
    await fs.mkdir(dirname(join(at, path)), { recursive: true });
    await fs.symlink(join(root, target), join(at, path), 'junction');
  }
}

/** Composer's `vendor`: its loader finds the project by where it lies, so it is real; packages are links, those of the workspace lead into the working copy. */
export async function layComposerVendor({ copy, at, root }: Laying): Promise<void> {
  await layEach(copy.folder, at, async (from, to, name) => {
    if (name === 'composer') await fs.cp(from, to, { recursive: true, verbatimSymlinks: true });
    else if (name === 'bin') await layEach(from, to, layFile);
    else if ((await fs.lstat(from)).isDirectory()) await layEach(from, to, linkTo);
    else await layFile(from, to);
  });
  for (const { path, target } of copy.links) {
    // Deeper ones lie in a package that all working copies share.
    if (!/^([^/]+\/)?[^/]+$/u.test(path)) continue;
    await fs.mkdir(dirname(join(at, path)), { recursive: true });
    await fs.symlink(join(root, target), join(at, path), 'junction');
  }
}

/** A Python environment: scripts and path files that name the workspace are re-made to name the working copy. */
export async function layPythonEnvironment(laying: Laying): Promise<void> {
  const { copy, at } = laying;
  const remake = (from: string, to: string) => layRewritten(from, to, laying);
  await layEach(copy.folder, at, async (from, to, name) => {
    if (name === 'bin' || name === 'Scripts') await layEach(from, to, remake);
    else if (name === 'lib' || name === 'Lib') await layLibraries(from, to, remake);
    else await remake(from, to);
  });
}

type Lay = (from: string, to: string, name: string) => Promise<void>;

/** `lib/pythonX.Y/site-packages` on most systems, `Lib/site-packages` on Windows. */
async function layLibraries(from: string, to: string, remake: Lay): Promise<void> {
  await layEach(from, to, async (inner, target, name) => {
    if (name === 'site-packages') await layEach(inner, target, layPackage(remake));
    else if (/^python/u.test(name)) await layLibraries(inner, target, remake);
    else await linkTo(inner, target);
  });
}

const layPackage =
  (remake: Lay): Lay =>
  async (from, to, name) =>
    /\.(pth|egg-link)$|^__editable__.*\.py$/u.test(name) ? remake(from, to, name) : linkTo(from, to);

async function layEach(from: string, to: string, lay: Lay): Promise<void> {
  await fs.mkdir(to, { recursive: true });
  for (const name of await fs.readdir(from)) await lay(join(from, name), join(to, name), name);
}

const linkTo = async (from: string, to: string): Promise<void> => fs.symlink(from, to, 'junction');

/** A link as it is (it leads to its neighbours), a file as a copy. */
async function layFile(from: string, to: string): Promise<void> {
  const stat = await fs.lstat(from);
  if (stat.isSymbolicLink()) await fs.symlink(await fs.readlink(from), to);
  else if (stat.isFile()) await fs.copyFile(from, to);
  else await linkTo(from, to);
}

async function layRewritten(from: string, to: string, { root, workspace }: Laying): Promise<void> {
  const stat = await fs.lstat(from);
  if (!stat.isFile() || stat.size > SCRIPT_BYTES_MAX) return layFile(from, to);
  const text = await fs.readFile(from, 'utf8');
  if (!text.includes(workspace)) return fs.copyFile(from, to);
  return fs.writeFile(to, text.replaceAll(workspace, root), { mode: stat.mode });
}
