/** Which tree a remark is about. */
import type { RunView } from '../../../protocol/view.ts';
import { unitsOf } from '../plan/graph.ts';

/** The tree that the reviewer of a task read, and that its gate tested; `undefined` where the record does not tell. */
export function readTree({ plan, merges }: RunView, task: string): string | undefined {
  const units = plan ? unitsOf(plan.spec) : [];
  const id = units.find(({ tasks }) => tasks.some((each) => each.id === task))?.id ?? task;
  const merge = merges?.findLast(({ unit, verdict }) => unit === id && verdict !== 'red');
  return merge?.own ?? merge?.tree;
}
