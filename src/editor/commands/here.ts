/** Commands on what the person has in front of them: fix it, explain it, review what they changed. */
import * as vscode from 'vscode';
import type { RunMode } from '../../protocol/settings.ts';
import type { Desk } from '../desk.ts';
import { attached, placeText, problemsText, type Problem } from '../goal/attach.ts';
import { filesOf, ownChanges, pathOf, problemsHere, spotInFront, type Spot } from '../goal/surroundings.ts';
import { t } from '../told.ts';
import { tellNothing, type Command, type Commands } from './register.ts';

export interface HereNeeds {
  readonly desk: Desk;
  readonly showPanel: () => Promise<void>;
}

/** A place given by a menu (a file or folder), by a code action, or what is open in front. */
function spotOf(given: unknown): Spot | undefined {
  if (given instanceof vscode.Uri) {
    const path = pathOf(given);
    const front = spotInFront();
    return path === undefined || front?.path === path ? front : { path };
  }
  return spotInFront();
}

function tellNowhere(): void {
  tellNothing(t('Open a file of this project first, or select some of it.'));
}

/** A goal for a place, in the words that the team gets. */
type GoalFor = (place: string, problems: readonly Problem[]) => string;

const fix: GoalFor = (place, problems) =>
  `Fix what is reported in ${place}. Find the cause; do not silence the report.\n\n${attached('problems', problemsText(problems))}`;
const explain: GoalFor = (place, problems) =>
  problems.length === 0
    ? `Explain ${place}: what it does, why it is so, and what to mind when changing it.`
    : `Explain what is reported in ${place}, why it is so, and how it could be mended.\n\n${attached('problems', problemsText(problems))}`;

function starter({ desk, showPanel }: HereNeeds, mode: RunMode) {
  return async (goal: string): Promise<string> => {
    const run = await desk.start({ goal, mode, demo: false });
    await showPanel();
    return run;
  };
}

const within = ({ lines }: Spot, { line }: Problem): boolean =>
  lines === undefined || (line >= lines.from && line <= lines.to);

/** `problems` come from a code action; else they are those of the place. */
function onPlace(needs: HereNeeds, mode: RunMode, goalFor: GoalFor): Command {
  return async (given, problems) => {
    const spot = spotOf(given);
    if (spot === undefined) {
      tellNowhere();
      return undefined;
    }
    const known = Array.isArray(problems) ? (problems as readonly Problem[]) : undefined;
    return await starter(needs, mode)(goalFor(placeText(spot.path, spot.lines), known ?? []));
  };
}

function fixHere(needs: HereNeeds): Command {
  return async (given, problems) => {
    const spot = spotOf(given);
    if (spot === undefined) {
      tellNowhere();
      return undefined;
    }
    const all = Array.isArray(problems)
      ? (problems as readonly Problem[])
      : problemsHere().filter((problem) => problem.path === spot.path && within(spot, problem));
    if (all.length === 0) {
      tellNothing(t('The editor reports no problem here.'));
      return undefined;
    }
    return await starter(needs, 'quick')(fix(placeText(spot.path, spot.lines), all));
  };
}

/** `entries` are those of the SCM view that it was asked for at; without any, all that is changed. */
function reviewMine(needs: HereNeeds): Command {
  return async (...entries) => {
    const diff = await ownChanges(filesOf(entries));
    if (diff === '') {
      tellNothing(t('Nothing is changed since the last commit.'));
      return undefined;
    }
    const goal = `Review what I have changed since the last commit: mistakes, what is missing, what could be simpler. Name each place with its line.\n\n${attached('diff', diff)}`;
    return await starter(needs, 'ask')(goal);
  };
}

/** All need a trusted folder. Those that start a run resolve to its id. */
export function hereCommands(needs: HereNeeds) {
  return {
    fixHere: fixHere(needs),
    explainHere: onPlace(needs, 'ask', explain),
    reviewMine: reviewMine(needs),
  } satisfies Commands;
}
