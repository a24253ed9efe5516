/**
 * Packages for workspaces that have none installed: a checkout of the base in which the project's own set-up commands ran once for
 * these lock files. Working copies whose lock files read the same are lent from it what they would be lent from the workspace.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { Log, WorkingCopies } from '../../core/ports.ts';
import type { Prepared } from '../../core/run/gate/install.ts';
import { createWhole, makeFolder, readIfThere, stored } from '../storage.ts';
import { createLender, type Lender } from './lent.ts';

/** Files that say what is installed. */
const TELLS = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  'uv.lock',
  'poetry.lock',
  'Pipfile.lock',
  'package.json',
  'pyproject.toml',
  'requirements.txt',
];
/** So many are kept; the oldest go. */
const KEPT_MAX = 4;
/** Tells that an installation is whole, beside its folder; touched whenever it is used. */
export const DONE = '.done';

/** Where they lie, a folder each. */
export const preparedFolder = (storage: string): string => join(storage, 'cache', 'prepared');

export interface Preparing {
  readonly storage: string;
  readonly copies: Pick<WorkingCopies, 'create' | 'discard'>;
  readonly tree: string;
  /** Runs the set-up commands in a folder; false where one failed. */
  readonly install: (root: string) => Promise<boolean>;
}

/** `there`: it was done before for these lock files. Errors: `storage.full`, `storage.failed`, those of the copies and of `install`. */
export async function preparePackages({ storage, copies, tree, install }: Preparing): Promise<Prepared> {
  const home = preparedFolder(storage);
  const id = `prepare-${tree.slice(0, 12)}`;
  const copy = await copies.create(id, tree);
  try {
    const key = await keyOf(copy.root);
    const folder = join(home, key);
    if (await isUsed(home, key)) return 'there';
    await stored('The packages could not be prepared', async () => {
      await makeFolder(home);
      await fs.rm(folder, { recursive: true, force: true });
      await fs.rename(copy.root, folder);
    });
    // What is installed may name the folder that it is in: from here on it stays where it is.
    let isWhole = false;
    try {
      isWhole = await install(folder);
    } finally {
      if (!isWhole) await fs.rm(folder, { recursive: true, force: true });
    }
    if (!isWhole) return 'failed';
    await createWhole(home, key + DONE, '');
    await dropOldest(home);
    return 'made';
  } finally {
    await copies.discard(id);
  }
}

/** Lends what was prepared for the lock files of a copy, where it has nothing yet. */
export function createPreparedLender({ storage, log }: { storage: string; log: Log }): Lender {
  const home = preparedFolder(storage);
  const cache = join(storage, 'cache', 'lent');
  const lenders = new Map<string, Lender>();
  return {
    async lend(root) {
      if ((await fs.stat(home).catch(() => undefined)) === undefined) return;
      const key = await keyOf(root);
      if (!(await isUsed(home, key))) return;
      const lender = lenders.get(key) ?? createLender({ workspace: join(home, key), cache, log });
      lenders.set(key, lender);
      await lender.lend(root);
    },
  };
}

/** True where there is one; that it is used is noted, as it tells what may be collected. */
async function isUsed(home: string, key: string): Promise<boolean> {
  const done = join(home, key + DONE);
  if ((await readIfThere(done)) === undefined) return false;
  await fs.utimes(done, new Date(), new Date()).catch(() => undefined);
  return true;
}

/** Whether packages are prepared for the lock files of a folder. */
export async function isPrepared(storage: string, root: string): Promise<boolean> {
  return (await readIfThere(join(preparedFolder(storage), (await keyOf(root)) + DONE))) !== undefined;
}

async function keyOf(root: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of TELLS) hash.update(`${name}\0${(await readIfThere(join(root, name))) ?? ''}\0`);
  return hash.digest('hex').slice(0, 24);
}

async function dropOldest(home: string): Promise<void> {
  const done = (await fs.readdir(home)).filter((name) => name.endsWith(DONE));
  const aged = await Promise.all(
    done.map(async (name) => ({ name, at: (await fs.stat(join(home, name))).mtimeMs })),
  );
  for (const { name } of aged.toSorted((one, other) => other.at - one.at).slice(KEPT_MAX)) {
    await fs.rm(join(home, name), { force: true });
    await fs.rm(join(home, name.slice(0, -DONE.length)), { recursive: true, force: true });
  }
}
