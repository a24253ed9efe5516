/** What a blame tells the person who looks at the panel. The record has the same in English, for the team. */
import type { Blame } from '../../../src/protocol/blame.ts';
import { t } from '../texts.ts';

const NAMES_MAX = 5;

const many = (names: readonly string[]): string =>
  names.length <= NAMES_MAX
    ? names.join(', ')
    : t('{0} and {1} more', names.slice(0, NAMES_MAX).join(', '), names.length - NAMES_MAX);

/** One line for each thing there is to know. */
export function blameTexts(blame: Blame): readonly string[] {
  const { task, kind, tests, shared, files, otherFiles } = blame;
  const other = blame.with.join(', ');
  const head =
    kind === 'red'
      ? t('{0} and {1} are green alone and red together.', task, other)
      : t('{0} and {1} changed the same lines.', task, other);
  const places = shared.map(({ path, lines, otherLines }) =>
    t('Both touch {0}: {1} lines {2}; {3} lines {4}.', path, task, lines, other, otherLines),
  );
  const apart = (): string =>
    t('No file is touched by both. {0}: {1}. {2}: {3}.', task, many(files), other, many(otherFiles));
  return [
    head,
    ...(tests.length > 0 ? [t('Failing together: {0}.', many(tests))] : []),
    ...(places.length > 0 ? places : [apart()]),
  ];
}
