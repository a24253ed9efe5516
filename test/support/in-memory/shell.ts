/** A shell whose commands are a function of the test. It has no sandbox. */
import type { Enforced } from '../../../src/protocol/enforced.ts';
import {
  PortError,
  type BackgroundCommands,
  type BackgroundState,
  type Shell,
  type ShellCommand,
  type ShellResult,
} from '../../../src/core/ports.ts';

/** What a command does: its result, or parts of it (the rest means: done, silent, at once). */
export type Play = (
  command: ShellCommand,
  signal: AbortSignal,
) => Partial<ShellResult> | Promise<Partial<ShellResult>>;

export class ScriptedShell implements Shell {
  readonly dialect = 'posix';
  /** Every command that was run, in order. */
  readonly commands: ShellCommand[] = [];
  readonly #play: Play;

  constructor(play: Play) {
    this.#play = play;
  }

  readonly background: BackgroundCommands = createBackground((command, signal) => this.run(command, signal));

  enforced({ mode }: { readonly mode: string }): Promise<Enforced> {
    if (mode === 'on')
      return Promise.reject(new PortError('sandbox.missing', 'There is no sandbox in memory.'));
    return Promise.resolve(NO_SANDBOX);
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

const NO_SANDBOX: Enforced = { by: 'none', network: 'open', why: 'The shell of a test has none.' };

/** Commands that play at once and count as running until they are stopped. */
function createBackground(run: Shell['run']): BackgroundCommands {
  const kept = new Map<string, { readonly owner: string; output: string }>();
  const stateOf = (output: string, running: boolean): BackgroundState => {
    return { running, ready: running, exitCode: running ? null : 0, output, enforced: NO_SANDBOX };
  };
  const read = (handle: string): string | undefined => {
    const one = kept.get(handle);
    if (!one) return undefined;
    const { output } = one;
    one.output = '';
    return output;
  };
  return {
    async start(command, signal) {
      const theirs = [...kept.values()].filter(({ owner }) => owner === command.owner);
      if (theirs.length >= command.ownedMax) throw new PortError('background.limit', 'Too many run already.');
      const { stdout } = await run({ ...command, timeoutMs: command.readyMs }, signal);
      kept.set(command.handle, { owner: command.owner, output: '' });
      return stateOf(stdout, true);
    },
    read: (handle) => {
      const output = read(handle);
      return Promise.resolve(output === undefined ? undefined : stateOf(output, true));
    },
    stop: (handle) => {
      const output = read(handle);
      kept.delete(handle);
      return Promise.resolve(output === undefined ? undefined : stateOf(output, false));
    },
    endAll: (ownersFrom) => {
      for (const [handle, { owner }] of kept) if (owner.startsWith(ownersFrom)) kept.delete(handle);
      return Promise.resolve();
    },
  };
}

const DONE: ShellResult = {
  enforced: NO_SANDBOX,
  exitCode: 0,
  stdout: '',
  stderr: '',
  timedOut: false,
  waitedForInput: false,
  durationMs: 1,
};
