/** Context keys behind the enablement of our commands. */
import * as vscode from 'vscode';
import { isUnread } from '../protocol/team-view.ts';
import type { RunView, TaskView } from '../protocol/view.ts';
import { hasSecondarySideBar } from './aside.ts';
import type { Desk } from './desk.ts';
import { readSetting } from './read-setting.ts';
import { isAtWork } from './run-status.ts';

/** The open question of a kind that a run asks, if it does. */
export function openNeed(view: RunView | undefined, kind: RunView['needs'][number]['ask']['kind']) {
  return view?.needs.find(({ ask }) => ask.kind === kind);
}

/** A task that the person may take over: the plan holds, and the task is neither over nor theirs already. */
export const mayTake = (view: RunView, { spec, state }: TaskView): boolean =>
  view.plan?.decided === 'approved' &&
  isAtWork(view.status) &&
  state !== 'done' &&
  state !== 'skipped' &&
  !view.needs.some(({ ask }) => ask.kind === 'hand' && ask.who?.task === spec.id);

/** Keys of a window; each is `quartet.<name>`. */
export function contextKeys(desk: Desk): Readonly<Record<string, boolean>> {
  const view = desk.openView;
  return {
    active: true,
    hasAside: hasSecondarySideBar(vscode.version),
    hasRuns: desk.entries.length > 0,
    runOpen: view !== undefined,
    live: desk.entries.some(({ id }) => desk.isLive(id)),
    paused: desk.entries.some(({ id, status }) => status === 'paused' && !desk.isLive(id)),
    foreign: desk.entries.some(({ id }) => desk.isForeign(id)),
    waits: desk.waitingViews.length > 0,
    unread: view?.finished === undefined && (view?.team?.messages.some(isUnread) ?? false),
    takeable: view?.tasks.some((task) => mayTake(view, task)) ?? false,
    byHand: openNeed(view, 'hand') !== undefined,
    kept: view?.kept !== undefined,
    planOpen: openNeed(view, 'plan') !== undefined,
    conflictOpen: openNeed(view, 'apply')?.ask.conflict !== undefined,
    reviewOpen: openNeed(view, 'review') !== undefined,
    hasChanges: (view?.changes?.files.length ?? 0) > 0,
    reviewed: view?.changes?.decided !== undefined,
  };
}

/** Keeps the context keys true until disposed. Sets only what changed. */
export function keepContextKeys(desk: Desk): vscode.Disposable {
  const set = new Map<string, boolean>();
  const update = () => {
    for (const [name, value] of Object.entries(contextKeys(desk))) {
      if (set.get(name) === value) continue;
      set.set(name, value);
      void vscode.commands.executeCommand('setContext', `quartet.${name}`, value);
    }
  };
  update();
  return vscode.Disposable.from(desk.onListed(update), desk.onOpened(update), desk.onGrown(update), {
    dispose: () => {
      for (const name of set.keys())
        void vscode.commands.executeCommand('setContext', `quartet.${name}`, undefined);
    },
  });
}

const tellModelsSet = (value: boolean | undefined): void =>
  void vscode.commands.executeCommand('setContext', 'quartet.modelsSet', value);

/**
 * Whether a model answers here, which the walkthrough asks about; kept true until disposed. Nothing is looked for: of a model of the
 * environment, the editor or this machine is heard where somebody looks.
 */
export function keepModelsSet(onLooked: vscode.Event<boolean>, tell = tellModelsSet): vscode.Disposable {
  const look = () => {
    const endpoints = readSetting('endpoints');
    tell(Array.isArray(endpoints) && endpoints.length > 0);
  };
  look();
  return vscode.Disposable.from(
    onLooked(tell),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('quartet.endpoints')) look();
    }),
    { dispose: () => tell(undefined) },
  );
}
