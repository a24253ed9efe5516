/** A goal as the person put it, apart from what went along with it for the team: mentions by name, and texts in fences. */

export interface GoalParts {
  readonly words: string;
  /** Without the marks of fences; "" where nothing went along. */
  readonly along: string;
}

/** Where the host puts what goes along. */
const ALONG = /\n\n(?=What is mentioned above:\n|\[data [0-9a-f]+ from )/u;
const HEADING = /^What is mentioned above:\n+/u;
const FENCE = /^\[data ([0-9a-f]+) from ([^\]\n]*)\]\n([^]*?)\n\[end of data \1\]$/gmu;

export function partsOfGoal(goal: string): GoalParts {
  const at = goal.search(ALONG);
  if (at <= 0) return { words: goal, along: '' };
  const along = goal.slice(at).trim().replace(HEADING, '').replaceAll(FENCE, '$3');
  return { words: goal.slice(0, at), along };
}
