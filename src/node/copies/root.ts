/** Where working copies lie, and what must not lie in them. */
import * as fs from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { PortError } from '../../core/ports.ts';
import { takeAway, type Removal } from '../retention/remove.ts';

const COPY_ID = /^[a-z0-9][a-z0-9._-]{0,199}$/iu;

/** Absolute path of the working copy of that id. Errors: `copy.invalid`. */
export function rootOf(storage: string, id: string): string {
  if (!COPY_ID.test(id)) throw new PortError('copy.invalid', `"${id}" cannot name a working copy.`);
  return join(storage, 'copies', id);
}

/** Removes the folder of a working copy. What another program holds is left, and goes with the next sweep: it must not spoil a run. */
export async function removeRoot(removal: Removal, id: string): Promise<void> {
  await takeAway(removal, rootOf(removal.storage, id));
}

/** True where a link at `path` with that target would lead out of `root`. */
export function targetLeadsOut(root: string, path: string, target: string): boolean {
  const end = relative(root, resolve(dirname(join(root, path)), target));
  return isAbsolute(target) || end === '..' || end.startsWith(`..${sep}`);
}

/** Path of the storage folder in the workspace, with "/"; undefined where it lies elsewhere. */
export async function storageWithin(workspace: string, storage: string): Promise<string | undefined> {
  const path = relative(await fs.realpath(workspace), await fs.realpath(storage));
  if (path === '' || path.startsWith('..') || isAbsolute(path)) return undefined;
  return path.split(sep).join('/');
}
