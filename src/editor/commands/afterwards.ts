/** Commands for runs that have a past: undo, replay, another way from a point, verify, export, import. */
import * as vscode from 'vscode';
import * as z from 'zod';
import type { ForkRequest } from '../../core/run/contract.ts';
import type { RunEntry, RunView } from '../../protocol/view.ts';
import type { Desk } from '../desk.ts';
import { chooseRun, idOf } from './choose-run.ts';
import { tellNothing, type Commands } from './register.ts';

export interface AfterwardsNeeds {
  readonly desk: Desk;
  readonly showPanel: () => Promise<void>;
}

const tell = (text: string): void => void vscode.window.showInformationMessage(`Quartet: ${text}`);

const isOver = ({ status }: RunEntry): boolean => status === 'finished' || status === 'failed';

/** The run meant, among those that fit; says so where none does. */
async function choose(
  desk: Desk,
  given: unknown,
  { title, fits = () => true }: { title: string; fits?: (entry: RunEntry) => boolean },
): Promise<string | undefined> {
  await desk.connect();
  const fitting = desk.entries.filter(fits);
  if (fitting.length > 0 || idOf(given) !== undefined) return chooseRun(desk, given, fitting, title);
  tellNothing(vscode.l10n.t('There is no run for this yet.'));
  return undefined;
}

/** Shows what would be put back, then does it. */
async function undo(desk: Desk, given: unknown, sure: unknown): Promise<boolean> {
  const { t } = vscode.l10n;
  const run = await choose(desk, given, { title: t('Undo Applied Change'), fits: isOver });
  if (run === undefined) return false;
  const { views } = await desk.connect();
  const { changes } = await views.view(run);
  if (changes?.applied === undefined || changes.undone === true) {
    tellNothing(t('No change of this run is applied.'));
    return false;
  }
  const yes = t('Undo');
  const detail = changes.applied.map(({ path }) => path).join('\n');
  const message = t('Put these files back to how they were before the run? What you changed since is kept.');
  const answer =
    sure === true ? yes : await vscode.window.showWarningMessage(message, { modal: true, detail }, yes);
  if (answer !== yes) return false;
  const end = await (await desk.engine()).undo(run);
  tell(end.message);
  return end.done;
}

async function replay(desk: Desk, given: unknown): Promise<boolean> {
  const { t } = vscode.l10n;
  const run = await choose(desk, given, { title: t('Replay Run') });
  if (run === undefined) return false;
  const title = t('Quartet: replaying the run from its record');
  const progress = { location: vscode.ProgressLocation.Notification, title };
  const engine = await desk.engine();
  const { divergence, ends, records } = await vscode.window.withProgress(progress, () => engine.replay(run));
  if (divergence === undefined) {
    tell(t('The run replays as recorded: {0} steps and answers, {1} events.', ends, records));
    return true;
  }
  const content = [
    t('The replay parts from the record at {0}.', divergence.at),
    '',
    t('Recorded:'),
    divergence.recorded,
    '',
    t('Replayed:'),
    divergence.replayed,
  ].join('\n');
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }));
  return false;
}

interface Point extends vscode.QuickPickItem {
  readonly request: ForkRequest;
}

/** Points from which a person would want to go another way: before each task that was worked on, and the end. */
function pointsOf(view: RunView): readonly Point[] {
  const { t } = vscode.l10n;
  const tasks = view.tasks.filter((task) => task.attempt > 0);
  return [
    ...tasks.map(({ spec }) => ({
      label: t('Before “{0}”', spec.title),
      description: spec.role,
      request: { task: spec.id },
    })),
    { label: t('From its last line'), request: {} },
  ];
}

async function pickPoint(view: RunView): Promise<ForkRequest | undefined> {
  const title = vscode.l10n.t('Go Another Way: from where?');
  return (await vscode.window.showQuickPick(pointsOf(view), { title }))?.request;
}

/** A point that a menu or the panel names; with an instruction, nothing more is asked. */
const GivenPoint = z.object({
  task: z.string().optional(),
  at: z.number().int().optional(),
  instruction: z.string().optional(),
});

