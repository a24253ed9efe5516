/** Tells a person what language servers find newly in files that a run changed, with the choice to keep the change or take it back. */
import * as vscode from 'vscode';
import type { Disposable } from '../../core/ports.ts';
import type { RunView } from '../../protocol/view.ts';
import type { Family } from '../commands/register.ts';
import { openNeed } from '../context-keys.ts';
import type { Desk } from '../desk.ts';
import type { AppliedProblems, NewProblem } from './applied-problems.ts';
import { t } from '../told.ts';

export interface NewProblems extends Disposable {
  readonly commands: Family<'showNewProblems'>;
  /** How many are new in a file that this run changed. */
  readonly count: (run: string, path: string) => number;
  readonly onChanged: vscode.Event<void>;
}

interface Needs {
  readonly desk: Desk;
  readonly problems: AppliedProblems;
  readonly folder: () => vscode.WorkspaceFolder | undefined;
  readonly isOn: () => boolean;
}

/** The run whose change was applied last, as far as its record says that it was. */
function applierOf(views: readonly (RunView | undefined)[], paths: readonly string[]): string | undefined {
  return views.find((view) => {
    const { changes } = view ?? {};
    if (changes?.applied === undefined || changes.undone === true) return false;
    const applied = new Set(changes.applied.map(({ path }) => path));
    return paths.length > 0 && paths.every((path) => applied.has(path));
  })?.id;
}

export function createNewProblems({ desk, problems, folder, isOn }: Needs): NewProblems {
  const changed = new vscode.EventEmitter<void>();
  const looked = new Set<string>();
  let applied: RunView | undefined;
  let owner: string | undefined;
  let told = 0;
  const look = (view: RunView): void => {
    const need = openNeed(view, 'review');
    const files = view.changes?.files.filter(({ kind, binary }) => kind === 'modified' && !binary) ?? [];
    const id = `${view.id}\n${need?.signal ?? ''}`;
    if (need === undefined || !isOn() || looked.has(id)) return;
    looked.add(id);
    void problems.look(files.map(({ path }) => path)).catch(() => undefined);
  };
  const update = (): void => {
    owner = isOn() ? applierOf([applied, desk.openView, ...desk.liveViews], problems.paths) : undefined;
    const count = owner === undefined ? 0 : problems.found.length;
    void vscode.commands.executeCommand('setContext', 'quartet.newProblems', count > 0);
    changed.fire();
    if (owner === undefined || !problems.isSettled || told === problems.round) return;
    told = problems.round;
    if (count > 0) void tell(owner, problems.found);
  };
  const grown = (view: RunView): void => {
    if (desk.isLive(view.id)) look(view);
    if (view.changes?.applied !== undefined) applied = view;
    update();
  };
  const ends = vscode.Disposable.from(
    problems.onChanged(update),
    desk.onGrown(grown),
    desk.onOpened(update),
    problems,
    changed,
  );
  return {
    onChanged: changed.event,
    count: (run, path) => (run === owner ? problems.found.filter((each) => each.path === path).length : 0),
    commands: {
      showNewProblems: () => {
        const found = owner === undefined ? [] : problems.found;
        void pick(found, folder());
        return Promise.resolve(found);
      },
    },
    dispose: () => void ends.dispose(),
  };
}

async function tell(run: string, found: readonly NewProblem[]): Promise<void> {
  const fresh = found.filter(({ perhapsOld }) => !perhapsOld).length;
  const older = found.length - fresh;
  const words = [
    ...(fresh > 0 ? [t('New problems since this change was applied: {0}.', fresh)] : []),
    ...(older > 0 ? [t('Problems in its files that may be older: {0}.', older)] : []),
  ];
  const [show, keep, undo] = [t('Show Problems'), t('Keep'), t('Undo Change…')];
  const say = fresh > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const chosen = await say(`Quartet: ${words.join(' ')}`, show, undo, keep);
  const acts = new Map([
    [show, () => vscode.commands.executeCommand('quartet.showNewProblems')],
    [keep, () => vscode.commands.executeCommand('quartet.keepAllChanges')],
    [undo, () => vscode.commands.executeCommand('quartet.undo', run)],
  ]);
  await acts.get(chosen ?? '')?.();
}

async function pick(found: readonly NewProblem[], folder: vscode.WorkspaceFolder | undefined): Promise<void> {
  if (folder === undefined || found.length === 0) {
    void vscode.window.showInformationMessage(`Quartet: ${t('No problem is new in the changed files.')}`);
    return;
  }
  const items = found.map((problem) => ({
    problem,
    label: `$(${problem.severity}) ${problem.message.replaceAll('\n', ' ')}`,
    description: `${problem.path}:${problem.line + 1}`,
    ...(problem.perhapsOld && { detail: t('It may be older than the change.') }),
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('New problems since the change was applied'),
    matchOnDescription: true,
  });
  if (chosen === undefined) return;
  const { path, line } = chosen.problem;
  const selection = new vscode.Range(line, 0, line, 0);
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, path), { selection });
}
