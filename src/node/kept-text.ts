/** A text that may be lost, in a file of its own: whole or not there at all, readable for the person alone. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptText } from '../core/ports.ts';
import { errorCode, readIfThere, replaceCache, stored } from './storage.ts';

export function createKeptText(folder: string, name: string): KeptText {
  const path = join(folder, name);
  return {
    read: (bytesMax) =>
      stored(`Reading ${path}`, async () => {
        const size = await sizeOf(path);
        return size === undefined || size > bytesMax ? undefined : await readIfThere(path);
      }),
    write: (text) =>
      stored(`Writing ${path}`, async () => {
        await fs.mkdir(folder, { recursive: true });
        await replaceCache(folder, name, text);
      }),
    remove: () => stored(`Removing ${path}`, () => fs.rm(path, { force: true })),
  };
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await fs.stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
