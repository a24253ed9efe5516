/** What is wrong with the record of a run, and what can still be done in an editor. */
import type { Unreadable } from './view.ts';
import type { Words } from './words.ts';

export function unreadableTextIn(t: Words, { why, line }: Pick<Unreadable, 'why' | 'line'>): string {
  if (why === 'newer')
    return line > 1
      ? t(
          'A later version of Quartet wrote this run from line {0} on. What comes before can be opened. Update Quartet to open the rest.',
          line,
        )
      : t('A later version of Quartet wrote this run. Update Quartet to open it.');
  return line > 1
    ? t(
        'The record of this run is damaged at line {0}: it cannot go on. What comes before can be opened, exported, or taken another way.',
        line,
      )
    : t('The record of this run is damaged, and nothing of it can be read. The goal can be started again.');
}
