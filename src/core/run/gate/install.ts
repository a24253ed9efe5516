/** Packages for working copies of a workspace that has none installed: the project's own set-up commands run once for its lock files. */
import type { SandboxSettings } from '../../../protocol/settings.ts';
import type { Shell, WorkingCopies, Workspace } from '../../ports.ts';
import type { TestSetup } from '../../qa/test-setup.ts';

/** Longest time of one set-up command, in milliseconds. */
const COMMAND_MS_MAX = 30 * 60_000;
const OUTPUT_CHARS = 100_000;
/** The end of what a failed command printed, in characters. */
const END_CHARS = 2000;

/** `there`: it was done before for these lock files. */
export type Prepared = 'made' | 'there' | 'failed';

/** Keeps a checkout of a tree for its lock files once `install` did its work there. */
export type Prepare = (tree: string, install: (root: string) => Promise<boolean>) => Promise<Prepared>;

export interface Installing {
  readonly ports: {
    readonly copies: Pick<WorkingCopies, 'takeBase'>;
    readonly workspace: Pick<Workspace, 'unsaved'>;
    readonly shell: Pick<Shell, 'run'>;
  };
  readonly sandbox: SandboxSettings;
  readonly prepare: Prepare;
  readonly signal: AbortSignal;
  /** Told before each command. */
  readonly began: (command: string) => void;
  /** Told the end of what a command printed that failed. */
  readonly failed: (output: string) => void;
}

/** Commands are held as an agent's are, but for the internet. `none`: nothing says how. Errors: `prepare`'s; the signal's reason. */
export async function installPackages(
  { setupCommands = [] }: Pick<TestSetup, 'setupCommands'>,
  { ports, sandbox: { mode, readable }, prepare, signal, began, failed }: Installing,
): Promise<Prepared | 'none'> {
  if (setupCommands.length === 0) return 'none';
  const install = async (root: string): Promise<boolean> => {
    const confined = { mode, network: 'all', writable: [root], readable } as const;
    for (const command of setupCommands) {
      began(command);
      const limits = { timeoutMs: COMMAND_MS_MAX, outputChars: OUTPUT_CHARS, label: 'packages' };
      const ran = await ports.shell.run({ command, cwd: root, confined, ...limits }, signal);
      if (ran.exitCode === 0) continue;
      failed(`${ran.stdout}\n${ran.stderr}`.trim().slice(-END_CHARS));
      return false;
    }
    return true;
  };
  const { tree } = await ports.copies.takeBase(await ports.workspace.unsaved());
  signal.throwIfAborted();
  return await prepare(tree, install);
}
