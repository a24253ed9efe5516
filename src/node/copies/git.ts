/** The installed git through simple-git, with errors as those of a port. */
import { access } from 'node:fs/promises';
import { simpleGit } from 'simple-git';
import { PortError } from '../../core/ports.ts';
import { absolutePath, NOT_FROM_HERE, programOrNowhere } from '../program.ts';

export interface GitCall {
  /** Absolute path of the folder it runs in. */
  readonly cwd: string;
  /** Variables of git on top of those that keep it quiet. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Ends git. */
  readonly signal?: AbortSignal;
}

export interface Git {
  /** Output as text. Errors: `git.missing`, `git.failed`, `store.missing`, `storage.full`. */
  text(args: readonly string[], call: GitCall): Promise<string>;
  /** Output of `cat-file` as bytes. Errors: as `text`. */
  catFile(args: readonly string[], call: GitCall): Promise<Buffer>;
}

/** Variables of this process that a git of ours may see. */
const KEPT = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'XDG_CONFIG_HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'SYSTEMROOT',
  'PATHEXT',
];

/** Never asks, never locks what it need not, speaks English, takes paths as they are. */
const QUIET = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
};

/** A call that turns helpers off by values of its own names them. */
const HELPERS_OFF = {
  allowUnsafeConfigEnvCount: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
};

/** `binary` is the git to use; default: the one on the PATH. */
export function createGit(binary = gitHere()): Git {
  const open = ({ cwd, env, input, signal }: GitCall) => {
    const all: Record<string, string> = { ...kept(), ...NOT_FROM_HERE, ...QUIET, ...env };
    const git = simpleGit({
      baseDir: cwd,
      binary,
      allowEnvironment: Object.keys(all).filter((name) => name.startsWith('GIT_')),
      // Both are chosen here and never come from a workspace: an empty file for the configuration, and the git that was found.
      unsafe: {
        allowUnsafeConfigPaths: true,
        allowUnsafeCustomBinary: true,
        ...(env?.['GIT_CONFIG_COUNT'] !== undefined && HELPERS_OFF),
      },
      ...(input !== undefined && { input: () => input }),
      ...(signal && { abort: signal }),
    });
    return git.env(all);
  };
  const run = async <T>(args: readonly string[], call: GitCall, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      await access(call.cwd).catch((cause: unknown) => {
        throw new PortError('git.failed', `The folder ${call.cwd} is not there.`, { cause });
      });
      throw gitError(args, error);
    }
  };
  return {
    text: (args, call) => run(args, call, () => open(call).raw([...args])),
    catFile: (args, call) =>
      run(args, call, async () => (await open(call).binaryCatFile([...args])) as Buffer),
  };
}

/** Elsewhere the PATH that git gets decides. */
const gitHere = (): string => (process.platform === 'win32' ? programOrNowhere('git') : 'git');

function kept(): Record<string, string> {
  return Object.fromEntries(
    KEPT.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, name === 'PATH' ? absolutePath(value) : value]];
    }),
  );
}

function gitError(args: readonly string[], cause: unknown): PortError {
  const said = cause instanceof Error ? cause.message.trim() : String(cause);
  if (/\bspawn\b.*ENOENT/u.test(said)) {
    return new PortError('git.missing', 'git is not installed, or not on the PATH.', {
      cause,
      advice: 'Install git (https://git-scm.com/downloads) and start the editor or terminal again.',
    });
  }
  const doing = `git ${args.find((arg, at) => arg !== '-c' && args[at - 1] !== '-c') ?? ''}: ${said}`;
  if (/No space left on device|Out of diskspace|Disk quota exceeded/iu.test(said)) {
    return new PortError('storage.full', doing, {
      cause,
      advice: 'Free some space on the disk, then resume the run.',
    });
  }
  if (
    /Not a valid (object|tree)|not a tree object|bad object|unable to read (tree|sha1|object)|invalid object/iu.test(
      said,
    )
  ) {
    return new PortError('store.missing', doing, {
      cause,
      advice: 'The private store lost part of this run. Start the goal again.',
    });
  }
  return new PortError('git.failed', doing, {
    cause,
    retryable: /\.lock['"]?: File exists/u.test(said),
    // Git does not always say what the system said.
    advice: 'Check that the disk of the storage folder has space and can be written to, then resume the run.',
  });
}
