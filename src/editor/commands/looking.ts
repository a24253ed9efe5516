/** Commands that look at a run: along its time, word for word, as one text. */
import * as vscode from 'vscode';
import type { Desk } from '../desk.ts';
import type { RunViews } from '../run-view/run-views.ts';
import type { TaskFile } from '../../core/run/views/task-change.ts';
import { plainText } from '../../core/policy/terminal-text.ts';
import { recordedFile } from '../review/uris.ts';
import { t } from '../told.ts';
import { chooseAmong } from './choose-run.ts';
import { askWhereToSave } from './save-as.ts';
import { tellNothing, type Commands } from './register.ts';

async function openRunView(desk: Desk, runViews: RunViews, given: unknown): Promise<string | undefined> {
  const run = await chooseAmong(desk, given, { title: t('Open Run View') });
  if (run !== undefined) await runViews.open(run);
  return run;
}

/** Saves the transcript, or shows it where no file is chosen. */
async function exportTranscript(
  desk: Desk,
  given: unknown,
  target: unknown,
): Promise<vscode.Uri | undefined> {
  const title = t('Export Transcript');
  const run = await chooseAmong(desk, given, { title });
  if (run === undefined) return undefined;
  const file = { run, what: 'transcript', filters: { Markdown: ['md'] } };
  const uri = target instanceof vscode.Uri ? target : await askWhereToSave(title, file);
  if (uri === undefined) return undefined;
  const { transcriptOf } = await import('../at-need.ts');
  const text = transcriptOf(await (await desk.connect()).views.view(run));
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  await vscode.window.showTextDocument(uri, { preview: true });
  return uri;
}

/** Opens the native multi-file diff of what a task changed; `task` comes from the panel, other extensions and tests. */
async function showTaskDiff(desk: Desk, given: unknown, task: unknown): Promise<string | undefined> {
  const title = t('Show What a Task Changed');
  const run = await chooseAmong(desk, given, { title });
  if (run === undefined) return undefined;
  const { views, copies } = await desk.connect();
  const view = await views.view(run);
  const items = view.tasks.map(({ spec }) => ({
    label: plainText(spec.title),
    description: spec.id,
    id: spec.id,
  }));
  const id = typeof task === 'string' ? task : (await vscode.window.showQuickPick(items, { title }))?.id;
  if (id === undefined) return undefined;
  const { changeOfTask } = await import('../at-need.ts');
  const files = await changeOfTask(copies, view, id);
  if (files.length === 0) {
    tellNothing(t('This task has changed nothing yet.'));
    return undefined;
  }
  const name = view.tasks.find(({ spec }) => spec.id === id)?.spec.title ?? id;
  await showChange(run, t('{0} (what the task changed)', name), files);
  return id;
}

/** Opens the native multi-file diff of files between trees of a run. */
export async function showChange(run: string, title: string, files: readonly TaskFile[]): Promise<void> {
  const side = (tree: string | undefined, path: string): vscode.Uri | undefined =>
    tree === undefined ? undefined : recordedFile(run, tree, path);
  const resources = files.map(({ path, before, after }) => {
    const [left, right] = [side(before, path), side(after, path)];
    return [right ?? left, left, right];
  });
  await vscode.commands.executeCommand('vscode.changes', title, resources);
}

/** All need a trusted folder. */
export function lookingCommands(desk: Desk, runViews: RunViews) {
  return {
    openRunView: (given) => openRunView(desk, runViews, given),
    showTaskDiff: (given, task) => showTaskDiff(desk, given, task),
    exportTranscript: (given, target) => exportTranscript(desk, given, target),
  } satisfies Commands;
}
