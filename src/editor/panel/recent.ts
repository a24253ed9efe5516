/** Rows of runs as the page shows them. */
import { partsOfGoal } from '../../protocol/goal.ts';
import type { RunEntry } from '../../protocol/view.ts';

/** Most runs that the page lists; the Runs tree has them all. */
const RECENT_MAX = 8;
/** Characters of a goal in a row of one line, and in what is told of it. */
const GOAL_CHARS_MAX = 200;

/** The latest of the entries, which are newest first. */
export const recentOf = (entries: readonly RunEntry[]): readonly RunEntry[] =>
  entries.slice(0, RECENT_MAX).map((entry) => ({ ...entry, goal: goalInRow(entry.goal) }));

/** What the person said, without what went along. */
export function goalInRow(goal: string): string {
  const { words } = partsOfGoal(goal);
  return words.length > GOAL_CHARS_MAX ? `${words.slice(0, GOAL_CHARS_MAX - 1)}…` : words;
}
