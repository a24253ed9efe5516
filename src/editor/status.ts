/** The status bar item: idle, working, or how often the team needs the person. */
import * as vscode from 'vscode';
import type { RunView } from '../protocol/view.ts';
import type { Desk } from './desk.ts';

/** Text and meaning of the item for the runs that are live in this window. */
export function statusOf(live: readonly RunView[]): { readonly text: string; readonly tooltip: string } {
  const { t } = vscode.l10n;
  const needs = live.flatMap((view) => view.needs.map(({ ask }) => ask.title));
  if (needs.length > 0) {
    return { text: `$(bell-dot) ${t('Quartet: {0} for you', needs.length)}`, tooltip: needs.join('\n') };
  }
  if (live.length > 0) {
    const tasks = live.flatMap((view) => view.active.map(({ title }) => title));
    return {
      text: `$(loading~spin) ${t('Quartet: working')}`,
      tooltip: tasks.join('\n') || t('The team is working.'),
    };
  }
  return { text: '$(organization) Quartet', tooltip: t('Show the team') };
}

export function showStatus(desk: Desk): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('quartet.status', vscode.StatusBarAlignment.Left, 0);
  item.name = 'Quartet';
  const update = () => {
    const { text, tooltip } = statusOf(desk.liveViews);
    if (item.text !== text) item.text = text;
    if (item.tooltip !== tooltip) item.tooltip = tooltip;
    const needs = desk.liveViews.some((view) => view.needs.length > 0);
    item.command = needs ? 'quartet.whatWaits' : 'quartet.showPanel';
    item.backgroundColor = needs ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  };
  update();
  item.show();
  return vscode.Disposable.from(desk.onListed(update), desk.onGrown(update), item);
}
