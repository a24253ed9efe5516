/** A shell whose commands are a function of the test. */
import type { Shell, ShellCommand, ShellResult } from '../../../src/core/ports.ts';

/** What a command does: its result, or parts of it (the rest means: done, silent, at once). */
export type Play = (
  command: ShellCommand,
  signal: AbortSignal,
) => Partial<ShellResult> | Promise<Partial<ShellResult>>;

export class ScriptedShell implements Shell {
  /** Every command that was run, in order. */
  readonly commands: ShellCommand[] = [];
  readonly #play: Play;

  constructor(play: Play) {
    this.#play = play;
  }

  async run(command: ShellCommand, signal: AbortSignal): Promise<ShellResult> {
    signal.throwIfAborted();
    this.commands.push(command);
    let abort = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(signal.reason as Error);
    });
    signal.addEventListener('abort', abort, { once: true });
    try {
      const result = await Promise.race([this.#play(command, signal), aborted]);
      return { ...DONE, ...result };
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}

const DONE: ShellResult = {
  exitCode: 0,
  stdout: '',
  stderr: '',
  timedOut: false,
  waitedForInput: false,
  durationMs: 1,
};
