/**
 * Commits of an applied change, because a person asked for one: as if they had staged just these files and committed. Their hooks and
 * their signing run as they have them. What else they have staged stays staged and is no part of it. Nothing is ever pushed.
 */
import * as fs from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { PortError, type Commits } from '../core/ports.ts';
import { createGit } from './copies/git.ts';
import { draftIn } from './drafts.ts';

export interface CommitsOptions {
  /** Absolute path of the person's folder. */
  readonly workspace: string;
  readonly storage: string;
  readonly git?: string;
}

/** What a commit needs of the person's environment: who they are, and what signs for them. */
const THEIRS =
  /^(GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL)|EMAIL|GNUPGHOME|GPG_TTY|SSH_AUTH_SOCK|DISPLAY|WAYLAND_DISPLAY)$/u;
/** What lies in a repository while the person is in the middle of something. */
const UNDER_WAY = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply'];

export function createCommits({ workspace, storage, git: binary }: CommitsOptions): Commits {
  const git = createGit(binary);
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => THEIRS.test(entry[0]) && entry[1] !== undefined,
  );
  const ask: Ask = (args, { input, index } = {}) =>
    git.text(args, {
      cwd: workspace,
      env: { ...Object.fromEntries(own), ...(index !== undefined && { GIT_INDEX_FILE: index }) },
      ...(input !== undefined && { input }),
    });
  return {
    branch: () => branchOf(ask, '--short'),
    differing: (files) => differing(ask, { files, tmp: join(storage, 'tmp') }),
    commit: async ({ paths, message, branch }) => {
      await assertReady(ask, workspace);
      await assertOwn(workspace, paths);
      const switched = branch === undefined ? undefined : await startBranch(ask, branch);
      const tmp = join(storage, 'tmp');
      await fs.mkdir(tmp, { recursive: true });
      const index = draftIn(tmp, 'commit');
      try {
        const commit = await commitOn(ask, { index, paths, message });
        return { commit, branch: await branchOf(ask, '--short') };
      } catch (error) {
        await switched?.();
        throw commitError(error);
      } finally {
        await fs.rm(index, { force: true });
        await fs.rm(`${index}.lock`, { force: true });
      }
    },
  };
}

type Ask = (
  args: readonly string[],
  how?: { readonly input?: string; readonly index?: string },
) => Promise<string>;

/** Where git refuses, there is none. */
function refusal(error: unknown): undefined {
  if (error instanceof PortError && error.code === 'git.failed') return undefined;
  throw error;
}

/** The branch that is checked out; undefined where it is none. */
async function branchOf(ask: Ask, ...how: readonly string[]): Promise<string | undefined> {
  const name = await ask(['symbolic-ref', '--quiet', ...how, 'HEAD']).catch(refusal);
  return name?.trim() || undefined;
}

/** Errors: `commit.none` without a repository, `commit.busy` where a merge or rebase is under way. */
async function assertReady(ask: Ask, workspace: string): Promise<void> {
  const inside = await ask(['rev-parse', '--is-inside-work-tree']).catch(refusal);
  if (inside?.trim() !== 'true')
    throw new PortError(
      'commit.none',
      'The folder is not in a git repository, so there is nothing to commit to.',
      {
        advice: 'Make one with "git init", or keep the change as it is.',
      },
    );
  for (const name of UNDER_WAY) {
    const path = (await ask(['rev-parse', '--git-path', name])).trim();
    const full = isAbsolute(path) ? path : join(workspace, path);
    if (await fs.lstat(full).catch(() => undefined))
      throw new PortError(
        'commit.busy',
        `A merge, rebase or pick is under way in the repository (${name}).`,
        {
          advice: 'End it first, then commit again.',
        },
      );
  }
}

