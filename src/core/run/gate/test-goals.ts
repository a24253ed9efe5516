/** Goals of runs that begin with tests. */
import type { TestNote } from '../../../protocol/events.ts';

/** Failing tests that a goal names; the words of their failures are the tests' own and stay out of it. */
const NAMED_MAX = 20;

/** The code is mended; what the tests demand stays. */
export function fixGoal(failing: readonly TestNote[]): string {
  const more = failing.length - NAMED_MAX;
  return [
    'Make these failing tests pass by mending the code; what they demand stays as it is.',
    ...failing.slice(0, NAMED_MAX).map((each) => `- ${each.id}${placeOf(each)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join('\n');
}

function placeOf({ file, line, id }: TestNote): string {
  if (file === undefined) return '';
  const at = line === undefined ? '' : `:${line}`;
  return id.startsWith(file) ? (line === undefined ? '' : ` (line ${line})`) : ` (${file}${at})`;
}

/** `file` is a path in the workspace. */
export function writeGoal(file: string): string {
  return `Write the tests that ${file} lacks, in the style of the tests that are there. Cover what it promises and how it can fail. Where a test shows a fault, mend the fault and say so.`;
}
