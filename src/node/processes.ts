/** Whether a process that left its name somewhere still lives. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** `ps` is given this long. */
const PS_MS_MAX = 2_000;

/** A process as it names itself in a lock. `started` tells it from a later one with the same id, where the system says it. */
export interface ProcessName {
  readonly pid: number;
  readonly host: string;
  readonly started?: string | undefined;
}

/** A process of this host that lives now. */
export const nameOf = (pid: number): ProcessName => ({ pid, host: hostname(), started: startOf(pid) });

export const thisProcess = (): ProcessName => nameOf(process.pid);

/** `unsure`: another host, or a live id whose start is unknown. */
export function lives(name: ProcessName): 'yes' | 'no' | 'unsure' {
  if (name.host !== hostname()) return 'unsure';
  try {
    process.kill(name.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'no';
  }
  const started = startOf(name.pid);
  if (started === undefined || name.started === undefined) return 'unsure';
  return started === name.started ? 'yes' : 'no';
}

/** When a process began, in words of the system; undefined where it does not say. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  return process.platform === 'linux' ? startInProc(pid) : startByPs(pid);
}

/** As macOS and other systems of its kind tell it: the second. */
export function startByPs(pid: number): string | undefined {
  const options = {
    encoding: 'utf8',
    timeout: PS_MS_MAX,
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  } as const;
  const said = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).stdout as string | null;
  const start = (said ?? '').trim();
  return start === '' ? undefined : start;
}

/** As Linux tells it: the boot and the ticks since then. */
function startInProc(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/su, '').trim().split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[19] ?? ''}`;
  } catch {
    return undefined;
  }
}