/** By what git would commit of each text: line endings and filters are as the person has them. */
async function differing(
  ask: Ask,
  { files, tmp }: { readonly files: ReadonlyMap<string, Uint8Array | undefined>; readonly tmp: string },
): Promise<readonly string[]> {
  const inside = await ask(['rev-parse', '--is-inside-work-tree']).catch(refusal);
  if (inside?.trim() !== 'true' || files.size === 0) return [];
  const committed =
    (await headOf(ask)) === undefined
      ? ''
      : await ask(['ls-tree', '-r', '-z', 'HEAD', '--', ...files.keys()]);
  const ids = new Map(
    committed.split('\0').flatMap((line) => {
      const [about = '', path] = line.split('\t');
      return path === undefined ? [] : [[path, about.split(' ')[2]] as const];
    }),
  );
  await fs.mkdir(tmp, { recursive: true });
  const draft = draftIn(tmp, 'before');
  const idOf = async (path: string, bytes: Uint8Array): Promise<string> => {
    await fs.writeFile(draft, bytes);
    return (await ask(['hash-object', `--path=${path}`, draft])).trim();
  };
  try {
    const found: string[] = [];
    for (const [path, bytes] of files)
      if ((bytes && (await idOf(path, bytes))) !== ids.get(path)) found.push(path);
    return found;
  } finally {
    await fs.rm(draft, { force: true });
  }
}

/** Makes a branch where the person is and goes onto it; the function takes that back. Errors: `commit.branch`. */
async function startBranch(ask: Ask, name: string): Promise<() => Promise<void>> {
  const refused = (why: string) =>
    new PortError('commit.branch', `The branch "${name}" cannot be made: ${why}.`, {
      advice: 'Choose another name.',
    });
  const ref = `refs/heads/${name}`;
  const valid = await ask(['check-ref-format', '--branch', name]).catch(refusal);
  if (valid?.trim() !== name) throw refused('git takes no such name');
  const there = await ask(['show-ref', '--verify', ref]).catch(refusal);
  if (there !== undefined) throw refused('it is there already');
  const before = await branchOf(ask);
  if (before === undefined) throw refused('no branch is checked out to start from');
  const head = await headOf(ask);
  if (head !== undefined) await ask(['branch', '--no-track', name, head]);
  await ask(['symbolic-ref', '-m', `branch: to ${name} for a commit`, 'HEAD', ref]);
  return async () => {
    await ask(['symbolic-ref', 'HEAD', before]);
    if (head !== undefined) await ask(['update-ref', '-d', ref, head]);
  };
}

async function headOf(ask: Ask): Promise<string | undefined> {
  const head = await ask(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']).catch(refusal);
  return head?.trim() || undefined;
}

/** Files of a repository inside are committed there. Errors: `commit.nested`. */
async function assertOwn(workspace: string, paths: readonly string[]): Promise<void> {
  for (const path of paths)
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder))
      if (await fs.lstat(join(workspace, folder, '.git')).catch(() => undefined))
        throw new PortError('commit.nested', `${path} lies in a repository of its own, ${folder}.`, {
          advice: 'Commit the change there and here yourself.',
        });
}

/** The commit's id. */
async function commitOn(
  ask: Ask,
  {
    index,
    paths,
    message,
  }: { readonly index: string; readonly paths: readonly string[]; readonly message: string },
): Promise<string> {
  const head = await headOf(ask);
  await ask(head === undefined ? ['read-tree', '--empty'] : ['read-tree', head], { index });
  const input = paths.map((path) => `${path}\0`).join('');
  const stage = ['update-index', '--add', '--remove', '--replace', '-z', '--stdin'];
  await ask(stage, { index, input });
  const tree = (await ask(['write-tree'], { index })).trim();
  if (head !== undefined && tree === (await ask(['rev-parse', `${head}^{tree}`])).trim())
    throw new PortError('commit.nothing', 'These files are as in the last commit already.');
  await ask(['commit', '--quiet', '--cleanup=verbatim', '--file=-'], { index, input: message });
  const commit = await headOf(ask);
  if (commit === undefined || commit === head)
    throw new PortError('git.failed', 'it ended without a word, as where a hook refuses.');
  // As after "git commit -- <files>": for these files the person's own index says what was committed.
  await ask(stage, { input });
  return commit;
}

function commitError(error: unknown): unknown {
  if (!(error instanceof PortError) || error.code !== 'git.failed') return error;
  const identity = /tell me who you are|unable to auto-detect email/iu.test(error.message);
  return new PortError('commit.failed', `Git did not make the commit: ${error.message}`, {
    advice: identity
      ? 'Tell git who you are: git config user.name and git config user.email.'
      : 'If a hook of yours refused it, mend what it found and commit again. Your files and your index are as they were.',
  });
}