function givenPoint(
  given: unknown,
): { readonly request: ForkRequest; readonly instruction: string | undefined } | undefined {
  const point = GivenPoint.safeParse(given);
  if (!point.success) return undefined;
  const { task, at, instruction } = point.data;
  return { request: { ...(task !== undefined && { task }), ...(at !== undefined && { at }) }, instruction };
}

async function askInstruction(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Go Another Way'),
    prompt: vscode.l10n.t(
      'Say something to the team first, or leave this empty. What came before is not paid for again.',
    ),
    ignoreFocusOut: true,
  });
}

async function fork(
  { desk, showPanel }: AfterwardsNeeds,
  given: unknown,
  point: unknown,
): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const run = await choose(desk, given, { title: t('Go Another Way') });
  if (run === undefined) return undefined;
  const view = await (await desk.connect()).views.view(run);
  const named = givenPoint(point);
  const request = named?.request ?? (await pickPoint(view));
  if (request === undefined) return undefined;
  const models = named?.instruction === undefined ? await pickModels(desk, view) : {};
  if (models === undefined) return undefined;
  const instruction = named?.instruction ?? (await askInstruction());
  if (instruction === undefined) return undefined;
  const engine = await desk.engine();
  const id = await engine.fork(run, {
    ...request,
    ...models,
    ...(instruction.trim() !== '' && { instruction }),
  });
  await desk.resume(id);
  await desk.open(id);
  await showPanel();
  return id;
}

/** The models of the run, or those that are configured now. The demo keeps its script. */
async function pickModels(desk: Desk, view: RunView): Promise<Pick<ForkRequest, 'settings'> | undefined> {
  const { t } = vscode.l10n;
  if (view.demo) return {};
  const same = t('With the same models');
  const now = t('With the models configured now');
  const picked = await vscode.window.showQuickPick([same, now], { title: t('Go Another Way: with whom?') });
  if (picked === undefined) return undefined;
  if (picked === same) return {};
  const { endpoints, routes } = await desk.settings(false);
  return { settings: { endpoints, routes } };
}

async function verify(desk: Desk, given: unknown): Promise<boolean> {
  const { t } = vscode.l10n;
  const run = await choose(desk, given, { title: t('Verify Run') });
  if (run === undefined) return false;
  const { lines, blobs, problems } = await (await desk.connect()).verify(run);
  if (problems.length === 0) tell(t('The run is whole: {0} lines, {1} blobs.', lines, blobs));
  else void vscode.window.showErrorMessage(`Quartet: ${problems.join(' ')}`);
  return problems.length === 0;
}

async function exportRun(desk: Desk, given: unknown, target: unknown): Promise<vscode.Uri | undefined> {
  const { t } = vscode.l10n;
  const run = await choose(desk, given, { title: t('Export Run') });
  if (run === undefined) return undefined;
  const dialog = { filters: { [t('Quartet run')]: ['json'] }, title: t('Export Run') };
  const uri = target instanceof vscode.Uri ? target : await vscode.window.showSaveDialog(dialog);
  if (uri === undefined) return undefined;
  const text = await (await desk.connect()).exportRun(run);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  tell(t('The run is exported, with what looks like a secret taken out. Look it over before you share it.'));
  return uri;
}

async function importRun({ desk, showPanel }: AfterwardsNeeds, given: unknown): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const [picked] =
    given instanceof vscode.Uri
      ? [given]
      : ((await vscode.window.showOpenDialog({
          filters: { [t('Quartet run')]: ['json'] },
          title: t('Import Run'),
        })) ?? []);
  if (picked === undefined) return undefined;
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(picked));
  const id = await (await desk.connect()).importRun(text);
  await desk.open(id);
  await showPanel();
  return id;
}

/** All need a trusted folder. */
export function afterwardsCommands(needs: AfterwardsNeeds): Commands {
  const { desk } = needs;
  return {
    undo: (given, sure) => undo(desk, given, sure),
    replayRun: (given) => replay(desk, given),
    forkRun: (given, point) => fork(needs, given, point),
    verifyRun: (given) => verify(desk, given),
    exportRun: (given, target) => exportRun(desk, given, target),
    importRun: (given) => importRun(needs, given),
  };
}
