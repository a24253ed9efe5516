/** How much lies in a folder. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of the files below a folder; links are not followed, what vanishes meanwhile counts as nothing. Rejects where it is stopped. */
export async function sizeOf(folder: string, signal?: AbortSignal): Promise<number> {
  signal?.throwIfAborted();
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await sizeOf(path, signal);
    else
      bytes += await fs.lstat(path).then(
        ({ size }) => size,
        () => 0,
      );
  }
  return bytes;
}

/** When a file was last changed, in milliseconds since 1970; undefined where there is none. */
export async function changedAt(path: string): Promise<number | undefined> {
  return fs.stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
