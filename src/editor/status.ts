/** The status bar item: idle, working, or how often the team needs the person. */
import * as vscode from 'vscode';
import type { LiveTests } from '../core/run/contract.ts';
import type { TestProgress } from '../protocol/test-progress.ts';
import type { RunView } from '../protocol/view.ts';
import type { Desk } from './desk.ts';
import { createLatestTests, progressText } from './tests/progress.ts';
import { told } from './told.ts';

interface Status {
  readonly text: string;
  readonly tooltip: string;
}

/** A run that is open and stopped, with something that waits for the person: none is said to be idle. */
function stoppedStatus({ needs, paused }: RunView): Status {
  const text = vscode.l10n.t('Quartet: stopped, {0} for you', needs.length);
  const titles = needs.map(({ ask }) => ask.title);
  return { text: `$(debug-pause) ${text}`, tooltip: [paused?.message, ...titles].filter(Boolean).join('\n') };
}

/** Text and meaning of the item for the runs that are live in this window, and the one that is open. */
export function statusOf(live: readonly RunView[], testing?: TestProgress, open?: RunView): Status {
  const { t } = vscode.l10n;
  const needs = live.flatMap((view) => view.needs.map(({ ask }) => told(ask.title)));
  if (needs.length > 0) {
    return { text: `$(bell-dot) ${t('Quartet: {0} for you', needs.length)}`, tooltip: needs.join('\n') };
  }
  if (live.length > 0) {
    const tasks = live.flatMap((view) => view.active.map(({ title }) => title));
    const doing = testing === undefined ? t('Quartet: working') : `Quartet: ${progressText(testing)}`;
    return {
      text: `$(loading~spin) ${doing}`,
      tooltip: tasks.join('\n') || t('The team is working.'),
    };
  }
  if (open?.status === 'paused' && open.needs.length > 0) return stoppedStatus(open);
  return { text: '$(organization) Quartet', tooltip: t('Show the team') };
}

export function showStatus(desk: Desk, onTests: vscode.Event<LiveTests>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('quartet.status', vscode.StatusBarAlignment.Left, 0);
  item.name = 'Quartet';
  const tests = createLatestTests();
  const update = () => {
    const { text, tooltip } = statusOf(desk.liveViews, tests.latest(desk.liveViews), desk.openView);
    if (item.text !== text) item.text = text;
    if (item.tooltip !== tooltip) item.tooltip = tooltip;
    const needs = desk.liveViews.some((view) => view.needs.length > 0);
    item.command = needs ? 'quartet.whatWaits' : 'quartet.showPanel';
    item.backgroundColor = needs ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  };
  update();
  item.show();
  return vscode.Disposable.from(
    desk.onListed(update),
    desk.onOpened(update),
    desk.onGrown(update),
    onTests((its) => {
      tests.add(its);
      update();
    }),
    item,
  );
}
