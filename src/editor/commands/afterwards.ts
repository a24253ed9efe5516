/** Commands for runs that have a past: replay, verify, export, import. Another way from a point: `fork.ts`. */
import * as vscode from 'vscode';
import type { Desk } from '../desk.ts';
import { stoppable } from '../stoppable.ts';
import { chooseAmong } from './choose-run.ts';
import { forkRun } from './fork.ts';
import { commitChange, copyPullRequest, undo } from './change-of-run.ts';
import type { Commands } from './register.ts';
import { t, told } from '../told.ts';
import { askWhereToSave } from './save-as.ts';

export interface AfterwardsNeeds {
  readonly desk: Desk;
  readonly showPanel: () => Promise<void>;
}

const tell = (text: string): void => void vscode.window.showInformationMessage(`Quartet: ${text}`);

async function replay(desk: Desk, given: unknown): Promise<boolean> {
  const run = await chooseAmong(desk, given, { title: t('Replay Run') });
  if (run === undefined) return false;
  const title = t('Quartet: replaying the run from its record');
  const engine = await desk.engine();
  const report = await stoppable(title, (signal) => engine.replay(run, signal));
  if (report === undefined) return false;
  const { divergence, ends, records } = report;
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

async function verify(desk: Desk, given: unknown): Promise<boolean> {
  const run = await chooseAmong(desk, given, { title: t('Verify Run') });
  if (run === undefined) return false;
  const { lines, blobs, problems } = await (await desk.connect()).verify(run);
  if (problems.length === 0) tell(t('The run is whole: {0} lines, {1} blobs.', lines, blobs));
  else void vscode.window.showErrorMessage(`Quartet: ${problems.map(told).join(' ')}`);
  return problems.length === 0;
}

async function exportRun(desk: Desk, given: unknown, target: unknown): Promise<vscode.Uri | undefined> {
  const run = await chooseAmong(desk, given, { title: t('Export Run') });
  if (run === undefined) return undefined;
  const file = { run, what: 'run', filters: { [t('Quartet run')]: ['json'] } };
  const uri = target instanceof vscode.Uri ? target : await askWhereToSave(t('Export Run'), file);
  if (uri === undefined) return undefined;
  const backend = await desk.connect();
  const text = await stoppable(t('Quartet: exporting the run'), (signal) => backend.exportRun(run, signal));
  if (text === undefined) return undefined;
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  tell(t('The run is exported, with what looks like a secret taken out. Look it over before you share it.'));
  return uri;
}

async function importRun({ desk, showPanel }: AfterwardsNeeds, given: unknown): Promise<string | undefined> {
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
export function afterwardsCommands(needs: AfterwardsNeeds) {
  const { desk } = needs;
  return {
    undo: (given, sure) => undo(desk, given, sure),
    commitChange: (given, where) => commitChange(desk, given, where),
    copyPullRequest: (given) => copyPullRequest(desk, given),
    replayRun: (given) => replay(desk, given),
    forkRun: (given, point) => forkRun(needs, given, point),
    verifyRun: (given) => verify(desk, given),
    exportRun: (given, target) => exportRun(desk, given, target),
    importRun: (given) => importRun(needs, given),
  } satisfies Commands;
}
