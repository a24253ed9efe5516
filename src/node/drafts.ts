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
const NAME = /\.p(\d{1,10})-([0-9a-f]{8})-([0-9a-f]{8})-[0-9a-f]{12}$/u;

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
