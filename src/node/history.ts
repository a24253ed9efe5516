/**
 * The person's history through simple-git. Only commits and what git noted of files are read, never the files, so no filter runs; what a repository may
 * name as a helper (hooks, file system monitor, pager, external diff, text converter, signature check, transport) is off.
 */
import { confine } from '../core/policy/paths.ts';
import { protectedPath } from '../core/policy/protected.ts';
import { PortError, type History, type HistoryQuery } from '../core/ports.ts';
import { createGit, type Git } from './copies/git.ts';

export interface HistoryOptions {
  /** Absolute path of the person's folder. */
  readonly workspace: string;
  readonly git?: string;
}

/** Whatever the repository's own configuration says. */
const CONFIG: readonly (readonly [string, string])[] = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.pager', 'cat'],
  ['core.quotePath', 'false'],
  ['core.sshCommand', 'false'],
  ['diff.external', ''],
  ['diff.ignoreSubmodules', 'all'],
  ['diff.orderFile', '/dev/null'],
  ['log.showSignature', 'false'],
  ['log.mailmap', 'false'],
  ['protocol.allow', 'never'],
  ['safe.bareRepository', 'explicit'],
  ['submodule.recurse', 'false'],
];
const ENV = {
  ...Object.fromEntries(
    CONFIG.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${String(index)}`, key],
      [`GIT_CONFIG_VALUE_${String(index)}`, value],
    ]),
  ),
  GIT_CONFIG_COUNT: String(CONFIG.length),
  GIT_ALLOW_PROTOCOL: '',
  GIT_ATTR_NOSYSTEM: '1',
};
const PLAIN = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--submodule=short'];
const HEADER = '--format=commit %H%nby %an, %aI%n%n%w(0,4,4)%B';

/** A file whose change is longer is only counted. */
const LINES_MAX = 5000;
const FILES_MAX = 300;
const TIME_MS_MAX = 30_000;

export function createHistory({ workspace, git: binary }: HistoryOptions): History {
  const git = createGit(binary);
  const run = (args: readonly string[], signal: AbortSignal): Promise<string> =>
    call(git, workspace, args, signal);
  return {
    async log({ from, max, ...query }, signal) {
      const commit = await commitOf(run, from, signal);
      const args = [
        'log',
        '--no-show-signature',
        '--no-color',
        HEADER,
        '--date=iso-strict',
        `--max-count=${String(max)}`,
      ];
      return bounded(await run([...args, commit, '--', ...within(query)], signal), query.charsMax);
    },
    async show({ commit: revision, patch, ...query }, signal) {
      const commit = await commitOf(run, revision, signal);
      const message = await run(
        ['show', '--no-show-signature', '--no-patch', '--no-color', HEADER, commit],
        signal,
      );
      const parent = await commitOf(run, `${commit}^`, signal).catch(() => EMPTY_TREE);
      const parts = { from: parent, to: commit, patch, query };
      return bounded(`${message}\n${await changes(run, parts, signal)}`, query.charsMax);
    },
    async diff({ from, to, ...query }, signal) {
      const parts = {
        from: await commitOf(run, from, signal),
        to: await commitOf(run, to, signal),
        patch: true,
        query,
      };
      return bounded(await changes(run, parts, signal), query.charsMax);
    },
    async changed(signal) {
      const head = await commitOf(run, 'HEAD', signal);
      // None of these reads a file, so no filter runs.
      const lists = [
        ['diff-files', '--name-only', '-z', '--ignore-submodules'],
        ['diff-index', '--cached', '--name-only', '-z', '--ignore-submodules', head],
        ['ls-files', '--others', '--exclude-standard', '-z'],
      ];
      const found = await Promise.all(lists.map(async (args) => (await run(args, signal)).split('\0')));
      return [...new Set(found.flat())].filter((path) => path !== '').sort();
    },
  };
}

/** The tree without files, in repositories of SHA-1. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

type Run = (args: readonly string[], signal: AbortSignal) => Promise<string>;

async function call(git: Git, cwd: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIME_MS_MAX)]);
  try {
    return await git.text(args, { cwd, env: ENV, signal: limit });
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted)
      throw new PortError(
        'history.slow',
        `git took longer than ${String(TIME_MS_MAX / 1000)} seconds; narrow the path or the revisions.`,
      );
    throw error instanceof PortError && error.code !== 'git.missing' ? told(error) : error;
  }
}

function told(error: PortError): PortError {
  if (/not a git repository|safe\.bareRepository/iu.test(error.message))
    return new PortError('history.none', 'The project is not a git repository, so it has no history.');
  if (/dubious ownership/iu.test(error.message))
    return new PortError(
      'history.none',
      'The history cannot be read: git does not trust the owner of this folder (safe.directory).',
    );
  return new PortError('history.failed', `The history cannot be read: ${error.message.slice(0, 500)}`);
}

async function commitOf(run: Run, revision: string, signal: AbortSignal): Promise<string> {
  const args = ['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`];
  const commit = await run(args, signal).then(
    (text) => text.trim(),
    (error: unknown) => {
      if (error instanceof PortError && /Needed a single revision/iu.test(error.message)) return '';
      throw error;
    },
  );
  if (/^[0-9a-f]{40,64}$/u.test(commit)) return commit;
  throw new PortError('history.unknown', `There is no commit ${revision} in this repository.`);
}

