/** Commands that take runs away, and what no run needs. */
import * as vscode from 'vscode';
import * as z from 'zod';
import type { Log } from '../../core/ports.ts';
import {
  COLLECTED_KINDS,
  sizeText,
  type Collected,
  type CollectedKind,
  type RetentionRules,
  type Survey,
} from '../../core/run/keeping/retention.ts';
import type { RunEntry } from '../../protocol/view.ts';
import type { Desk } from '../desk.ts';
import { statusLabel, unreadableText } from '../run-label.ts';
import { isAtWork } from '../run-status.ts';
import { stoppable } from '../stoppable.ts';
import { t, told } from '../told.ts';
import { chooseAmong } from './choose-run.ts';
import { tellNothing, type Commands } from './register.ts';

export interface KeepingNeeds {
  readonly desk: Desk;
  readonly log: Log;
  /** What the settings give up; undefined: nothing. */
  readonly retention: () => Promise<Pick<RetentionRules, 'daysMax' | 'bytesMax'> | undefined>;
}

/** What goes. */
export interface Choice {
  readonly runs: readonly string[];
  readonly kinds: readonly CollectedKind[];
}

export interface CleanUpItem extends vscode.QuickPickItem {
  readonly choice: Choice;
}

/** What a run leaves outside its folder. */
const OF_RUNS = ['copy', 'scratch', 'trees'] as const;

const plainSum = (collected: readonly Collected[]): number =>
  collected.reduce((sum, { bytes }) => sum + bytes, 0);

/** What may go: runs, newest first, and what no run needs. Ticked is what the settings give up and what nobody can miss. */
export function cleanUpItems(
  { runs }: Survey,
  given: readonly Collected[],
  entries: readonly RunEntry[],
): readonly CleanUpItem[] {
  const separator = (label: string): CleanUpItem => ({
    label,
    kind: vscode.QuickPickItemKind.Separator,
    choice: { runs: [], kinds: [] },
  });
  const items = runs
    .filter(({ state }) => state !== 'owned')
    .map((run) => runItem(run, { given, entry: entries.find(({ id }) => id === run.id) }));
  return [
    ...(items.length > 0 ? [separator(t('Runs')), ...items] : []),
    separator(t('What no run needs')),
    ...unneededItems(given),
  ];
}

