/** What the status of a listed run allows. */
import type { RunStatus } from '../protocol/view.ts';

/** Neither over nor unreadable: a run that may go on. */
export function canResume(status: RunStatus): boolean {
  return status !== 'finished' && status !== 'failed' && status !== 'unreadable';
}

/** A process works on it, or it waits for a person there: what nobody owns is listed as paused. */
export function isAtWork(status: RunStatus): boolean {
  return canResume(status) && status !== 'paused';
}