/** The whole workspace where nothing narrower is named: it may be a folder of a larger repository. */
const within = ({ paths }: HistoryQuery): readonly string[] => (paths.length === 0 ? ['.'] : paths);

interface Changes {
  readonly from: string;
  readonly to: string;
  readonly patch: boolean;
  readonly query: HistoryQuery;
}

/** Which files are told in full is decided here, by name and length, before git is asked for a patch. */
async function changes(run: Run, { from, to, patch, query }: Changes, signal: AbortSignal): Promise<string> {
  const range = ['diff', ...PLAIN, '--relative'];
  const listed = await run([...range, '--numstat', '-z', from, to, '--', ...within(query)], signal);
  const files = listed.split('\0').flatMap(fileOf);
  if (files.length === 0) return 'No change.';
  const notes = files.map((file) => `${file.path}: ${file.told}`);
  const shown = files.filter(({ full }) => full).slice(0, FILES_MAX);
  const counted = files.filter((file) => !shown.includes(file));
  if (!patch || shown.length === 0) return notes.join('\n');
  const text = await run([...range, '--patch', from, to, '--', ...shown.map(({ path }) => path)], signal);
  const rest = counted.map(({ path, told: why }) => `[${path}: ${why}; not shown]`);
  return [text, ...rest].join('\n');
}

interface Changed {
  readonly path: string;
  /** Its patch is told. */
  readonly full: boolean;
  readonly told: string;
}

function fileOf(row: string): readonly Changed[] {
  const [, added, deleted, path] = /^(\d+|-)\t(\d+|-)\t([\s\S]+)$/u.exec(row) ?? [];
  if (path === undefined) return [];
  if (!confine(path).ok) return [{ path: '(a name that is not shown)', full: false, told: 'changed' }];
  if (protectedPath(path)?.class === 'secret')
    return [{ path, full: false, told: 'a place where keys are kept' }];
  if (added === '-') return [{ path, full: false, told: 'binary' }];
  const told = `+${added ?? ''} -${deleted ?? ''}`;
  return [{ path, full: Number(added) + Number(deleted) <= LINES_MAX, told }];
}

function bounded(text: string, charsMax: number): string {
  const clean = text.trim();
  if (clean.length <= charsMax) return clean;
  return `${clean.slice(0, charsMax)}\n[… ${String(clean.length - charsMax)} characters left out; narrow the path or the revisions.]`;
}
