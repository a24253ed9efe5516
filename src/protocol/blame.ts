/** Which tasks a change cannot stand beside, where each was green alone. */
import * as z from 'zod';

/** A file that both tasks changed. Lines are of each one's own text, from 1, such as "3-5, 9". */
export const SharedFile = z.object({ path: z.string(), lines: z.string(), otherLines: z.string() });

export const BLAME_EVENTS = {
  'blame.found': z.object({
    task: z.string(),
    /** The other task; several where trying did not tell them apart. */
    with: z.array(z.string()),
    /** `red`: their tests fail together. `conflict`: they changed the same lines. */
    kind: z.enum(['red', 'conflict']),
    /** Tests that fail only together. */
    tests: z.array(z.string()),
    shared: z.array(SharedFile),
    /** What each changed: where nothing is shared, this is all there is to look at. */
    files: z.array(z.string()),
    otherFiles: z.array(z.string()),
  }),
} as const;
export type Blame = z.infer<(typeof BLAME_EVENTS)['blame.found']>;

const many = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;

/** What a blame tells a person, in lines. */
export function blameLines(blame: Blame): readonly string[] {
  const { task, tests, shared, files, otherFiles } = blame;
  const other = blame.with.join(', ');
  const head =
    blame.kind === 'red'
      ? `${task} and ${other} are green alone and red together.`
      : `${task} and ${other} changed the same lines.`;
  const places = shared.map(
    ({ path, lines, otherLines }) =>
      `Both touch ${path}: ${task} lines ${lines}; ${other} lines ${otherLines}.`,
  );
  return [
    head,
    ...(tests.length > 0 ? [`Failing together: ${many(tests)}.`] : []),
    ...(places.length > 0
      ? places
      : [`No file is touched by both. ${task}: ${many(files)}. ${other}: ${many(otherFiles)}.`]),
  ];
}
