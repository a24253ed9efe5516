/** What waits for the person, from the palette and the status bar. */
import * as vscode from 'vscode';
import { plainText } from '../../core/policy/terminal-text.ts';
import type { NeedView, RunView } from '../../protocol/view.ts';
import type { Desk } from '../desk.ts';
import { tellNothing, type Command, type Commands } from './register.ts';
import { roleName } from '../role-name.ts';
import { t, told } from '../told.ts';

export interface WaitingNeeds {
  readonly desk: Desk;
  readonly showPanel: () => Promise<void>;
}

export interface Waiting {
  readonly view: RunView;
  readonly need: NeedView;
}

/** Everything that waits, oldest first. */
const waitingIn = (views: readonly RunView[]): readonly Waiting[] =>
  views
    .flatMap((view) => view.needs.map((need) => ({ view, need })))
    .toSorted((a, b) => a.need.at - b.need.at);

const roleOfAsk = ({ need: { ask } }: Waiting): string => (ask.who ? roleName(ask.who.role) : '');

/** What the person means of all that waits: the only thing, or what they pick. */
export async function pickWaiting(desk: Desk, title: string): Promise<Waiting | undefined> {
  await desk.connect();
  const all = waitingIn(desk.waitingViews);
  if (all.length === 0) {
    tellNothing(t('Nothing waits for you.'));
    return undefined;
  }
  const items = all.map((waiting) => ({
    waiting,
    label: plainText(told(waiting.need.ask.title)),
    description: roleOfAsk(waiting),
    detail: plainText(waiting.view.goal).split('\n')[0] ?? '',
  }));
  const picked = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title });
  return picked?.waiting;
}

/** Nothing is answered from a list, which shows the beginning of a question only: what is picked is shown as a whole. */
async function whatWaits(needs: WaitingNeeds): Promise<string | undefined> {
  const waiting = await pickWaiting(needs.desk, t('What Waits for You'));
  if (waiting === undefined) return undefined;
  await (waiting.need.ask.kind === 'review' ? toReview(needs.desk, waiting) : bring(needs, waiting));
  return waiting.need.signal;
}

/** The change opens in the editor. */
export async function toReview(desk: Desk, { view }: Waiting): Promise<void> {
  await desk.open(view.id);
  await vscode.commands.executeCommand('quartet.reviewChanges');
}

/** Its card in the panel gets the focus. */
export async function bring({ desk, showPanel }: WaitingNeeds, { view, need }: Waiting): Promise<void> {
  await desk.show({ run: view.id, place: { need: need.signal } });
  await showPanel();
}

const placeOf = ({ view, need }: Waiting): string => `${view.id}\n${need.signal}`;

/** From one to the next, oldest first, and round again. */
function nextNeed(needs: WaitingNeeds): Command {
  let last: string | undefined;
  return async () => {
    const all = waitingIn(needs.desk.waitingViews);
    const next = all[(all.findIndex((waiting) => placeOf(waiting) === last) + 1) % all.length];
    if (next === undefined) {
      tellNothing(t('Nothing waits for you.'));
      return undefined;
    }
    last = placeOf(next);
    await bring(needs, next);
    return next.need.signal;
  };
}

export const waitingCommands = (needs: WaitingNeeds) =>
  ({
    whatWaits: () => whatWaits(needs),
    nextNeed: nextNeed(needs),
  }) satisfies Commands;
