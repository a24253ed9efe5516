/** Starts one command: gated, so that it is noted before it works; confined; with its output listened to; and ends all of it. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { PortError, type ShellCommand } from '../core/ports.ts';
import { badgeOf, type Enforced } from '../protocol/enforced.ts';
import { commandEnvironment } from './environment.ts';
import type { Children } from './children.ts';
import { createCappedOutput, type CappedOutput } from './output.ts';
import { endGroup, endWithThisProcess } from './process-group.ts';
import { INFO_FD } from './sandbox/bubblewrap.ts';
import type { Confined, Sandbox } from './sandbox/sandbox.ts';

export interface LaunchOptions {
  readonly sandbox: Sandbox;
  /** Gets everything that commands print, as it comes, for a terminal that people see. */
  readonly onOutput?: (label: string, text: string) => void;
  /** Environment that commands inherit from; default: that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Added to the environment of every command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where children are noted, for the case that this process is killed. */
  readonly children?: Children;
}

export interface ToLaunch extends Omit<ShellCommand, 'timeoutMs'> {
  /** Others may enter its network later. */
  readonly joinable: boolean;
  /** Process id of a joinable world whose network it enters. */
  readonly joins: number | undefined;
  /** A program that is spoken with over descriptors 3 (it reads) and 4 (it writes), in place of the command line. */
  readonly talks?: Program;
}

export interface Program {
  readonly program: string;
  readonly args: readonly string[];
}

/** Both ends of a talk with a program. */
export interface Talk {
  readonly to: Writable;
  readonly from: Readable;
}

/** A command that was started and waits to begin. */
export interface Running {
  readonly stdout: CappedOutput;
  readonly stderr: CappedOutput;
  readonly enforced: Enforced;
  /** When something was printed last, in milliseconds since 1970. */
  readonly lastAt: () => number;
  /** Process id of its world, once that is there. */
  world(): number | undefined;
  /** The exit code; null where a signal ended it. Rejects where it could not start. */
  readonly exited: Promise<number | null>;
  /** Where it `talks`. */
  readonly talk: Talk | undefined;
  begin(): void;
  /** Resolves when nothing of it is left and its output was read. May be called again. */
  end(): Promise<void>;
}

/** Errors: `sandbox.missing`. What cannot start rejects `exited` with `shell.failed`. */
export async function launchCommand(command: ToLaunch, options: LaunchOptions): Promise<Running> {
  const { mode, network, writable, readable } = command.confined ?? {
    ...{ mode: 'auto', network: 'local', readable: [] },
    writable: [command.cwd],
  };
  const line = command.talks ? talking(command.talks) : command.command;
  const confined = await options.sandbox.confine({
    ...{ mode, network, writable, readable, command: line, cwd: command.cwd },
    joinable: command.joinable,
    ...(command.joins !== undefined && { joins: command.joins }),
  });
  options.onOutput?.(command.label, `$ ${command.command}\n[${badgeOf(confined.enforced)}]\n`);
  const mark = options.children?.mark() ?? {};
  const child = spawnGated(command, confined, {
    cwd: command.cwd,
    env: environmentOf(command, options, { ...confined.env, ...mark }),
    windowsHide: true,
  });
  if (child.pid !== undefined) endWithThisProcess(child.pid);
  try {
    const forget = child.pid === undefined ? undefined : options.children?.note(child.pid, mark);
    return watched(child, { command, options, confined, forget });
  } catch (error) {
    // What could not be noted must not begin.
    child.on('error', () => undefined);
    await endGroup(child);
    await confined.cleanUp();
    throw error;
  }
}