function runItem(
  { id, bytes, state, updatedAt }: Survey['runs'][number],
  { given, entry }: { readonly given: readonly Collected[]; readonly entry: RunEntry | undefined },
): CleanUpItem {
  const why = given.find(({ what, name }) => what === 'run' && name === id)?.why;
  const when = new Date(updatedAt).toLocaleString(vscode.env.language, {
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const unfinished = t('It has not finished: without its record it cannot go on.');
  const damaged = entry === undefined ? t('Its journal cannot be read.') : unreadableText(entry);
  const detail = (why && told(why)) ?? damaged ?? (state === 'unfinished' ? unfinished : undefined);
  const status = entry && statusLabel(entry, false);
  return {
    label: entry?.goal.trim().split('\n')[0] ?? id,
    description: [sizeText(bytes), status, when].filter(Boolean).join(' · '),
    ...(detail !== undefined && { detail }),
    picked: why !== undefined,
    choice: { runs: [id], kinds: ['run'] },
  };
}

function unneededItems(given: readonly Collected[]): readonly CleanUpItem[] {
  const item = (label: string, kinds: readonly CollectedKind[]): readonly CleanUpItem[] => {
    const found = given.filter(({ what }) => kinds.includes(what));
    const detail = [...new Set(found.map(({ why }) => told(why)))].join('; ');
    if (found.length === 0) return [];
    return [
      { label, description: sizeText(plainSum(found)), detail, picked: true, choice: { runs: [], kinds } },
    ];
  };
  return [
    ...item(t('Working copies that were left'), ['copy', 'scratch']),
    ...item(t('Outputs that no line refers to'), ['blob']),
    ...item(t('Installed packages that were not used for long'), ['cache']),
    {
      label: t('Trees that no run needs'),
      description: t('how much is known afterwards'),
      picked: true,
      choice: { runs: [], kinds: ['trees'] },
    },
  ];
}

const usage = ({ bytes }: Survey): string =>
  t(
    'In use: runs {0}, working copies {1}, trees {2}, installed packages {3}',
    ...[bytes.runs, bytes.copies, bytes.trees, bytes.caches].map(sizeText),
  );

async function pickChoice({ desk, retention }: KeepingNeeds): Promise<Choice | undefined> {
  const backend = await desk.connect();
  const rules = { ...(await retention()), kept: keptBy(desk) };
  const looked = await stoppable(t('Quartet: looking at what may go'), (signal) =>
    Promise.all([backend.survey(signal), backend.collect(rules, { dryRun: true, signal })]),
  );
  if (looked === undefined) return undefined;
  const [survey, given] = looked;
  const picked = await vscode.window.showQuickPick(cleanUpItems(survey, given, desk.entries), {
    canPickMany: true,
    title: t('Clean Up Runs: what goes? {0}', usage(survey)),
    placeHolder: t('Ticked: what your settings give up, and what no run needs'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  return picked && choiceOf(picked);
}

/** All that was ticked, together. */
function choiceOf(picked: readonly CleanUpItem[]): Choice {
  const kinds = new Set(picked.flatMap(({ choice }) => choice.kinds));
  return { runs: picked.flatMap(({ choice }) => choice.runs), kinds: [...kinds] };
}

/** The run that is open stays unless a person names it. */
const keptBy = ({ openId }: Desk): readonly string[] => (openId === undefined ? [] : [openId]);

async function isSure(count: number, detail: string): Promise<boolean> {
  const message = count === 1 ? t('Remove this run for good?') : t('Remove {0} runs for good?', count);
  const consequence = t('A run that is removed cannot be resumed, replayed, forked or undone.');
  const yes = t('Remove');
  const options = { modal: true, detail: [detail, consequence].filter(Boolean).join('\n\n') };
  return (await vscode.window.showWarningMessage(message, options, yes)) === yes;
}

const titlesOf = ({ entries }: Desk, runs: readonly string[]): string =>
  runs
    .map(
      (run) =>
        entries
          .find(({ id }) => id === run)
          ?.goal.trim()
          .split('\n')[0] ?? run,
    )
    .join('\n');

interface Removed {
  readonly gone: readonly Collected[];
  /** By the person, before all was looked at. */
  readonly isStopped: boolean;
}

/** Removes what was chosen; each thing that went is logged. Runs that somebody works on stay. */
async function remove({ desk, log }: KeepingNeeds, { runs, kinds }: Choice): Promise<Removed> {
  const backend = await desk.connect();
  if (desk.openId !== undefined && runs.includes(desk.openId)) await desk.open(undefined);
  // Without a run that was chosen, none goes: what is ticked is what counts.
  const how = { kinds: kinds.filter((kind) => kind !== 'run' || runs.length > 0) };
  const { gone, isStopped } = (await stoppable(t('Quartet: cleaning up'), async (signal) => ({
    gone: await backend.collect({ chosen: runs }, { ...how, signal }),
    isStopped: signal.aborted,
  }))) ?? { gone: [], isStopped: true };
  for (const { what, name, bytes, why } of gone)
    log.info(`Removed ${what} ${name} (${sizeText(bytes)}): ${why}`);
  return { gone, isStopped };
}

function removedText({ gone, isStopped }: Removed): string {
  const size = sizeText(plainSum(gone));
  if (isStopped) return t('Stopped. {0} removed until then; the rest is as it was.', size);
  return gone.length === 0 ? t('Nothing was removed.') : t('{0} removed. The log says what.', size);
}

/** Arguments of menus, other extensions and tests: what goes, without asking. */
const GivenChoice = z.object({
  runs: z.array(z.string()).default([]),
  kinds: z.array(z.enum(COLLECTED_KINDS)).default([]),
});

async function cleanUp(needs: KeepingNeeds, given: unknown): Promise<readonly string[] | undefined> {
  const named = GivenChoice.safeParse(given).data;
  const choice = named ?? (await pickChoice(needs));
  if (choice === undefined) return undefined;
  const asks = named === undefined && choice.runs.length > 0;
  if (asks && !(await isSure(choice.runs.length, titlesOf(needs.desk, choice.runs)))) return undefined;
  const removed = await remove(needs, choice);
  tellNothing(removedText(removed));
  return removed.gone.map(({ what, name }) => `${what} ${name}`);
}

async function deleteRun(needs: KeepingNeeds, given: unknown, sure: unknown): Promise<boolean> {
  const { desk } = needs;
  const fits = ({ status }: RunEntry): boolean => !isAtWork(status);
  const run = await chooseAmong(desk, given, { title: t('Delete Run'), fits });
  if (run === undefined) return false;
  if (sure !== true && !(await isSure(1, titlesOf(desk, [run])))) return false;
  const removed = await remove(needs, { runs: [run], kinds: ['run', ...OF_RUNS] });
  if (removed.gone.some(({ what, name }) => what === 'run' && name === run)) return true;
  if (removed.isStopped) {
    tellNothing(removedText(removed));
    return false;
  }
  const owner = await (await desk.connect()).store.owner(run);
  tellNothing(
    owner === undefined
      ? t('The run could not be removed. The log says why.')
      : t('The run is worked on by {0}. Stop it first.', owner),
  );
  return false;
}

/** All need a trusted folder. */
export function keepingCommands(needs: KeepingNeeds) {
  return {
    cleanUp: (given) => cleanUp(needs, given),
    deleteRun: (given, sure) => deleteRun(needs, given, sure),
  } satisfies Commands;
}
