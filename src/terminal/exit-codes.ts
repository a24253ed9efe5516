/** What the terminal ends with. 3, 4 and 130 can be resumed. */
import type { Outcome, PauseReason } from '../protocol/events.ts';
import type { RunEnd } from '../core/run/contract.ts';

export const USAGE_CODE = 2;

const OUTCOMES: Readonly<Record<Outcome, number>> = {
  done: 0,
  answered: 0,
  failed: 1,
  notProved: 5,
  rejected: 6,
};
const PAUSES: Readonly<Record<PauseReason, number>> = {
  waiting: 3,
  budget: 4,
  stopped: 130,
  closed: 130,
  endpoint: 1,
  environment: 1,
};

export function exitCodeOf(end: RunEnd): number {
  return end.kind === 'finished' ? OUTCOMES[end.outcome] : PAUSES[end.reason];
}
