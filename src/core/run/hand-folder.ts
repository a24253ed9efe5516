/**
 * The folder of a person who works on a task. Agents' working copies are put back to what is recorded of them; this one never is: what comes
 * to it is merged with what is there, and it goes only once what is there is recorded.
 */
import type { HandKept } from '../../protocol/people.ts';
import type { Hand, Work } from './attempt.ts';
import { createPlace, type CopyPlace } from './place.ts';
import type { Run } from './run.ts';

/** What the person may write: anything. */
export const ANYTHING: readonly string[] = ['**'];

/** A folder for the person, to be filled with `tree`, which was made from the integration tree `from`. */
export function handOf(id: string, tree: string, from: string): Hand {
  return { id, seen: tree, from, isOpen: false, isAsked: false };
}

/** The folder as it was seen last. Its `record` leaves it as it is. */
export function folderOf({ run, base }: Pick<Work, 'run' | 'base'>, { id, seen }: Hand): CopyPlace {
  return createPlace(run, { id, base, tree: seen, scope: ANYTHING });
}

/** Files that hold both versions of what differs, marked; none where it merged. */
export interface Opened {
  readonly root: string;
  readonly marked: readonly string[];
  /** Times that forks copied this since: each has a folder of its own, which is made when it goes on. */
  readonly copied?: number;
}

/** Inside a step: makes the folder of a fork, as its record leaves it. */
export async function openCopied(work: Work, { id }: Hand, tree: string): Promise<null> {
  await createPlace(work.run, { id, base: work.base, tree, scope: ANYTHING }).ready();
  return null;
}

/** Inside a step: brings `tree` to the folder. Where the person has been there, it is merged with what they did since. */
export async function openHand(work: Work, hand: Hand, tree: string): Promise<Opened> {
  const { id: run, ports } = work.run;
  const root = ports.copies.rootOf(`${run}-${hand.id}`);
  if (!hand.isOpen) {
    await openCopied(work, hand, tree);
    return { root, marked: [] };
  }
  const folder = folderOf(work, hand);
  const now = await folder.record();
  if (tree === hand.seen) return { root, marked: [] };
  const merged = await ports.copies.merge(hand.seen, now, tree);
  await folder.putBack(merged.tree);
  return { root, marked: merged.conflicts.map(({ path }) => path) };
}

/**
 * Removes the folder, and with it what was tested of it. The tree that the person left there, where nobody has seen it before: it is
 * recorded first.
 */
export async function removeHand(
  work: Work,
  hand: Hand,
  { key, input }: { readonly key: string; readonly input: string },
): Promise<string | undefined> {
  const { steps } = work.run;
  const spec = { kind: 'copy' as const, title: 'Remove the working copy', input };
  const later = await steps.step<string | null>(key, spec, async () => {
    await discard(work.run, testedOf(input));
    const now = await folderOf(work, hand).record();
    if (now !== hand.seen) return now;
    await discard(work.run, hand.id);
    return null;
  });
  if (later === null) return undefined;
  await steps.step(`${key}/seen`, { ...spec, input: hand.id }, async () => {
    await discard(work.run, hand.id);
    return null;
  });
  return later;
}

/** Removes the working copy in which what a person gave back was tested; their folder stays. */
export async function removeTested(run: Run, key: string, attempt: string): Promise<void> {
  const spec = { kind: 'copy' as const, title: 'Remove the working copy', input: attempt };
  await run.steps.step(key, spec, async () => {
    await discard(run, testedOf(attempt));
    return null;
  });
}

/** Name of the working copy in which what a person gave back is tested, by that of the attempt. */
export const testedOf = (attempt: string): string => `${attempt}-given`;

async function discard({ id: run, ports }: Run, id: string): Promise<void> {
  await ports.shell.background.endAll(ports.copies.rootOf(`${run}-${id}`));
  await ports.copies.discard(`${run}-${id}`);
}

/** Says where what a person did is kept, where they did anything. */
export function sayKept({ run }: Work, kept: HandKept): void {
  if (kept.tree === kept.from) return;
  run.steps.record({ type: 'hand.kept', key: `${kept.task}/${String(kept.attempt)}`, data: kept });
}

/** Puts aside what the person did on a task that is not theirs any more, so that nothing of it is lost. */
export async function setAside(
  work: Work,
  hand: Hand,
  { task, attempt, why }: Pick<HandKept, 'task' | 'attempt' | 'why'>,
): Promise<void> {
  if (!hand.isOpen) return;
  const key = `task/${task}/attempt/${String(attempt)}/set-aside`;
  const later = await removeHand(work, hand, { key, input: `${task}-${String(attempt)}` });
  sayKept(work, { task, attempt, why, tree: later ?? hand.seen, from: hand.from });
}
