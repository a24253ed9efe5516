/** Tools that look at history: `git_diff`, `git_log`, `git_show`. They read; nothing of the person's repository is written or run. */
import * as z from 'zod';
import { unifiedDiff } from '../changes/unified-diff.ts';
import { confine } from '../policy/paths.ts';
import { protectedPath } from '../policy/protected.ts';
import { readRevision } from '../policy/revisions.ts';
import type { History } from '../ports.ts';
import { clip, defineTool, error, ok, type Observation, type ToolWorld } from './contract.ts';
import { WHOLE_CHARS_MAX } from './more.ts';
import { decodeUtf8 } from '../changes/encoding.ts';

const REVISION = z.string().min(1).max(200);
const COMMITS = 20;
const COMMITS_MAX = 100;
const FILES_MAX = 300;

const PathArg = z.string().min(1).max(1000).optional();

const pathsOf = (path: string | undefined): readonly string[] => (path === undefined ? [] : [path]);

/** Confined; policy has refused what leads out. */
const query = (path: string | undefined) => ({
  paths: pathsOf(path).flatMap((each) => {
    const confined = confine(each);
    return confined.ok && confined.path !== '' ? [confined.path] : [];
  }),
  charsMax: WHOLE_CHARS_MAX,
});

const NO_HISTORY = error('The history cannot be read here: this door has no git.');

/** Looks at the history with revisions that were read, or says what is wrong with one. */
async function inHistory(
  { history }: ToolWorld,
  revisions: readonly string[],
  look: (history: History, revisions: readonly string[]) => Promise<string>,
): Promise<Observation> {
  if (!history) return NO_HISTORY;
  const read = revisions.map(readRevision);
  const bad = read.find((each) => !each.ok);
  if (bad) return error(`${bad.why}.`);
  const text = await look(
    history,
    read.flatMap((each) => (each.ok ? [each.revision] : [])),
  );
  return ok(text === '' ? 'Nothing.' : text);
}

const gitDiff = defineTool({
  name: 'git_diff',
  description:
    'Without `from`: what this task has changed so far. With it (and `to`, default HEAD): what differs between two commits.',
  args: z.object({ from: REVISION.optional(), to: REVISION.optional(), path: PathArg }),
  effect: 'read',
  title: ({ from, to = 'HEAD' }) =>
    from === undefined ? 'Look at the change' : `Compare ${from} with ${to}`,
  subject: ({ path }) => ({ paths: pathsOf(path) }),
  run: async ({ from, to = 'HEAD', path }, world, { signal }) => {
    if (from === undefined) return ok(await changeSoFar(world, query(path).paths));
    return inHistory(world, [from, to], (history, [first = '', second = '']) =>
      history.diff({ ...query(path), from: first, to: second }, signal),
    );
  },
});

/** From the private store: the working copy as its last finished step left it, against what it began with. */
async function changeSoFar({ copies, place }: ToolWorld, paths: readonly string[]): Promise<string> {
  const [from, to] = [place.start, place.tree()];
  const within = (path: string): boolean =>
    paths.length === 0 || paths.some((each) => path === each || path.startsWith(`${each}/`));
  const deltas = (from === to ? [] : await copies.diff(from, to)).filter(({ path }) => within(path));
  const textAt = async (tree: string, path: string): Promise<string | undefined> => {
    const bytes = await copies.read(tree, path);
    return bytes && decodeUtf8(bytes);
  };
  const parts: string[] = [];
  for (const { path, kind, binary } of deltas.slice(0, FILES_MAX)) {
    const [before, after] = await Promise.all([textAt(from, path), textAt(to, path)]);
    if (protectedPath(path)?.class === 'secret') {
      parts.push(`${path} ${kind}: a place where keys are kept; not shown.`);
      continue;
    }
    parts.push(binary ? `Binary file ${path} ${kind}.` : unifiedDiff(path, before, after));
  }
  if (deltas.length > FILES_MAX) parts.push(`[${String(deltas.length - FILES_MAX)} more files.]`);
  return clip(parts.join('\n') || 'Nothing was changed yet.', WHOLE_CHARS_MAX);
}

const gitLog = defineTool({
  name: 'git_log',
  description: 'Commits of the project, newest first, with their messages.',
  args: z.object({
    from: REVISION.optional(),
    path: PathArg,
    max: z.number().int().min(1).max(COMMITS_MAX).optional(),
  }),
  effect: 'read',
  title: ({ from = 'HEAD', path }) => `History of ${path ?? from}`,
  subject: ({ path }) => ({ paths: pathsOf(path) }),
  run: ({ from = 'HEAD', path, max = COMMITS }, world, { signal }) =>
    inHistory(world, [from], (history, [first = '']) =>
      history.log({ ...query(path), from: first, max }, signal),
    ),
});

const gitShow = defineTool({
  name: 'git_show',
  description: 'One commit of the project: its message and what it changed.',
  args: z.object({
    commit: REVISION,
    path: PathArg,
    stat: z.boolean().optional().describe('only how much in which file'),
  }),
  effect: 'read',
  title: ({ commit }) => `Show ${commit}`,
  subject: ({ path }) => ({ paths: pathsOf(path) }),
  run: ({ commit, path, stat = false }, world, { signal }) =>
    inHistory(world, [commit], (history, [first = '']) =>
      history.show({ ...query(path), commit: first, patch: !stat }, signal),
    ),
});

export const GIT_TOOLS = [gitDiff, gitLog, gitShow];
