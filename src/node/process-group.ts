/** Ending a child process with everything it started. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { errorCode } from './storage.ts';

/** Time between asking and forcing, in milliseconds. */
const GRACE_MS = 1_500;
/** How often is looked whether a group is gone. */
const LOOK_MS = 20;

/** Groups that live now: they end with this process, however that ends in good order. */
const living = new Set<number>();
let watching = false;

/** Ends what is left of the group when this process exits. */
export function endWithThisProcess(pid: number): void {
  living.add(pid);
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    for (const group of living) signalGroup(group, 'SIGKILL');
  });
}

/** Resolves when no process of the child's group is left: asked first, forced after a moment. */
export async function endGroup(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  await endGroupOf(pid);
  living.delete(pid);
}

/** The same by the id of the group, which is that of the process that led it. */
export async function endGroupOf(pid: number): Promise<void> {
  if (process.platform === 'win32') await endTree(pid);
  else await endPosix(pid);
}

async function endPosix(pid: number): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  const gone = await groupEnds(pid, GRACE_MS);
  if (gone) return;
  signalGroup(pid, 'SIGKILL');
  // Only a process stuck in the kernel is left after this.
  await groupEnds(pid, GRACE_MS);
}

async function groupEnds(pid: number, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; ;) {
    if (!signalGroup(pid, 0) || !(await anyWorks(pid))) return true;
    if (Date.now() >= end) return false;
    await wait(LOOK_MS);
  }
}

/** False where all that is left of a group is dead and only waits for its parent to notice, which in a container may take long. */
async function anyWorks(group: number): Promise<boolean> {
  return process.platform !== 'linux' || (await membersOf(group)).length > 0;
}

/** Processes of a group that are not dead, as Linux tells them. */
async function membersOf(group: number): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => {
    const [state, , inGroup] = (stats[index] ?? '').replace(/^.*\) /su, '').split(' ');
    return inGroup === String(group) && state !== 'Z' && state !== 'X';
  });
}

/** Whether a process of the group was started with this entry in its environment. Only Linux tells; elsewhere none was. */
export async function groupHasMark(group: number, entry: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  for (const pid of await membersOf(group)) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').includes(entry)) return true;
  }
  return false;
}

/** True where the group had a process to take the signal. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Windows has no groups: the tree of processes is ended by its own tool. */
async function endTree(pid: number): Promise<void> {
  await new Promise((resolve) => {
    const killer = spawn(
      join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe'),
      ['/PID', String(pid), '/T', '/F'],
      {
        stdio: 'ignore',
        windowsHide: true,
      },
    );
    killer.on('close', resolve).on('error', resolve);
  });
}
