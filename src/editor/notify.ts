/** Notifications where a live run needs the person, or ended, and the panel is not in sight. */
import * as vscode from 'vscode';
import type { NeedView, RunView } from '../protocol/view.ts';
import type { Desk } from './desk.ts';
import type { Ended } from './desk-events.ts';
import { tellError } from './tell.ts';
import type { Log } from '../core/ports.ts';
import { t, told } from './told.ts';

/** Says something with ways on; resolves to the one that was chosen. */
export type Say = (
  how: 'info' | 'warning',
  text: string,
  ways: readonly string[],
) => Thenable<string | undefined>;

/** As the editor says it. */
export const sayInEditor: Say = (how, text, ways) =>
  how === 'info'
    ? vscode.window.showInformationMessage(text, ...ways)
    : vscode.window.showWarningMessage(text, ...ways);

export interface NotifyNeeds {
  readonly desk: Pick<Desk, 'isLive' | 'onEnded' | 'onGrown' | 'open' | 'show'>;
  readonly log: Log;
  readonly say: Say;
  readonly isPanelVisible: () => boolean;
  /** What came of the run is told where it was asked for. */
  readonly isTold: (run: string) => boolean;
}

async function notifyOfNeed(
  { desk, say }: NotifyNeeds,
  view: RunView,
  { signal, ask }: NeedView,
): Promise<void> {
  const open = ask.kind === 'review' ? t('Review Changes') : t('Show');
  const chosen = await say('info', `Quartet: ${told(ask.title)}`, [open]);
  if (chosen !== open) return;
  if (ask.kind === 'review') await desk.open(view.id);
  else await desk.show({ run: view.id, place: { need: signal } });
  await vscode.commands.executeCommand(ask.kind === 'review' ? 'quartet.reviewChanges' : 'quartet.showPanel');
}

/** Pauses that the person asked for, and a no of theirs, need no word: nothing of such a run waits to be looked at. */
const QUIET: ReadonlySet<string> = new Set(['stopped', 'closed', 'rejected']);

const isQuiet = ({ end }: Ended): boolean => QUIET.has(end.kind === 'paused' ? end.reason : end.outcome);

async function notifyOfEnd({ desk, say }: NotifyNeeds, { run, end }: Ended): Promise<void> {
  const show = { title: t('Show'), command: 'quartet.showPanel' };
  const configure = { title: t('Configure Models'), command: 'quartet.configureModels' };
  const raise = { title: t('Raise the Limit…'), command: 'quartet.raiseLimit' };
  const first =
    end.kind === 'paused' ? { endpoint: configure, budget: raise }[end.reason as string] : undefined;
  const actions = first === undefined ? [show] : [first, show];
  const title = await say(
    end.kind === 'finished' ? 'info' : 'warning',
    `Quartet: ${told(end.message)}`,
    actions.map((action) => action.title),
  );
  const chosen = actions.find((action) => action.title === title);
  if (chosen === undefined) return;
  await desk.open(run);
  await vscode.commands.executeCommand(chosen.command, ...(chosen === raise ? [run] : []));
}

/** Says what a person has to know while the panel is out of sight. */
export function notifyOutOfSight(needs: NotifyNeeds): vscode.Disposable {
  const { desk, log, isPanelVisible, isTold } = needs;
  const said = new Set<string>();
  const failed = (error: unknown) => tellError(error, log);
  return vscode.Disposable.from(
    desk.onEnded((ended) => {
      if (isQuiet(ended) || (ended.end.kind === 'finished' && isTold(ended.run))) return;
      if (!isPanelVisible()) notifyOfEnd(needs, ended).catch(failed);
    }),
    desk.onGrown((view) => {
      if (!desk.isLive(view.id)) return;
      for (const need of view.needs) {
        const id = `${view.id}\n${need.signal}\n${need.at}`;
        if (said.has(id)) continue;
        said.add(id);
        if (!isPanelVisible()) notifyOfNeed(needs, view, need).catch(failed);
      }
    }),
  );
}
