/**
 * Drafts: files and folders on their way to a name of their own. Each names the process that makes it, so that what a killed one left
 * is told from what a living one works on.
 */
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { lives, nameOf, thisProcess } from './processes.ts';

/** What a process leaves that cannot be looked at (another host, a system without start times) is given up when it is so old. */
const UNSURE_MS_MAX = 24 * 3_600_000;
/** What git puts beside an index, and what is copied from it, goes with it. */
const NAME = /\.p(\d{1,10})-([0-9a-f]{8})-([0-9a-f]{8})-[0-9a-f]{12}(?:\.lock|\.kept)?$/u;

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

let ownName: string | undefined;

/** Asked once: some systems start a program to tell. */
function own(): string {
  const { pid, host, started = '' } = thisProcess();
  return `p${pid}-${short(host)}-${short(started)}`;
}

/** A path in `folder` that nobody else uses; what it is a draft of may come first in its name. */
export function draftIn(folder: string, of = 'draft'): string {
  ownName ??= own();
  return join(folder, `${of}.${ownName}-${randomBytes(6).toString('hex')}`);
}

/** Removes files in a folder that are drafts, or locks and side files of drafts, and whose process is gone. */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await fs.readdir(folder).catch(() => []))
    // What cannot be removed now, on a disk that is read-only for the moment, is in nobody's way.
    if (await isAbandoned(folder, name))
      await fs.rm(join(folder, name), { force: true }).catch(() => undefined);
}

/** True for a draft whose process is gone. What is no draft is never abandoned. */
export async function isAbandoned(folder: string, name: string): Promise<boolean> {
  const [, pid, host, started] = NAME.exec(name) ?? [];
  if (pid === undefined) return false;
  const stat = await fs.lstat(join(folder, name)).catch(() => undefined);
  if (!stat) return false;
  const alive = livesAs(Number(pid), host ?? '', started ?? '');
  return alive === 'no' || (alive === 'unsure' && Date.now() - stat.mtimeMs > UNSURE_MS_MAX);
}

function livesAs(pid: number, host: string, started: string): 'yes' | 'no' | 'unsure' {
  if (host !== short(thisProcess().host)) return 'unsure';
  const now = nameOf(pid);
  if (started !== short('') && now.started !== undefined)
    return short(now.started) === started ? 'yes' : 'no';
  return lives(now) === 'no' ? 'no' : 'unsure';
}
