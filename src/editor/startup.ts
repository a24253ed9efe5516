/** What happens to unfinished runs when the window opens. */
import * as vscode from 'vscode';
import { PortError, type Log } from '../core/ports.ts';
import { canResume } from './run-status.ts';
import type { Desk } from './desk.ts';

/** Unfinished runs that are looked at, newest first. */
const LOOKED_AT_MAX = 10;
/** The window before this one may still be closing a run that it owned. */
const OWNED_TRIES = 10;
const OWNED_WAIT_MS = 1000;
/** A run that went on by itself so often within this time may be what brings the window down. */
const AGAIN_MS = 5 * 60_000;
const AGAIN_TIMES = 4;
const WENT_ON = 'quartet.wentOnAt';
const OFFERED = 'quartet.offered';

export interface StartupNeeds {
  readonly desk: Desk;
  readonly log: Log;
  readonly state: vscode.Memento;
  /** The setting `quartet.resumeOnStartup`. */
  readonly setting: () => unknown;
  /** Told where the person takes the offer. */
  readonly attend: () => void;
}

/** `wasLive`: it worked when the window was closed or went down; otherwise it was stopped for a reason of its own. */
interface Left {
  readonly run: string;
  readonly goal: string;
  readonly lastSeq: number;
  readonly wasLive: boolean;
}

/** Times that runs went on by themselves, by run. */
type WentOn = Readonly<Record<string, readonly number[]>>;

async function leftRuns(desk: Desk): Promise<readonly Left[]> {
  const { views } = await desk.connect();
  const unfinished = desk.entries.filter(({ status, origin }) => origin === 'editor' && canResume(status));
  const left: Left[] = [];
  for (const { id, goal } of unfinished.slice(0, LOOKED_AT_MAX)) {
    if (desk.isLive(id)) continue;
    // What keeps a run from being read is said in the list, and when it is opened.
    const view = await views.view(id).catch(() => undefined);
    if (view === undefined || view.finished || view.imported || view.unreadable) continue;
    // Tests that were stopped are run anew, not gone on with.
    if (view.mode === 'qa' && view.paused?.reason === 'stopped') continue;
    // What a later version began is gone on with task by task here: that is for the person to say.
    const wasLive = !view.later && (view.paused === undefined || view.paused.reason === 'closed');
    left.push({ run: id, goal, lastSeq: view.lastSeq, wasLive });
  }
  return left;
}

/** True once nobody else owns the run. Another window that keeps it is left alone. */
async function becomesFree(desk: Desk, run: string): Promise<boolean> {
  const { store } = await desk.connect();
  for (let tries = 0; tries < OWNED_TRIES; tries++) {
    if (!(await store.isOwned(run))) return true;
    await new Promise((resolve) => setTimeout(resolve, OWNED_WAIT_MS));
  }
  return false;
}

function recently(state: vscode.Memento, run: string): readonly number[] {
  const times = state.get<WentOn>(WENT_ON)?.[run] ?? [];
  return times.filter((at) => Date.now() - at < AGAIN_MS);
}

/** While its owner was waited for, a person may have stopped the run, or it ended: then it is not gone on with. */
async function isStillLeft(desk: Desk, { run, lastSeq }: Left): Promise<boolean> {
  const { views } = await desk.connect();
  const { lastSeq: now, paused, finished } = await views.view(run);
  if (now === lastSeq) return true;
  return finished === undefined && (paused === undefined || paused.reason === 'closed');
}

async function goOn({ desk, log, state }: StartupNeeds, left: Left): Promise<void> {
  const { run } = left;
  if (!(await becomesFree(desk, run)) || desk.isLive(run) || !(await isStillLeft(desk, left))) return;
  const others = Object.keys(state.get<WentOn>(WENT_ON) ?? {}).filter((other) => other !== run);
  const kept = others
    .map((other) => [other, recently(state, other)] as const)
    .filter(([, at]) => at.length > 0);
  await state.update(WENT_ON, Object.fromEntries([...kept, [run, [...recently(state, run), Date.now()]]]));
  try {
    await desk.resume(run);
  } catch (error) {
    if (!(error instanceof PortError && error.code === 'run.locked')) throw error;
    log.info(`Run ${run} is owned by another window.`);
  }
}

/** Offers each run once for each time that it paused. */
async function offer(needs: StartupNeeds, all: readonly Left[]): Promise<void> {
  const offered = needs.state.get<Readonly<Record<string, number>>>(OFFERED) ?? {};
  const left = all.filter(({ run, lastSeq }) => offered[run] !== lastSeq);
  const [first] = left;
  await needs.state.update(OFFERED, Object.fromEntries(all.map(({ run, lastSeq }) => [run, lastSeq])));
  if (first === undefined) return;
  const { t } = vscode.l10n;
  const resume = t('Resume');
  const text =
    left.length === 1
      ? t('Quartet: a run is paused: {0}', first.goal.slice(0, 100))
      : t('Quartet: {0} runs are paused.', left.length);
  const chosen = await vscode.window.showInformationMessage(text, resume, t('Not Now'));
  if (chosen !== resume) return;
  needs.attend();
  if (left.length > 1) await vscode.commands.executeCommand('quartet.resume');
  else {
    await goOn(needs, first);
    await needs.desk.open(first.run);
  }
}

/** Goes on with runs that were live when the window went, and offers the others as the setting says. */
export async function resumeLeftRuns(needs: StartupNeeds): Promise<void> {
  const setting = needs.setting();
  if (setting === 'never') return;
  const left = await leftRuns(needs.desk);
  const isCalm = ({ run }: Left) => recently(needs.state, run).length < AGAIN_TIMES;
  const automatic = left.filter((one) => setting === 'always' || (one.wasLive && isCalm(one)));
  for (const one of automatic) await goOn(needs, one);
  await offer(
    needs,
    left.filter((one) => !automatic.includes(one)),
  );
}
