/** A run that follows another: the talk so far in few words, and the change that the person has not taken yet. */
import type { CarriedOn, Exchange } from '../../protocol/conversation.ts';
import type { RunView } from '../../protocol/view.ts';
import { PortError } from '../ports.ts';
import type { Run } from './run.ts';

/** Exchanges that are told, the last ones, and the longest part of each text, in characters. */
const EXCHANGES_MAX = 8;
const TEXT_CHARS_MAX = 4000;

/** What the next run begins with. Errors: `run.open` where the followed run has not finished. */
export function carryOn(view: RunView): CarriedOn {
  if (!view.finished)
    throw new PortError('run.open', 'Only a run that has finished can be followed by another.', {
      advice: 'While a run works, tell the team what should be different.',
    });
  const before = [...(view.carried?.before ?? []), exchangeOf(view)].slice(-EXCHANGES_MAX);
  const { changes } = view;
  // What a stranger's file names is no tree to begin from.
  if (view.imported) return { before };
  if (!changes || changes.applied || changes.undone || view.finished.outcome === 'rejected')
    return { before };
  const without = [
    ...new Set(
      (changes.decided?.rejected ?? []).filter(({ hunk }) => hunk === undefined).map(({ path }) => path),
    ),
  ];
  return { before, change: { run: view.id, base: changes.base, tree: changes.tree, without } };
}

function exchangeOf(view: RunView): Exchange {
  const { answer, summary, finished, changes, goal, mode, id } = view;
  const said = answer?.text ?? (summary ? `${summary.title}\n${summary.body}` : (finished?.message ?? ''));
  const became = changes?.applied && !changes.undone ? 'applied' : changes ? 'offered' : undefined;
  return {
    run: id,
    mode,
    asked: clipped(goal),
    said: clipped(said),
    ...(changes && became && { files: changes.files.slice(0, 100).map(({ path }) => path), became }),
  };
}

const clipped = (text: string): string =>
  text.length <= TEXT_CHARS_MAX ? text : `${text.slice(0, TEXT_CHARS_MAX)} […]`;

/** What was said before, for whoever begins; "" where this run follows none. */
export function conversationText({ carried, fence }: Pick<Run, 'carried' | 'fence'>): string {
  if (!carried) return '';
  const told = carried.before.map(({ asked, said, files, became }) =>
    [
      `The person: ${asked}`,
      `The team: ${said}`,
      ...(files
        ? [`${became === 'applied' ? 'Applied' : 'Offered, not taken yet'}: ${files.join(', ')}`]
        : []),
    ].join('\n'),
  );
  return `What was said before, oldest first; go on from there:\n${fence('the conversation so far', told.join('\n\n'))}`;
}

/** The tree that a follow-up goes on from: the workspace with the change that was not taken yet, where the two combine. */
export async function startTree(
  run: Run,
  base: string,
): Promise<{ readonly tree: string; readonly note?: string }> {
  const change = run.carried?.change;
  if (!change) return { tree: base };
  const spec = {
    kind: 'merge' as const,
    title: 'Go on from the change that was offered',
    input: { base, change },
  };
  return run.steps.step('start', spec, async () => {
    const { copies } = run.ports;
    try {
      const kept = new Map<string, Uint8Array | undefined>();
      for (const path of change.without) kept.set(path, await copies.read(change.base, path));
      const theirs = kept.size === 0 ? change.tree : await copies.compose(change.tree, kept);
      const merged = await copies.merge(change.base, base, theirs);
      if (merged.conflicts.length > 0)
        return {
          tree: base,
          note: `The change of ${change.run} no longer fits your files, so the team begins from them: ${merged.conflicts.map(({ path }) => path).join(', ')}.`,
        };
      await copies.retain(run.id, [merged.tree]);
      return { tree: merged.tree };
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      return {
        tree: base,
        note: `The change of ${change.run} is not there any more, so the team begins from your files.`,
      };
    }
  });
}
