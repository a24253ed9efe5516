/** The status bar item: idle, working, or how often the team needs the person. */
import * as vscode from 'vscode';
import type { LiveTests } from '../core/run/contract.ts';
import type { TestProgress } from '../protocol/test-progress.ts';
import type { ActiveStep, RunView } from '../protocol/view.ts';
import type { Desk } from './desk.ts';
import { roleName } from './role-name.ts';
import { isAtWork } from './run-status.ts';
import { createLatestTests, progressText } from './tests/progress.ts';
import { told } from './told.ts';

interface Status {
  readonly text: string;
  readonly tooltip: string;
  /** It says that something waits for the person: in a run at work, or in one that is stopped. */
  readonly waits?: 'atWork' | 'stopped';
}

interface Shown {
  /** Runs that are live in this window. */
  readonly live: readonly RunView[];
  /** Runs that wait for an answer: these among them, those of another window or the terminal, and the open one. */
  readonly waiting: readonly RunView[];
  readonly testing?: TestProgress | undefined;
}

/** A run that is open and stopped, with something that waits for the person: none is said to be idle. */
function stoppedStatus({ needs, paused }: RunView): Status {
  const text = vscode.l10n.t('Quartet: stopped, {0} for you', needs.length);
  const titles = needs.map(({ ask }) => told(ask.title));
  const tooltip = [paused && told(paused.message), ...titles].filter(Boolean).join('\n');
  return { text: `$(debug-pause) ${text}`, tooltip, waits: 'stopped' };
}

const stepTitle = ({ kind, title, who }: ActiveStep): string =>
  kind === 'model' && who ? vscode.l10n.t('{0} is thinking', roleName(who.role)) : told(title);

/** Text and meaning of the item. */
export function statusOf({ live, waiting, testing }: Shown): Status {
  const { t } = vscode.l10n;
  const needs = waiting
    .filter(({ status }) => isAtWork(status))
    .flatMap((view) => view.needs.map(({ ask }) => told(ask.title)));
  if (needs.length > 0) {
    const text = t('Quartet: {0} for you', needs.length);
    return { text: `$(bell-dot) ${text}`, tooltip: needs.join('\n'), waits: 'atWork' };
  }
  if (live.length > 0) {
    const tasks = live.flatMap((view) => view.active.map(stepTitle));
    const doing = testing === undefined ? t('Quartet: working') : `Quartet: ${progressText(testing)}`;
    return {
      text: `$(loading~spin) ${doing}`,
      tooltip: tasks.join('\n') || t('The team is working.'),
    };
  }
  const [stopped] = waiting;
  if (stopped !== undefined) return stoppedStatus(stopped);
  return { text: '$(organization) Quartet', tooltip: t('Show the team') };
}

export function showStatus(desk: Desk, onTests: vscode.Event<LiveTests>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('quartet.status', vscode.StatusBarAlignment.Left, 0);
  item.name = 'Quartet';
  const tests = createLatestTests();
  const update = () => {
    const { liveViews: live, waitingViews: waiting } = desk;
    const { text, tooltip, waits } = statusOf({ live, waiting, testing: tests.latest(live) });
    if (item.text !== text) item.text = text;
    if (item.tooltip !== tooltip) item.tooltip = tooltip;
    item.command = waits === undefined ? 'quartet.showPanel' : 'quartet.whatWaits';
    item.backgroundColor =
      waits === 'atWork' ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
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
