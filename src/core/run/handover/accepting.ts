/** From a person's answer to a review to the tree that holds what they took. */
import type { ReviewAnswer } from '../../../protocol/answers.ts';
import { applyHunks, hunksOf } from '../../changes/hunks.ts';
import { decodeUtf8 } from '../../changes/encoding.ts';
import type { Run } from '../run.ts';

/** What was offered, and what the person says to it. */
export interface Taking {
  readonly revision: number;
  readonly base: string;
  readonly tree: string;
  readonly answer: ReviewAnswer;
}

/** Ids of the hunks that are left out, by path. */
type LeftOut = Readonly<Record<string, readonly string[]>>;

/** The proposed tree without rejected files and hunks, and with the texts that the person edited. */
export async function acceptedTree(run: Run, { revision, base, tree, answer }: Taking): Promise<string> {
  const edited = Object.entries(answer.edited);
  if (answer.rejected.length === 0 && edited.length === 0) return tree;
  const { copies } = run.ports;
  const rejected = answer.rejected.filter(({ hunk }) => hunk === undefined).map(({ path }) => path);
  const hunks = leftOut(answer, rejected);
  const input = {
    base,
    tree,
    rejected,
    edited: answer.edited,
    ...(Object.keys(hunks).length > 0 && { hunks }),
  };
  return run.steps.step<string>(
    `handover/${revision}/accepted`,
    { kind: 'tree', title: 'Put together what you accepted', input },
    async () => {
      const files = new Map<string, Uint8Array | undefined>();
      for (const path of input.rejected) files.set(path, await copies.read(base, path));
      for (const [path, ids] of Object.entries(hunks))
        files.set(path, withoutHunks(await copies.read(base, path), await copies.read(tree, path), ids));
      for (const [path, text] of edited) files.set(path, new TextEncoder().encode(text));
      const composed = await copies.compose(tree, files);
      await copies.retain(run.id, [composed]);
      return composed;
    },
  );
}

/** A text edited by hand is what the person wants of it, and a file that is rejected needs no more. */
function leftOut({ rejected, edited }: ReviewAnswer, whole: readonly string[]): LeftOut {
  const found = new Map<string, string[]>();
  for (const { path, hunk } of rejected) {
    if (hunk === undefined || whole.includes(path) || Object.hasOwn(edited, path)) continue;
    found.set(path, [...(found.get(path) ?? []), hunk]);
  }
  return Object.fromEntries(found);
}

/** A file without some hunks. Where one of them is not to be found nothing of the file is taken: what was rejected never slips in (I5). */
function withoutHunks(
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
  ids: readonly string[],
): Uint8Array | undefined {
  const [oldText, newText] = [before && decodeUtf8(before), after && decodeUtf8(after)];
  if (oldText === undefined || newText === undefined) return before;
  const all = hunksOf(oldText, newText, 0).map(({ id }) => id);
  if (ids.some((id) => !all.includes(id))) return before;
  return new TextEncoder().encode(
    applyHunks(
      oldText,
      newText,
      all.filter((id) => !ids.includes(id)),
    ),
  );
}
