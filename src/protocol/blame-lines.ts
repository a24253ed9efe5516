/** What a blame tells a person. Apart from its schema, which pages go without. */
import type { Blame } from './blame.ts';

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
      : [
          'No file is touched by both.',
          `${task} changed: ${many(files)}.`,
          `${other} changed: ${many(otherFiles)}.`,
        ]),
  ];
}