function environmentOf(
  command: ToLaunch,
  { environment, env }: LaunchOptions,
  more: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const all = { ...commandEnvironment(environment ?? process.env, { ...env, ...command.env }), ...more };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

interface Launched {
  readonly command: ToLaunch;
  readonly options: LaunchOptions;
  readonly confined: Confined;
  /** Takes the note of it back. */
  readonly forget: (() => void) | undefined;
}

function watched(child: ChildProcess, { command, options, confined, forget }: Launched): Running {
  const { onOutput } = options;
  const [stdout, stderr] = [
    createCappedOutput(command.outputChars),
    createCappedOutput(command.outputChars),
  ] as const;
  let lastAt = Date.now();
  const listen = (from: 'stdout' | 'stderr', output: CappedOutput) => {
    child[from]?.on('data', (chunk: Buffer) => {
      lastAt = Date.now();
      const text = output.add(chunk);
      if (text === '') return;
      onOutput?.(command.label, text);
      command.onOutput?.(text, from);
    });
  };
  listen('stdout', stdout);
  listen('stderr', stderr);
  const world = confined.tellsPid ? worldOf(child) : () => undefined;
  let ending: Promise<void> | undefined;
  const end = async () => {
    await endGroup(child);
    await worldEnds(world());
    await outputEnd(child);
    forget?.();
    await confined.cleanUp();
  };
  return {
    stdout,
    stderr,
    enforced: confined.enforced,
    lastAt: () => lastAt,
    world,
    exited: exit(child),
    talk: command.talks && talkWith(child),
    begin: () => {
      if (!isDirect(command)) open(child);
    },
    end: () => (ending ??= end()),
  };
}

/** The command begins when a line comes, and never does if none can come any more: so it is noted before it runs. */
const GATE = 'read -r go <&3 || exit 125; exec 3<&-; exec "$@"';

function spawnGated(command: ToLaunch, { argv, tellsPid }: Confined, options: SpawnOptions): ChildProcess {
  if (isDirect(command))
    return spawn(command.talks.program, [...command.talks.args], {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    });
  if (process.platform === 'win32')
    return spawn(command.command, { ...options, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const info = tellsPid ? ('pipe' as const) : ('ignore' as const);
  return spawn('/bin/sh', ['-c', GATE, 'sh', ...argv], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', info, ...(command.talks ? (['pipe', 'pipe'] as const) : [])],
    detached: true,
  });
}

/** Where there is no gate, the program has its descriptors from the start. */
const isDirect = (command: ToLaunch): command is ToLaunch & { readonly talks: Program } =>
  process.platform === 'win32' && command.talks !== undefined;

/** Descriptors of the talk beside those of the gate and of the world. */
const TALK_FD = 5;

/** The program on a command line, with the talk at its own descriptors. */
function talking({ program, args }: Program): string {
  const words = [program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  return `exec ${words} 3<&${TALK_FD} 4>&${TALK_FD + 1} ${TALK_FD}<&- ${TALK_FD + 1}>&-`;
}

function talkWith(child: ChildProcess): Talk {
  const first = process.platform === 'win32' ? 3 : TALK_FD;
  const pipes: readonly unknown[] = child.stdio;
  const [to, from] = [pipes[first], pipes[first + 1]];
  if (to instanceof Writable && from instanceof Readable) return { to, from };
  throw new PortError('shell.failed', 'The program could not be started: it has no pipes to talk over.');
}

/** Lets a command begin. */
function open(child: ChildProcess): void {
  const gate = child.stdio[3];
  if (!(gate instanceof Writable)) return;
  gate.on('error', () => undefined);
  gate.end('\n');
}

/** Reads the process id of the first process of the command's world. */
function worldOf(child: ChildProcess): () => number | undefined {
  const told = child.stdio[INFO_FD];
  if (!(told instanceof Readable)) return () => undefined;
  let text = '';
  told.on('data', (chunk: Buffer) => (text += chunk.toString()));
  told.on('error', () => undefined);
  return () => {
    const pid = /"child-pid": (\d+)/u.exec(text)?.[1];
    return pid === undefined ? undefined : Number(pid);
  };
}

/** Time for the kernel to take a world down, in milliseconds. */
const WORLD_MS_MAX = 3_000;

/** Once the first process of a world has gone, all others have: the kernel sees to it. */
async function worldEnds(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  for (const end = Date.now() + WORLD_MS_MAX; lives(pid) && Date.now() < end;) await wait(2);
}

function lives(pid: number): boolean {
  try {
    return !/\) [ZX] /u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

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

/** How long output is waited for once its writers are dead, in milliseconds. */
const OUTPUT_MS_MAX = 500;

/** Output is read to its end; a process that left the group and kept the pipe is not waited for. */
async function outputEnd(child: ChildProcess): Promise<void> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const ended = streams
    .filter((stream) => stream.readable)
    .map((stream) => new Promise<void>((resolve) => void stream.once('close', resolve)));
  const patience = new AbortController();
  const patient = wait(OUTPUT_MS_MAX, undefined, { signal: patience.signal }).catch(() => undefined);
  await Promise.race([Promise.all(ended), patient]);
  patience.abort();
  for (const stream of child.stdio) stream?.destroy();
}
