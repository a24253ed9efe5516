/** Files that are named by the SHA-256 of what they hold. What is there is never written again; its time tells when it was last wanted. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PortError } from '../../../core/ports.ts';
import { draftIn } from '../../drafts.ts';
import { createSynced, errorCode, syncFolder } from '../../storage.ts';

export type Kind = 'blobs' | 'trees';

export interface Contents {
  put(kind: Kind, bytes: Uint8Array | string): Promise<string>;
  /** Stores what a file holds; reads it once. */
  putFile(path: string): Promise<string>;
  /** Errors: `store.missing` where it is lost or damaged. */
  read(kind: Kind, id: string): Promise<Buffer>;
  /** Writes a content to a path where nothing is. Errors: `store.missing`. */
  copyOut(id: string, to: string): Promise<void>;
  /** Resolves once everything that was put is durable. */
  settle(): Promise<void>;
}

/** Longest file that is read at once, in bytes; a longer one is hashed as it is copied. */
const AT_ONCE_BYTES_MAX = 16 * 1024 * 1024;
const ID = /^[0-9a-f]{64}$/u;

const idOf = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');

/** Where a content of a store lies. */
export function placeOf(dir: string, kind: Kind, id: string): string {
  return join(dir, kind, id.slice(0, 2), id.slice(2));
}

export function createContents(dir: string, tmp: string): Contents {
  const fresh = new Set<string>();
  let settling: Promise<void> = Promise.resolve();
  const give = async (draft: string, path: string): Promise<void> => {
    await fs.mkdir(dirname(path), { recursive: true });
    await fs.rename(draft, path);
    fresh.add(dirname(path)).add(dirname(dirname(path)));
  };
  const put = async (kind: Kind, bytes: Uint8Array | string): Promise<string> => {
    const id = idOf(bytes);
    const path = placeOf(dir, kind, id);
    if (await isWanted(path)) return id;
    const draft = draftIn(tmp);
    await createSynced(draft, bytes);
    await give(draft, path);
    return id;
  };
  const putLarge = async (from: string): Promise<string> => {
    const draft = draftIn(tmp);
    const id = await copyHashed(from, draft);
    const path = placeOf(dir, 'blobs', id);
    if (await isWanted(path)) await fs.rm(draft, { force: true });
    else await give(draft, path);
    return id;
  };
  const missing = (kind: Kind, id: string): PortError =>
    new PortError(
      'store.missing',
      `The ${kind === 'trees' ? 'tree' : 'content'} ${id} is not in the private store ${dir}.`,
      { advice: 'The private store lost part of this run. Start the goal again.' },
    );
  const settle = async (): Promise<void> => {
    const folders = [...fresh];
    fresh.clear();
    for (const each of folders) await syncFolder(each);
  };
  return {
    put,
    putFile: async (path) => {
      const { size } = await fs.lstat(path);
      return size > AT_ONCE_BYTES_MAX ? putLarge(path) : put('blobs', await fs.readFile(path));
    },
    read: async (kind, id) => {
      const bytes = ID.test(id) ? await wholeOf(placeOf(dir, kind, id), id) : undefined;
      if (!bytes) throw missing(kind, id);
      return bytes;
    },
    copyOut: async (id, to) => {
      const { COPYFILE_EXCL, COPYFILE_FICLONE } = fs.constants;
      await fs
        .copyFile(placeOf(dir, 'blobs', id), to, COPYFILE_EXCL | COPYFILE_FICLONE)
        .catch((error: unknown) => {
          throw isMissing(error) ? missing('blobs', id) : error;
        });
    },
    settle: () => (settling = settling.catch(() => undefined).then(settle)),
  };
}

/** True where it is there; then it counts as wanted now. */
async function isWanted(path: string): Promise<boolean> {
  const now = new Date();
  return fs.utimes(path, now, now).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
}

/** Copies a file durably; the id of what was copied. */
async function copyHashed(from: string, to: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = await fs.open(to, 'wx', 0o600);
  try {
    for await (const part of createReadStream(from) as AsyncIterable<Buffer>) {
      hash.update(part);
      await handle.writeFile(part);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

/** The bytes, if they are there and what their name says. */
async function wholeOf(path: string, id: string): Promise<Buffer | undefined> {
  const bytes = await fs.readFile(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  return bytes && idOf(bytes) === id ? bytes : undefined;
}
