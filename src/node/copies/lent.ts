/**
 * Folders of installed packages that tests need and git does not hold: a working copy gets them from a private copy, in a
 * way that never leads back into the person's files.
 */
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Log } from '../../core/ports.ts';
import { readIfThere } from '../storage.ts';
import { packageFolders } from './installed.ts';
import { cachedCopy, LENT_BYTES_MAX, LENT_FILES_MAX, TooLarge, type LentCopy } from './lent-cache.ts';
import { layComposerVendor, layNodeModules, layPythonEnvironment, type Laying } from './lent-lay.ts';

export interface Lender {
  /** Lays what the workspace has installed into a working copy, where nothing is there yet. */
  lend(root: string): Promise<void>;
}

export interface LenderOptions {
  readonly workspace: string;
  /** Where private copies are kept. */
  readonly cache: string;
  readonly log: Log;
}

/**
 * What builders make from sources (`target`, `build`, `dist`, `.next`) is not lent: builders tell by times whether it is fresh, so what was
 * built from the workspace's files would pass for the copy's, and the wrong code would be proved.
 *
 * Folders that are lent, and the files beside or in them whose contents tell one state of them from another. */
const KINDS = {
  node_modules: {
    outside: 'drop',
    lay: layNodeModules,
    tells: [
      '../package-lock.json',
      '../npm-shrinkwrap.json',
      '../yarn.lock',
      '../pnpm-lock.yaml',
      '../bun.lock',
      '../bun.lockb',
      '../package.json',
      '.package-lock.json',
      '.modules.yaml',
      '.yarn-state.yml',
      '.yarn-integrity',
    ],
  },
  '.venv': {
    outside: 'keep',
    lay: layPythonEnvironment,
    tells: [
      '../uv.lock',
      '../poetry.lock',
      '../Pipfile.lock',
      '../requirements.txt',
      '../pyproject.toml',
      'pyvenv.cfg',
    ],
  },
  vendor: {
    outside: 'drop',
    lay: layComposerVendor,
    tells: ['../composer.lock', '../composer.json', 'composer/installed.json'],
  },
} as const;

interface Lendable {
  /** Relative to the workspace, with "/". */
  readonly path: string;
  readonly kind: (typeof KINDS)[keyof typeof KINDS];
}

/** How deep packages of a workspace are looked for: `packages/<name>/node_modules`. */
const DEPTH_MAX = 2;

export function createLender({ workspace, cache, log }: LenderOptions): Lender {
  const copies = new Map<string, Promise<LentCopy | undefined>>();

  const copyOf = async (lendable: Lendable, real: string): Promise<LentCopy | undefined> => {
    const folder = join(real, lendable.path);
    const key = await keyOf(folder, lendable);
    const source = { folder, workspace: real, outside: lendable.kind.outside };
    const made =
      copies.get(key) ??
      cachedCopy(source, cache, key).catch((error: unknown) => {
        copies.delete(key);
        if (!(error instanceof TooLarge)) throw error;
        log.warn(tooLarge(lendable.path));
        return undefined;
      });
    copies.set(key, made);
    return made;
  };

  const lendOne = async (lendable: Lendable, root: string, real: string) => {
    const target = join(root, lendable.path);
    if ((await there(target)) || !(await there(dirname(target)))) return;
    const copy = await copyOf(lendable, real);
    if (!copy) return;
    if (copy.dropped > 0)
      log.info(`${lendable.path}: ${copy.dropped} links that lead elsewhere were left out`);
    const at = join(cache, `.lay.${randomBytes(6).toString('hex')}`);
    await lendable.kind.lay({ copy, at, root, workspace: real } satisfies Laying);
    await fs.rename(at, target);
  };

  return {
    lend: async (root) => {
      const real = await fs.realpath(workspace);
      for (const lendable of await lendables(real)) {
        try {
          await lendOne(lendable, root, real);
        } catch (error) {
          // Tests that need the folder will fail and say so; the run itself can go on.
          log.warn(
            `${lendable.path} could not be lent: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
      }
    },
  };
}

const tooLarge = (path: string) =>
  `${path} is not lent to working copies: it is larger than ${LENT_BYTES_MAX / 1024 ** 3} GiB or ${LENT_FILES_MAX} files`;

const there = async (path: string) =>
  fs.lstat(path).then(
    () => true,
    () => false,
  );

/** Installed folders of the workspace and, for linked packages, one and two levels down. */
async function lendables(workspace: string): Promise<Lendable[]> {
  const found: Lendable[] = [];
  const look = async (folder: string, depth: number): Promise<void> => {
    const entries = await fs.readdir(join(workspace, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isDirectory()) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name === 'node_modules') found.push({ path, kind: KINDS.node_modules });
      else if (depth === 0 && (await isPythonEnvironment(join(workspace, path))))
        found.push({ path, kind: KINDS['.venv'] });
      else if (entry.name === 'vendor' && (await isComposerVendor(join(workspace, path))))
        found.push({ path, kind: KINDS.vendor });
      else if (depth < DEPTH_MAX && !entry.name.startsWith('.')) await look(path, depth + 1);
    }
  };
  await look('', 0);
  return found;
}

/** Other folders of that name hold sources, as those of Go do: they are a part of the base. */
const isComposerVendor = async (folder: string) =>
  (await there(join(folder, 'autoload.php'))) && (await there(join(folder, 'composer', 'installed.json')));

const isPythonEnvironment = (folder: string) => there(join(folder, 'pyvenv.cfg'));

/** The same key as long as the folder is as it was installed. */
async function keyOf(folder: string, { path, kind }: Lendable): Promise<string> {
  const hash = createHash('sha256').update(`${folder}\0${path}\0`);
  for (const file of kind.tells) hash.update(`${file}\0${(await readIfThere(join(folder, file))) ?? ''}\0`);
  for (const at of [folder, ...(await packageFolders(folder))])
    hash.update(`${String((await fs.stat(at)).mtimeMs)}\0`);
  return hash.digest('hex').slice(0, 24);
}
