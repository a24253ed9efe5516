/** What was read of files, and how they looked then: a file that still looks so is not read again. */
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { TreeEntry } from '../../merge-entries.ts';
import { readIfThere, replaceCache } from '../../storage.ts';

/** How a file looked, and its content then. */
type Seen = readonly [look: string, blob: string];

export interface StatCache {
  /** The content of a file that looks as it did; undefined where it has to be read. */
  known(path: string, stat: BigIntStats): string | undefined;
  note(path: string, stat: BigIntStats, blob: string): void;
  /** Contents that it refers to. */
  blobs(): Iterable<string>;
  /** Keeps it for another process, but for paths that are no more. */
  save(file: string, paths: ReadonlySet<string>): Promise<void>;
}

/** Two writes so close to each other may leave the same times: file systems count in steps of up to two seconds. */
const STEP_MS = 2000;

export function createStatCache(from: Iterable<readonly [string, Seen]> = []): StatCache {
  const seen = new Map<string, Seen>(from);
  return {
    known: (path, stat) => {
      const [look, blob] = seen.get(path) ?? [];
      return look === lookOf(stat) ? blob : undefined;
    },
    note: (path, stat, blob) => {
      const changedMs = Math.max(Number(stat.mtimeMs), Number(stat.ctimeMs));
      if (changedMs + STEP_MS < Date.now()) seen.set(path, [lookOf(stat), blob]);
      else seen.delete(path);
    },
    *blobs() {
      for (const [, blob] of seen.values()) yield blob;
    },
    save: async (file, paths) => {
      const rows = JSON.stringify([...seen].filter(([path]) => paths.has(path)));
      await replaceCache(dirname(file), basename(file), `${sumOf(rows)}\n${rows}`);
    },
  };
}

/** What a process kept; one that is damaged is as none. */
export async function readStatCache(file: string): Promise<StatCache> {
  const text = (await readIfThere(file)) ?? '';
  const end = text.indexOf('\n');
  const rows = text.slice(end + 1);
  if (end < 0 || sumOf(rows) !== text.slice(0, end)) return createStatCache();
  return createStatCache(JSON.parse(rows) as readonly (readonly [string, Seen])[]);
}

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const lookOf = ({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string =>
  `${size} ${mtimeNs} ${ctimeNs} ${ino}`;

/** The mode of a file as git has it. Where the system knows no right to run, it stays as it was. */
export function modeOf(stat: BigIntStats, former: TreeEntry | undefined): string {
  if (stat.isSymbolicLink()) return '120000';
  if (process.platform === 'win32') return former?.mode === '100755' ? '100755' : '100644';
  return (stat.mode & 0o100n) === 0n ? '100644' : '100755';
}
