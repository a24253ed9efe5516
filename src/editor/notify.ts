/** A notification where a live run needs the person and the panel is not in sight. */
import * as vscode from 'vscode';
import type { NeedView, RunView } from '../protocol/view.ts';
import type { Desk } from './desk.ts';
import { tellError } from './tell.ts';
import type { Log } from '../core/ports.ts';

export interface NotifyNeeds {
  readonly desk: Desk;
  readonly log: Log;
  readonly isPanelVisible: () => boolean;
}

async function notify({ desk }: NotifyNeeds, view: RunView, { ask }: NeedView): Promise<void> {
  const open = ask.kind === 'review' ? vscode.l10n.t('Review Changes') : vscode.l10n.t('Show');
  const chosen = await vscode.window.showInformationMessage(`Quartet: ${ask.title}`, open);
  if (chosen !== open) return;
  await desk.open(view.id);
  await vscode.commands.executeCommand(ask.kind === 'review' ? 'quartet.reviewChanges' : 'quartet.showPanel');
}

export function notifyOfNeeds(needs: NotifyNeeds): vscode.Disposable {
  const told = new Set<string>();
  return needs.desk.onGrown((view) => {
    if (!needs.desk.isLive(view.id)) return;
    for (const need of view.needs) {
      const id = `${view.id}\n${need.signal}\n${need.at}`;
      if (told.has(id)) continue;
      told.add(id);
      if (needs.isPanelVisible()) continue;
      notify(needs, view, need).catch((error: unknown) => tellError(error, needs.log));
    }
  });
}
