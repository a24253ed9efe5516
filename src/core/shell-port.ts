/** The port to commands; part of `ports.ts`. */
import type { Enforced } from '../protocol/enforced.ts';
import type { SandboxSettings } from '../protocol/settings.ts';

/** How a command is to be confined. */
export interface Confinement {
  /** `on`: refused where it cannot be. */
  readonly mode: SandboxSettings['mode'];
  readonly network: SandboxSettings['network'];
  /** Absolute folders it may write. */
  readonly writable: readonly string[];
  /** Absolute folders it may read beside what programs need. */
  readonly readable: readonly string[];
}

export interface ShellCommand {
  readonly command: string;
  /** Absolute. */
  readonly cwd: string;
  /** Added to the controlled environment (secrets of the process are never inherited). */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Output kept per stream: head and tail, the middle is dropped and said so. */
  readonly outputChars: number;
  /** Shown in the visible terminal. */
  readonly label: string;
  /** Absent: confined where the system can, with `cwd` writable. */
  readonly confined?: Confinement;
  /** A working copy whose background commands it reaches over the loopback. */
  readonly beside?: string;
  /** Hears what it prints, as it comes. Must not throw. */
  readonly onOutput?: (text: string, from: 'stdout' | 'stderr') => void;
}
export interface ShellResult {
  /** null: ended by a signal or by the time limit. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** True where it seems to have waited for input until its time was up. */
  readonly waitedForInput: boolean;
  readonly durationMs: number;
  readonly enforced: Enforced;
}
/** The language of command lines: that of `/bin/sh`, or of `cmd.exe`. */
export type ShellDialect = 'posix' | 'cmd';

export interface Shell {
  /** What its command lines are written in. */
  readonly dialect: ShellDialect;
  /**
   * Runs in a process group of its own, without stdin; everything is dead when it resolves or rejects. Errors: `shell.failed`,
   * `sandbox.missing`; abort rejects with the signal's reason.
   */
  run(command: ShellCommand, signal: AbortSignal): Promise<ShellResult>;
  /** What commands are held to on this machine. Errors: `sandbox.missing` where they must be and cannot. */
  enforced(wish: Pick<Confinement, 'mode' | 'network'>): Promise<Enforced>;
  /** Commands that keep running. They die with this process. */
  readonly background: BackgroundCommands;
}

export interface BackgroundStart extends Omit<ShellCommand, 'timeoutMs'> {
  /** Unique; what it is asked for by. */
  readonly handle: string;
  /** Absolute path of the working copy that it belongs to. */
  readonly owner: string;
  /** At most so many may belong to one working copy. */
  readonly ownedMax: number;
  /** Waited for in its output; absent: a port it listens on, or words that say so. */
  readonly readyWhen?: string;
  /** How long it is waited for, in milliseconds. */
  readonly readyMs: number;
}
export interface BackgroundState {
  readonly running: boolean;
  /** True once it said or showed that it is ready. */
  readonly ready: boolean;
  /** null: still running, or ended by a signal. */
  readonly exitCode: number | null;
  /** What it printed since it was asked last, both streams, head and tail. */
  readonly output: string;
  readonly enforced: Enforced;
}
export interface BackgroundCommands {
  /** Resolves once it is ready, has ended, or its time to get ready is up. Errors: as `run`; `background.limit`. */
  start(command: BackgroundStart, signal: AbortSignal): Promise<BackgroundState>;
  /** undefined: this process runs no such command. */
  read(handle: string): Promise<BackgroundState | undefined>;
  /** Ends it; resolves when all of it is dead. */
  stop(handle: string): Promise<BackgroundState | undefined>;
  /** Ends those of every working copy whose path begins so. Never fails. */
  endAll(ownersFrom: string): Promise<void>;
}
