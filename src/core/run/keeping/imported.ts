/**
 * Runs that came as a file. What such a run records (settings, leave that was given, answers, tests that passed) is a stranger's word, so
 * it is looked at, verified and replayed, and nothing is ever done because of it.
 */
import type { JournalLine } from '../../../protocol/events.ts';
import { PortError } from '../../ports.ts';

/** Errors: `run.imported` where the record came from elsewhere. */
export function assertOwnRecord(lines: readonly JournalLine[]): void {
  if (!lines.some((line) => line.type === 'run.started' && line.data.imported === true)) return;
  throw new PortError(
    'run.imported',
    'The run was imported: its settings, and all that was allowed and found in it, are the word of whoever made the file.',
    { advice: 'Look at it, verify or replay it. To work on its goal, start that as a run of your own.' },
  );
}
