/** What people call the status of a listed run. */
import * as vscode from 'vscode';
import type { RunEntry, RunStatus } from '../protocol/view.ts';
import { isAtWork } from './run-status.ts';

/** In the person's language. `isLive`: it works in this window. */
export function statusLabel({ status, unreadable, later }: RunEntry, isLive: boolean): string {
  const { t } = vscode.l10n;
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
export function unreadableText({ unreadable }: RunEntry): string | undefined {
  if (unreadable === undefined) return undefined;
  const { t } = vscode.l10n;
  const { why, line } = unreadable;
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
