/** What waits for the person, from the palette and the status bar. */
import * as vscode from 'vscode';
import { plainText } from '../../core/policy/terminal-text.ts';
import type { NeedView, RunView } from '../../protocol/view.ts';
import type { Desk } from '../desk.ts';
import { tellNothing, type Commands } from './register.ts';

export interface WaitingNeeds {
  readonly desk: Desk;
  readonly showPanel: () => Promise<void>;
}

interface Waiting {
  readonly view: RunView;
  readonly need: NeedView;
}

/** Everything that waits, oldest first. */
const waitingIn = (views: readonly RunView[]): readonly Waiting[] =>
  views
    .flatMap((view) => view.needs.map((need) => ({ view, need })))
    .toSorted((a, b) => a.need.at - b.need.at);

/** Nothing is answered from a list, which shows the beginning of a question only: what is picked is shown as a whole. */
async function whatWaits({ desk, showPanel }: WaitingNeeds): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const all = waitingIn(desk.liveViews);
  if (all.length === 0) {
    tellNothing(t('Nothing waits for you.'));
    return undefined;
  }
  const items = all.map((waiting) => ({
    waiting,
    label: plainText(waiting.need.ask.title),
    description: waiting.need.ask.who?.role ?? '',
    detail: plainText(waiting.view.goal).split('\n')[0] ?? '',
  }));
  const picked =
    items.length === 1
      ? items[0]
      : await vscode.window.showQuickPick(items, { title: t('What Waits for You') });
  if (picked === undefined) return undefined;
  const { view, need } = picked.waiting;
  await desk.open(view.id);
  await (need.ask.kind === 'review' ? vscode.commands.executeCommand('quartet.reviewChanges') : showPanel());
  return need.signal;
}

export const waitingCommands = (needs: WaitingNeeds): Commands => ({ whatWaits: () => whatWaits(needs) });
