/** Commands that start, stop, resume, open and answer runs. */
import * as vscode from 'vscode';
import type { StopHow } from '../../core/run/contract.ts';
import type { RunMode } from '../../protocol/settings.ts';
import type { RunView } from '../../protocol/view.ts';
import { openNeed } from '../context-keys.ts';
import type { Desk } from '../desk.ts';
import { expandGoal } from '../goal/mentions.ts';
import { t } from '../told.ts';
import { chooseRun, idOf, pickRun } from './choose-run.ts';
import { tellNothing, type Command, type Commands } from './register.ts';
import { takeOverRun } from './take-over.ts';

export interface RunCommandNeeds {
  readonly desk: Desk;
  readonly demo: () => Promise<unknown>;
  readonly showPanel: () => Promise<void>;
}

interface Question {
  readonly title: string;
  readonly placeHolder: string;
}

/** A goal given as argument, by the keyboard, or not at all. */
async function askGoal(given: unknown, { title, placeHolder }: Question): Promise<string | undefined> {
  if (typeof given === 'string' && given.trim() !== '') return given;
  const goal = await vscode.window.showInputBox({ title, placeHolder, ignoreFocusOut: true });
  return goal === undefined || goal.trim() === '' ? undefined : goal;
}

function starter({ desk, showPanel }: RunCommandNeeds, mode: RunMode, question: Question): Command {
  return async (given) => {
    const goal = await askGoal(given, question);
    if (goal === undefined) return undefined;
    const run = await desk.start({ goal: await expandGoal(goal), mode, demo: false });
    await showPanel();
    return run;
  };
}

function starters(needs: RunCommandNeeds) {
  return {
    startRun: starter(needs, 'team', {
      title: t('Start Run'),
      placeHolder: t('What should the team achieve? It plans, changes, tests and reviews.'),
    }),
    quickEdit: starter(needs, 'quick', {
      title: t('Quick Edit'),
      placeHolder: t('A small change: no plan and no review, but your tests still prove it.'),
    }),
    ask: starter(needs, 'ask', {
      title: t('Ask the Team'),
      placeHolder: t('A question about this project. Nothing is changed.'),
    }),
    runDemo: () => needs.demo(),
  } satisfies Commands;
}

/** The run whose plan waits: the open one, else another at work. Read anew, since what is shown may be a moment old. */
async function planToApprove(desk: Desk): Promise<RunView | undefined> {
  const { views } = await desk.connect();
  const runs = new Set([desk.openId, ...desk.waitingViews.map(({ id }) => id)]);
  for (const run of runs) {
    const view = run === undefined ? undefined : await views.view(run);
    if (openNeed(view, 'plan') !== undefined) return view;
  }
  return undefined;
}

async function approvePlan(desk: Desk): Promise<boolean> {
  const view = await planToApprove(desk);
  const need = openNeed(view, 'plan');
  if (view === undefined || need === undefined) {
    tellNothing(t('No plan waits for approval.'));
    return false;
  }
  await desk.answer(view.id, need.signal, { decision: 'approve' });
  return true;
}

/** Stops a run at work, here or elsewhere, where its owner is asked to. */
function stopper(desk: Desk, title: string, how?: StopHow): Command {
  return async (given) => {
    await desk.connect();
    const working = desk.entries.filter(({ id }) => desk.isLive(id) || desk.isForeign(id));
    if (working.length === 0 && idOf(given) === undefined) {
      tellNothing(t('Nothing is running.'));
      return undefined;
    }
    const run = await chooseRun(desk, given, working, title);
    if (run !== undefined) await desk.stop(run, how);
    return run;
  };
}

/** All need a trusted folder. */
export function runCommands(needs: RunCommandNeeds) {
  const { desk, showPanel } = needs;
  return {
    ...starters(needs),
    stop: stopper(desk, t('Stop')),
    pause: stopper(desk, t('Pause'), { drain: true }),
    newGoal: async () => {
      await desk.open(undefined);
      await showPanel();
    },
    resume: async (given) => {
      await desk.connect();
      const paused = desk.entries.filter(({ id, status }) => status === 'paused' && !desk.isLive(id));
      if (paused.length === 0 && idOf(given) === undefined) {
        tellNothing(t('No run is paused.'));
        return undefined;
      }
      const run = await chooseRun(desk, given, paused, t('Resume'));
      if (run === undefined) return undefined;
      if (desk.isForeign(run)) return takeOverRun(needs, run);
      await desk.resume(run);
      await desk.open(run);
      await showPanel();
      return run;
    },
    openRun: async (given) => {
      await desk.connect();
      if (desk.entries.length === 0) {
        tellNothing(t('There is no run yet.'));
        return undefined;
      }
      const run = idOf(given) ?? (await pickRun(desk, desk.entries, t('Open Run')));
      if (run === undefined) return undefined;
      await desk.open(run);
      await showPanel();
      return run;
    },
    approvePlan: () => approvePlan(desk),
    takeOver: (given, sure) => takeOverRun(needs, given, sure),
  } satisfies Commands;
}
