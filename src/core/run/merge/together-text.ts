/** What a coder is told whose change does not go together with what was merged meanwhile: both intents, and where they meet. */
import { blameLines } from '../../../protocol/blame-lines.ts';
import type { Blame } from '../../../protocol/blame.ts';
import { neutralTokens, type Fence } from '../../policy/untrusted.ts';
import type { TreeConflict } from '../../ports.ts';
import type { Work } from '../attempt.ts';
import { unitsOf } from '../plan/graph.ts';
import { bullets } from '../agents/prompts.ts';

/** Longest description and words of another task, in characters. */
const INTENT_CHARS = 1500;

/** A merge that does not combine, with both sides in the working copy. */
export function conflictText(
  work: Work,
  conflicts: readonly TreeConflict[],
  blame: Blame | undefined,
): string {
  const parts = conflicts.map((conflict) => `${conflict.path}: ${conflict.why}`);
  return [
    `Other tasks were merged meanwhile, and your change conflicts with them:\n${bullets(parts)}`,
    ...intents(work, blame),
    'Your working copy now holds the merged files; both sides are marked with <<<<<<< and >>>>>>>. Read them again. Keep the intent of both, remove the marks, and hand over again.',
  ].join('\n\n');
}

/** What is said above the tests that fail. */
export function togetherText(work: Work, blame: Blame | undefined): string {
  return [
    'Your change was merged with what other tasks changed meanwhile; your working copy now holds both. Read what you edit again. Green alone, red together:',
    ...intents(work, blame),
  ].join('\n\n');
}

/** What the other tasks wanted, did and touched. */
function intents({ current: { plan }, results, run }: Work, blame: Blame | undefined): readonly string[] {
  if (!blame) return [];
  const units = unitsOf(plan).filter(({ id }) => blame.with.includes(id));
  const others = units.flatMap(({ tasks }) => tasks.map((task) => intent(task, results, run.fence)));
  return [bullets(blameLines(blame).slice(1)), ...others];
}

function intent(
  task: { readonly id: string; readonly title: string; readonly description: string },
  results: Work['results'],
  fence: Fence,
): string {
  const said = results.get(task.id)?.text;
  const wanted = neutralTokens(task.description.slice(0, INTENT_CHARS));
  return [
    `What ${task.id} wanted: ${task.title}\n${wanted}`,
    ...(said === undefined || said === ''
      ? []
      : [`What its author says it did:\n${fence(`the author of ${task.id}`, said.slice(0, INTENT_CHARS))}`]),
  ].join('\n');
}

/** Marks of a conflict that were left. */
export function marksText(paths: readonly string[]): string {
  return `These files still hold marks of the conflict (<<<<<<<, =======, >>>>>>>):\n${bullets(paths)}\nRead them, keep the intent of both sides, remove the marks, and hand over again.`;
}
