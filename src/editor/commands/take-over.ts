/** Going on here with a run that another window or the terminal works on. */
import * as vscode from 'vscode';
import type { Desk } from '../desk.ts';
import { stoppable } from '../stoppable.ts';
import { t } from '../told.ts';
import { chooseRun, idOf } from './choose-run.ts';
import { tellNothing } from './register.ts';

export interface TakeOverNeeds {
  readonly desk: Desk;
  readonly showPanel: () => Promise<void>;
}

/** Says who works on the run and, if the person is sure, has it stop there and go on here. Returns the run taken over. */
export async function takeOverRun(
  { desk, showPanel }: TakeOverNeeds,
  given: unknown,
  sure?: unknown,
): Promise<string | undefined> {
  const { store } = await desk.connect();
  const foreign = desk.entries.filter(({ id }) => desk.isForeign(id));
  if (foreign.length === 0 && idOf(given) === undefined) {
    tellNothing(t('No run is worked on elsewhere.'));
    return undefined;
  }
  const run = await chooseRun(desk, given, foreign, t('Take Over Run'));
  if (run === undefined) return undefined;
  const owner = await store.owner(run);
  if (owner !== undefined && sure !== true && !(await isSure(owner))) return undefined;
  const title = t('Quartet: waiting until the run has stopped where it works');
  const isTaken = await stoppable(title, async (signal) => {
    await desk.takeOver(run, signal);
    return true;
  });
  if (isTaken === undefined) {
    tellNothing(t('The run was not taken over. It was asked to stop, and does so where it works.'));
    return undefined;
  }
  await desk.open(run);
  await showPanel();
  return run;
}

async function isSure(owner: string): Promise<boolean> {
  const yes = t('Take Over');
  const message = t('Another window or the terminal works on this run: {0}.', owner);
  const detail = t(
    'It is asked to stop there, ends what is in flight, and goes on here. Nothing finished is done again.',
  );
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, yes)) === yes;
}
