/**
 * Working copies on git where it is installed, and as plain copies where it is not. The id of a tree tells which store holds it, so a run
 * that began without git goes on as it began once there is one.
 */
import { tmpdir } from 'node:os';
import type { WorkingCopies } from '../core/ports.ts';
import { createGit } from './copies/git.ts';
import { createGitCopies, type GitCopiesOptions } from './git-copies.ts';
import { createPlainCopies } from './plain-copies.ts';

const NO_GIT =
  'Git was not found: working copies are plain copies, and files that a .gitignore names are left out even where a commit holds them.';

/** SHA-256 names trees of the plain store, SHA-1 those of git. */
const isPlain = (tree: string): boolean => tree.length === 64;

export function createWorkingCopies(options: GitCopiesOptions): WorkingCopies {
  const git = createGitCopies(options);
  const plain = createPlainCopies(options);
  let works: Promise<boolean> | undefined;
  const gitWorks = (): Promise<boolean> => (works ??= asksGit(options.git));
  const holder = (tree: string): WorkingCopies => (isPlain(tree) ? plain : git);
  return {
    takeBase: async (unsaved, like) => {
      const usesGit = like === undefined ? await gitWorks() : !isPlain(like);
      if (usesGit) return git.takeBase(unsaved);
      const base = await plain.takeBase(unsaved);
      return { ...base, notes: [NO_GIT, ...base.notes] };
    },
    create: (id, tree, how) => holder(tree).create(id, tree, how),
    rootOf: (id) => plain.rootOf(id),
    discard: async (id) => ((await gitWorks()) ? git : plain).discard(id),
    diff: (from, to) => holder(from).diff(from, to),
    read: (tree, path) => holder(tree).read(tree, path),
    names: (tree, path) => holder(tree).names(tree, path),
    merge: (base, ours, theirs) => holder(ours).merge(base, ours, theirs),
    compose: (tree, files) => holder(tree).compose(tree, files),
    retain: async (runId, trees) => {
      for (const copies of new Set(trees.map(holder)))
        await copies.retain(
          runId,
          trees.filter((tree) => holder(tree) === copies),
        );
    },
    release: async (runId) => {
      await plain.release(runId);
      if (await gitWorks()) await git.release(runId);
    },
  };
}

/** A git that is there but refuses, as the stand-in of a system without one does, is as none. */
async function asksGit(binary: string | undefined): Promise<boolean> {
  return createGit(binary)
    .text(['--version'], { cwd: tmpdir() })
    .then(
      () => true,
      () => false,
    );
}
