/** The Runs view: what was started here, what it does, and how to go on with it. */
import * as vscode from 'vscode';
import type { Disposable } from '../core/ports.ts';
import type { RunEntry, RunStatus, RunView } from '../protocol/view.ts';
import type { Family } from './commands/register.ts';
import { statusLabel, unreadableText } from './run-label.ts';
import { canResume, isAtWork } from './run-status.ts';
import type { Desk } from './desk.ts';

const GOAL_CHARS_MAX = 80;

function icon(status: RunStatus, isLive: boolean): vscode.ThemeIcon {
  const colour = (id: string, name: string) => new vscode.ThemeIcon(id, new vscode.ThemeColor(name));
  if (status === 'finished') return colour('pass', 'testing.iconPassed');
  if (status === 'failed') return colour('error', 'testing.iconFailed');
  if (status === 'unreadable') return colour('warning', 'list.warningForeground');
  if (status === 'waiting' || status === 'reviewing')
    return colour('bell-dot', 'notificationsWarningIcon.foreground');
  if (isLive) return new vscode.ThemeIcon('loading~spin');
  return new vscode.ThemeIcon(isAtWork(status) ? 'eye' : 'debug-pause');
}

function contextOf(status: RunStatus, isLive: boolean): string {
  if (isLive) return 'run.live';
  if (status === 'unreadable') return 'run.unreadable';
  if (isAtWork(status)) return 'run.foreign';
  return canResume(status) ? 'run.paused' : 'run.over';
}

const timeIn =
  (look: Intl.DateTimeFormatOptions) =>
  (at: number): string =>
    new Date(at).toLocaleString(vscode.env.language, look);

const fullTime = timeIn({ dateStyle: 'short', timeStyle: 'short' });
const dayOnly = timeIn({ dateStyle: 'short' });
const clockOnly = timeIn({ timeStyle: 'short' });

/** The room of a line is little: of today the hour, of another day the day. */
const shortTime = (at: number, now: number): string => {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return isToday ? clockOnly(at) : dayOnly(at);
};

/** One line of the tree. `contextValue` is `run.live`, `run.foreign` (another process works on it), `run.paused`, `run.over` or `run.unreadable`. */
export function runItem(entry: RunEntry, isLive: boolean, isOpen: boolean): vscode.TreeItem {
  const [line = ''] = entry.goal.trim().split('\n');
  const item = new vscode.TreeItem(line.length > GOAL_CHARS_MAX ? `${line.slice(0, GOAL_CHARS_MAX)}…` : line);
  const status = statusLabel(entry, isLive);
  const wrong = unreadableText(entry);
  item.id = entry.id;
  item.iconPath = icon(entry.status, isLive);
  const said = [status, ...(entry.demo ? [vscode.l10n.t('demo')] : [])];
  // Of a run of which nothing can be read, nobody knows when it began.
  const isTimed = entry.startedAt > 0;
  item.description = [...said, ...(isTimed ? [shortTime(entry.startedAt, Date.now())] : [])].join(' · ');
  const detail = [...said, ...(isTimed ? [fullTime(entry.startedAt)] : [])].join(' · ');
  item.tooltip = [entry.goal, detail, ...(wrong === undefined ? [] : [wrong])].join('\n\n');
  item.contextValue = contextOf(entry.status, isLive);
  item.command = { command: 'quartet.openRun', title: vscode.l10n.t('Open Run'), arguments: [entry] };
  const open = isOpen ? `, ${vscode.l10n.t('open')}` : '';
  item.accessibilityInformation = { label: [`${line}, ${status}${open}`, wrong].filter(Boolean).join('. ') };
  return item;
}

export interface RunsTree extends Disposable {
  readonly commands: Family<'showTalks' | 'showAllRuns'>;
}

const ONLY_TALKS = 'quartet.onlyTalks';

/** The runs that the view lists: all, or only talks with the team. */
export const listed = (entries: readonly RunEntry[], onlyTalks: boolean): readonly RunEntry[] =>
  onlyTalks ? entries.filter(({ mode }) => mode === 'ask') : entries;

/** What runs want of the person, for the badge. The Changes view counts what the open run's review waits for. */
export const waiting = (views: readonly RunView[], open: string | undefined): number =>
  views.flatMap(({ id, needs }) => needs.filter(({ ask }) => id !== open || ask.kind !== 'review')).length;

/** Registers the view. */
export function showRunsTree(desk: Desk): RunsTree {
  const changed = new vscode.EventEmitter<void>();
  let onlyTalks = false;
  const tree = vscode.window.createTreeView<RunEntry>('quartet.runs', {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (entry) => {
        desk.want();
        return entry === undefined ? [...listed(desk.entries, onlyTalks)] : [];
      },
      getTreeItem: (entry) => runItem(entry, desk.isLive(entry.id), entry.id === desk.openId),
    },
  });
  const fire = () => changed.fire();
  const count = () => {
    const value = waiting(desk.waitingViews, desk.openId);
    const tooltip = vscode.l10n.t('{0} for you', value);
    if (tree.badge?.value !== value) tree.badge = value > 0 ? { value, tooltip } : undefined;
  };
  const show = async (talks: boolean) => {
    onlyTalks = talks;
    tree.description = talks ? vscode.l10n.t('talks') : '';
    await vscode.commands.executeCommand('setContext', ONLY_TALKS, talks);
    fire();
  };
  const ends = vscode.Disposable.from(
    ...[desk.onListed(fire), desk.onOpened(fire)],
    ...[desk.onListed(count), desk.onOpened(count), desk.onGrown(count)],
    ...[tree, changed],
  );
  return {
    commands: { showTalks: () => show(true), showAllRuns: () => show(false) },
    dispose: () => {
      ends.dispose();
    },
  };
}
