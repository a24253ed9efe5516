// Child processes that never outlive their parent: each in a group of its own, all ended on every way out.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';

const windows = process.platform === 'win32';
const live = new Set();
const closers = new Set();

/** Inherited by everything started below this process; the process that set it ends whatever still carries it. */
const markName = 'QUARTET_PROCESS_MARK';
const ownsMark = process.env[markName] === undefined;
process.env[markName] ??= randomUUID();

function killGroup(child, signal) {
  try {
    if (windows) spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    else process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

/** Ends descendants that made a session of their own, as shells in terminals do. Linux only: it reads /proc. */
export function sweep() {
  if (process.platform !== 'linux' || !ownsMark) return;
  const mark = `${markName}=${process.env[markName]}`;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue;
    try {
      const carries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark);
      if (carries) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Another person's process, or gone between the two lines.
    }
  }
}

process.on('exit', () => {
  for (const child of live) killGroup(child, 'SIGKILL');
  sweep();
});

let leaving = false;

/** True from a Ctrl-C or the like on: what fails from here on fails because it is being ended. */
export const isLeaving = () => leaving;

/** Runs what `onLeave` was given, newest first, then exits with `code`. */
export async function leave(code) {
  if (leaving) return;
  leaving = true;
  for (const close of [...closers].reverse()) {
    await Promise.race([close(), new Promise((done) => setTimeout(done, 5000))]).catch(() => {});
  }
  process.exit(code);
}
process.on('SIGINT', () => void leave(130));
process.on('SIGTERM', () => void leave(143));
process.on('SIGHUP', () => void leave(129));

/** Registers an asynchronous clean-up for Ctrl-C and the like. Returns what takes it back. */
export function onLeave(close) {
  closers.add(close);
  return () => closers.delete(close);
}

/**
 * Starts a long-lived process in its own group. `stop` ends the whole group and waits for it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: !windows, ...options });
  live.add(child);
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-200_000);
  };
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: -1, reason: error.message }));
    child.once('close', (code, signal) => resolve({ code, reason: signal ?? `exit code ${code}` }));
  });
  const exited = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  });
  void exited.then(() => live.delete(child));

  const stop = async (graceMs = 4000) => {
    killGroup(child, 'SIGTERM');
    const timer = setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
    await exited;
    clearTimeout(timer);
    killGroup(child, 'SIGKILL');
    takeBack();
  };
  const takeBack = onLeave(() => stop(1500));
  return { child, ended, exited, stop, output: () => output };
}

/**
 * Runs a command to its end. With `show` its output goes to the terminal, else it is collected.
 * Never rejects: a command that cannot start has code -1.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & {show?: boolean, timeoutMs?: number}} [options]
 * @returns {Promise<{code: number, output: string}>}
 */
export async function run(command, args, { show = false, timeoutMs, ...options } = {}) {
  const stdio = show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
  const started = start(command, args, { stdio, ...options });
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => void started.stop(0), timeoutMs);
  const { code, reason } = await started.ended;
  clearTimeout(timer);
  await started.stop(0);
  const output = started.output() + (code === -1 ? reason : '');
  return { code: code ?? -1, output };
}
