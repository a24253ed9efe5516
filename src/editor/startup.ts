/** What happens to unfinished runs when the window opens. */
import * as vscode from 'vscode';
import { PortError, type Log } from '../core/ports.ts';
import type { RunView } from '../protocol/view.ts';
import { canResume } from './context-keys.ts';
import type { Desk } from './desk.ts';

/** Unfinished runs that are looked at, newest first. */
const LOOKED_AT_MAX = 10;
/** The window before this one may still be closing a run that it owned. */
const OWNED_TRIES = 10;
const OWNED_WAIT_MS = 1000;
/** A run that went on by itself this recently and is down again may be what brings the window down. */
const AGAIN_MS = 60_000;
const WENT_ON = 'quartet.wentOnAt';

export interface StartupNeeds {
  readonly desk: Desk;
  readonly log: Log;
  readonly state: vscode.Memento;
  /** The setting `quartet.resumeOnStartup`. */
  readonly setting: () => unknown;
}

/** `closed`: live when the window was closed. `down`: live when it went down. `paused`: stopped for another reason. */
interface Left {
  readonly run: string;
  readonly goal: string;
  readonly why: 'closed' | 'down' | 'paused';
}

/** A journal that ends in mid-work is of a run that was live when its window went down. */
function whyLeft(view: RunView): Left['why'] | undefined {
  if (view.finished !== undefined) return undefined;
  if (view.paused === undefined) return 'down';
  return view.paused.reason === 'closed' ? 'closed' : 'paused';
}

async function leftRuns(desk: Desk): Promise<readonly Left[]> {
  const { views } = await desk.connect();
  const unfinished = desk.entries.filter(({ status, origin }) => origin === 'editor' && canResume(status));
  const left: Left[] = [];
  for (const { id, goal } of unfinished.slice(0, LOOKED_AT_MAX)) {
    if (desk.isLive(id)) continue;
    // A damaged journal is said so when its run is opened.
    const view = await views.view(id).catch(() => undefined);
    const why = view && whyLeft(view);
    if (why !== undefined) left.push({ run: id, goal, why });
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

async function goOn({ desk, log, state }: StartupNeeds, run: string): Promise<void> {
  if (!(await becomesFree(desk, run))) return;
  const recent = Object.entries(state.get<Record<string, number>>(WENT_ON) ?? {});
  const kept = recent.filter(([, at]) => Date.now() - at < AGAIN_MS);
  await state.update(WENT_ON, Object.fromEntries([...kept, [run, Date.now()]]));
  try {
    await desk.resume(run);
  } catch (error) {
    if (!(error instanceof PortError && error.code === 'run.locked')) throw error;
    log.info(`Run ${run} is owned by another window.`);
  }
}

async function offer(needs: StartupNeeds, left: readonly Left[]): Promise<void> {
  const [first] = left;
  if (first === undefined) return;
  const { t } = vscode.l10n;
  const resume = t('Resume');
  const text =
    left.length === 1
      ? t('Quartet: a run is paused: {0}', first.goal.slice(0, 100))
      : t('Quartet: {0} runs are paused.', left.length);
  const chosen = await vscode.window.showInformationMessage(text, resume, t('Not Now'));
  if (chosen !== resume) return;
  if (left.length > 1) await vscode.commands.executeCommand('quartet.resume');
  else {
    await goOn(needs, first.run);
    await needs.desk.open(first.run);
  }
}

/** Goes on with runs that were live when the window went, and offers the others as the setting says. */
export async function resumeLeftRuns(needs: StartupNeeds): Promise<void> {
  const setting = needs.setting();
  if (setting === 'never') return;
  const wentOn = needs.state.get<Record<string, number>>(WENT_ON) ?? {};
  const isSuspicious = ({ run }: Left) => Date.now() - (wentOn[run] ?? 0) < AGAIN_MS;
  const left = await leftRuns(needs.desk);
  const automatic = left.filter(
    (one) => setting === 'always' || one.why === 'closed' || (one.why === 'down' && !isSuspicious(one)),
  );
  for (const { run } of automatic) await goOn(needs, run);
  await offer(
    needs,
    left.filter((one) => !automatic.includes(one)),
  );
}
