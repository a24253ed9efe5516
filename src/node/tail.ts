/** Reading a file of lines from a place on, a part at a time. */
import * as fs from 'node:fs/promises';
import type { JournalPart } from '../core/ports.ts';

/** Bytes of a part, unless one line is longer. */
const PART_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** The whole lines that begin at byte `from`. Errors: those of the file system. */
export async function wholeLines(path: string, from: number): Promise<JournalPart> {
  const handle = await fs.open(path, 'r');
  try {
    const { size } = await handle.stat();
    for (let length = PART_BYTES; from < size; length *= 2) {
      const wanted = Math.min(length, size - from);
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, from);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
      if (end > 0) return { lines: buffer.toString('utf8', 0, end), next: from + end, size };
      if (from + wanted >= size || bytesRead < wanted) break;
    }
    return { lines: '', next: Math.min(from, size), size };
  } finally {
    await handle.close();
  }
}
