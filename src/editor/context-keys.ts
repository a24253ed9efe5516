/** Context keys behind the enablement of our commands. */
import * as vscode from 'vscode';
import type { RunView } from '../protocol/view.ts';
import type { Desk } from './desk.ts';

/** The open question of a kind that a run asks, if it does. */
export function openNeed(view: RunView | undefined, kind: RunView['needs'][number]['ask']['kind']) {
  return view?.needs.find(({ ask }) => ask.kind === kind);
}

/** Keys of a window; each is `quartet.<name>`. */
export function contextKeys(desk: Desk): Readonly<Record<string, boolean>> {
  const view = desk.openView;
  return {
    active: true,
    hasRuns: desk.entries.length > 0,
    runOpen: view !== undefined,
    live: desk.entries.some(({ id }) => desk.isLive(id)),
    paused: desk.entries.some(({ id, status }) => status === 'paused' && !desk.isLive(id)),
    foreign: desk.entries.some(({ id }) => desk.isForeign(id)),
    waits: desk.liveViews.some(({ needs }) => needs.length > 0),
    planOpen: openNeed(view, 'plan') !== undefined,
    conflictOpen: openNeed(view, 'apply')?.ask.conflict !== undefined,
    reviewOpen: openNeed(view, 'review') !== undefined,
    hasChanges: (view?.changes?.files.length ?? 0) > 0,
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
