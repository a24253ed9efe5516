/** Commands as child processes, each in a sandbox where there is one, and in a group of its own that is dead when the call returns. */
import type { Shell, ShellCommand, ShellResult } from '../core/ports.ts';
import { createBackground } from './background.ts';
import { commandEnvironment } from './environment.ts';
import { launchCommand, type LaunchOptions, type Program, type Running } from './launching.ts';
import { createSandbox, type SandboxOptions } from './sandbox/sandbox.ts';

/** Silence before the end of the time that, after something like a question, looks like waiting for an answer. */
const SILENCE_MS = 2_000;
const QUESTION =
  /([?:>]|\[y\/n\]|\(y\/n\)|\(yes\/no[^)]*\)|password[^\n]*|press (any key|enter)[^\n]*)\s*$/iu;

export interface NodeShellOptions
  extends Omit<LaunchOptions, 'sandbox'>, Partial<Omit<SandboxOptions, 'env'>> {}

/** A shell that also starts programs which are spoken with. */
export interface NodeShell extends Shell {
  /** The program, not begun. Whoever asks ends it. What it prints is not for the terminal. Errors: `sandbox.missing`. */
  talkTo(program: Program, command: Omit<ShellCommand, 'command' | 'timeoutMs'>): Promise<Running>;
}

export function createNodeShell(given: NodeShellOptions = {}): NodeShell {
  const { hidden = [], lent = [], environment = process.env } = given;
  const sandbox = createSandbox({ env: commandEnvironment(environment), hidden, lent });
  const options: LaunchOptions = { ...given, sandbox };
  const background = createBackground(options);
  return {
    dialect: process.platform === 'win32' ? 'cmd' : 'posix',
    run: async (command, signal) => {
      signal.throwIfAborted();
      return runCommand({ ...command, joins: background.worldFor(command) }, signal, options);
    },
    enforced: (wish) => sandbox.enforced(wish),
    background,
    talkTo: (talks, command) => {
      const { onOutput: _onOutput, ...silent } = options;
      const joins = background.worldFor(command);
      return launchCommand({ ...command, command: talks.program, talks, joins, joinable: false }, silent);
    },
  };
}

async function runCommand(
  command: ShellCommand & { readonly joins: number | undefined },
  signal: AbortSignal,
  options: LaunchOptions,
): Promise<ShellResult> {
  const startedAt = Date.now();
  const running = await launchCommand({ ...command, joinable: false }, options);
  const over = deadline(command.timeoutMs);
  const aborted = abortion(signal);
  try {
    running.begin();
    const end = await Promise.race([running.exited, over.promise, aborted.promise]);
    // What the command left running goes now, so that its output ends too.
    await running.end();
    const timedOut = end === 'timeout';
    const exitCode = timedOut ? null : await running.exited;
    signal.throwIfAborted();
    return {
      exitCode,
      stdout: running.stdout.text(),
      stderr: running.stderr.text(),
      timedOut,
      waitedForInput: timedOut && seemsToWait(running, command.timeoutMs),
      durationMs: Date.now() - startedAt,
      enforced: running.enforced,
    };
  } finally {
    over.clear();
    aborted.clear();
    await running.end();
  }
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
    if (signal.aborted) resolve('aborted');
  });
  return { promise, clear: () => signal.removeEventListener('abort', listener) };
}

function seemsToWait({ stdout, stderr, lastAt }: Running, timeoutMs: number): boolean {
  const silent = Date.now() - lastAt() >= Math.min(SILENCE_MS, timeoutMs / 2);
  return silent && [stdout.tail(), stderr.tail()].some((tail) => QUESTION.test(tail));
}
