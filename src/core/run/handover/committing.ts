/** Committing what a finished run applied, because the person asked: exactly its files, and only as they were applied. */
import type { JournalLine } from '../../../protocol/events.ts';
import { PortError } from '../../ports.ts';
import type { CommitRequest, EpilogueEnd } from '../contract.ts';
import { appliedIn, prefixOf, type AppliedChange, type Epilogue } from './epilogue.ts';
import type { Run } from '../run.ts';

/** Errors: `commit.nothing`. */
export function commitApplied(lines: readonly JournalLine[], request: CommitRequest): Epilogue {
  const applied = appliedIn(lines);
  if (!applied)
    throw new PortError('commit.nothing', 'There is nothing to commit: no change of this run is applied.');
  const prefix = prefixOf('commit', lines);
  return { prefix, tell: (run) => tell(run, `${prefix}/1`, { ...request, applied }) };
}

type Made =
  | { readonly commit: string; readonly branch?: string | undefined; readonly files: string[] }
  | { readonly refused: string };

async function tell(
  run: Run,
  key: string,
  { message, branch, applied }: CommitRequest & { readonly applied: AppliedChange },
): Promise<EpilogueEnd> {
  const made = await run.steps.step<Made>(
    key,
    {
      kind: 'commit',
      title: 'Commit the applied change',
      input: { applied, message, branch: branch ?? null },
    },
    () => commit(run, { message, branch, applied }),
  );
  if ('refused' in made) return { done: false, message: `Nothing was committed. ${made.refused}` };
  run.steps.record({ type: 'changes.committed', key, data: made });
  const where = made.branch === undefined ? '' : ` on ${made.branch}`;
  return { done: true, message: `Committed as ${made.commit.slice(0, 10)}${where}. Nothing was pushed.` };
}

/** What is refused is an answer, not a failure: asked once more, it is looked at anew. */
async function commit(
  run: Run,
  { message, branch, applied }: CommitRequest & { readonly applied: AppliedChange },
): Promise<Made> {
  const { commits, copies } = run.ports;
  if (!commits) return { refused: 'This door makes no commits.' };
  const files = (await copies.diff(applied.before, applied.after)).map(({ path }) => path);
  const later = await changedSince(run, applied.after, files);
  if (later.length > 0)
    return {
      refused: `${later.join(', ')} changed since the change was applied. Commit that yourself.`,
    };
  try {
    const made = await commits.commit({ paths: files, message, ...(branch !== undefined && { branch }) });
    return { ...made, files };
  } catch (error) {
    if (!(error instanceof PortError) || !/^(commit|git)\./u.test(error.code)) throw error;
    return { refused: error.advice === undefined ? error.message : `${error.message} ${error.advice}` };
  }
}

/** Files that do not read as they were applied. */
async function changedSince(run: Run, tree: string, paths: readonly string[]): Promise<readonly string[]> {
  const { copies, workspace } = run.ports;
  const later: string[] = [];
  for (const path of paths) {
    const [now, applied] = [await workspace.read(path), await copies.read(tree, path)];
    const same =
      now === undefined || applied === undefined
        ? now === applied
        : now.length === applied.length && now.every((byte, at) => byte === applied[at]);
    if (!same) later.push(path);
  }
  return later;
}
