/** What people call the status of a listed run. */
import { unreadableTextIn } from '../protocol/unreadable-text.ts';
import type { RunEntry, RunStatus } from '../protocol/view.ts';
import { isAtWork } from './run-status.ts';
import { t } from './told.ts';

/** In the person's language. `isLive`: it works in this window. */
export function statusLabel({ status, unreadable, later }: RunEntry, isLive: boolean): string {
  const labels: Record<RunStatus, string> = {
    planning: t('planning'),
    waiting: t('needs you'),
    working: t('working'),
    reviewing: t('in review'),
    paused: t('paused'),
    finished: t('finished'),
    failed: t('failed'),
    unreadable: unreadable?.why === 'newer' ? t('needs a newer Quartet') : t('damaged'),
  };
  const label = labels[status];
  if (isAtWork(status) && !isLive) return t('{0}, in another window or the terminal', label);
  return later ? t('{0}, written by a later version', label) : label;
}

/** What is wrong with the record of a run, and what can still be done. */
export const unreadableText = ({ unreadable }: RunEntry): string | undefined =>
  unreadable && unreadableTextIn(t, unreadable);
