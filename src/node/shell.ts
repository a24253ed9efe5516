/** Commands as child processes, each in a group of its own that is dead when the call returns. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { Writable } from 'node:stream';
import { PortError, type Shell, type ShellCommand, type ShellResult } from '../core/ports.ts';
import { commandEnvironment } from './environment.ts';
import type { Children } from './children.ts';
import { createCappedOutput, type CappedOutput } from './output.ts';
import { endGroup, endWithThisProcess } from './process-group.ts';

export interface NodeShellOptions {
  /** Gets everything that commands print, as it comes, for a terminal that people see. */
  readonly onOutput?: (label: string, text: string) => void;
  /** Environment that commands inherit from; default: that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Added to the environment of every command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where children are noted, for the case that this process is killed. */
  readonly children?: Children;
}

/** Silence before the end of the time that, after something like a question, looks like waiting for an answer. */
const SILENCE_MS = 2_000;
const QUESTION =
  /([?:>]|\[y\/n\]|\(y\/n\)|\(yes\/no[^)]*\)|password[^\n]*|press (any key|enter)[^\n]*)\s*$/iu;

export function createNodeShell(options: NodeShellOptions = {}): Shell {
  return {
    run: async (command, signal) => {
      signal.throwIfAborted();
      options.onOutput?.(command.label, `$ ${command.command}\n`);
      return runCommand(command, signal, options);
    },
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly stdout: CappedOutput;
  readonly stderr: CappedOutput;
  /** When something was printed last. */
  lastAt: number;
}

async function runCommand(
  command: ShellCommand,
  signal: AbortSignal,
  options: NodeShellOptions,
): Promise<ShellResult> {
  const startedAt = Date.now();
  const mark = options.children?.mark() ?? {};
  const running = start(command, options, mark);
  const { child } = running;
  let forget: (() => void) | undefined;
  const exited = exit(child);
  const over = deadline(command.timeoutMs);
  const aborted = abortion(signal);
  try {
    if (child.pid !== undefined) forget = options.children?.note(child.pid, mark);
    open(child);
    const end = await Promise.race([exited, over.promise, aborted.promise]);
    // What the command left running in its group goes now, so that its output ends too.
    await endGroup(child);
    const exitCode = end === 'timeout' ? null : await exited;
    await outputEnd(child);
    signal.throwIfAborted();
    const timedOut = end === 'timeout';
    return {
      exitCode: timedOut ? null : exitCode,
      stdout: running.stdout.text(),
      stderr: running.stderr.text(),
      timedOut,
      waitedForInput: timedOut && seemsToWait(running, command.timeoutMs),
      durationMs: Date.now() - startedAt,
    };
  } finally {
    over.clear();
    aborted.clear();
    await endGroup(child);
    forget?.();
  }
}

/** The command begins when a line comes, and never does if none can come any more: so it is noted before it runs. */
const GATE = 'read -r go <&3 || exit 125; exec 3<&-; exec /bin/sh -c "$1"';

function spawnGated(command: string, options: SpawnOptions): ChildProcess {
  if (process.platform === 'win32') return spawn(command, { ...options, shell: true });
  return spawn('/bin/sh', ['-c', GATE, 'sh', command], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
}

/** Lets a command begin. */
function open(child: ChildProcess): void {
  const gate = child.stdio[3];
  if (!(gate instanceof Writable)) return;
  gate.on('error', () => undefined);
  gate.end('\n');
}

function start(
  command: ShellCommand,
  { onOutput, environment, env }: NodeShellOptions,
  mark: Readonly<Record<string, string>>,
): Running {
  const child = spawnGated(command.command, {
    cwd: command.cwd,
    env: commandEnvironment(environment ?? process.env, { ...env, ...command.env, ...mark }),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  if (child.pid !== undefined) endWithThisProcess(child.pid);
  const running: Running = {
    child,
    stdout: createCappedOutput(command.outputChars),
    stderr: createCappedOutput(command.outputChars),
    lastAt: Date.now(),
  };
  const listen = (stream: NodeJS.ReadableStream | null, output: CappedOutput) => {
    stream?.on('data', (chunk: Buffer) => {
      running.lastAt = Date.now();
      const text = output.add(chunk);
      if (text !== '') onOutput?.(command.label, text);
    });
  };
  listen(child.stdout, running.stdout);
  listen(child.stderr, running.stderr);
  return running;
}

/** The exit code; null where a signal ended it. Rejects where it could not start. */
function exit(child: ChildProcess): Promise<number | null> {
  const exited = new Promise<number | null>((resolve, reject) => {
    child.on('exit', (code) => resolve(code));
    child.on('error', (cause) => {
      const message = `The command could not be started: ${cause.message}`;
      reject(
        new PortError('shell.failed', message, {
          cause,
          advice: 'Check that the folder and the shell exist.',
        }),
      );
    });
  });
  exited.catch(() => undefined);
  return exited;
}

/** Output is read to its end; a process that left the group and kept the pipe is not waited for. */
async function outputEnd(child: ChildProcess): Promise<void> {
  const ended = (stream: NodeJS.ReadableStream | null) =>
    stream === null || !stream.readable
      ? Promise.resolve()
      : new Promise<void>((resolve) => void stream.once('close', resolve));
  const patience = deadline(500);
  await Promise.race([Promise.all([ended(child.stdout), ended(child.stderr)]), patience.promise]);
  patience.clear();
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function deadline(ms: number): { readonly promise: Promise<'timeout'>; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), ms);
  });
  return { promise, clear: () => clearTimeout(timer) };
}

function abortion(signal: AbortSignal): { readonly promise: Promise<'aborted'>; clear(): void } {
  let listener: () => void = () => undefined;
  const promise = new Promise<'aborted'>((resolve) => {
    listener = () => resolve('aborted');
    signal.addEventListener('abort', listener, { once: true });
  });
  return { promise, clear: () => signal.removeEventListener('abort', listener) };
}

function seemsToWait({ stdout, stderr, lastAt }: Running, timeoutMs: number): boolean {
  const silent = Date.now() - lastAt >= Math.min(SILENCE_MS, timeoutMs / 2);
  return silent && [stdout.tail(), stderr.tail()].some((tail) => QUESTION.test(tail));
}
