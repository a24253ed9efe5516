/** Commands that look at a run: along its time, word for word, as one text. */
import * as vscode from 'vscode';
import type { Desk } from '../desk.ts';
import type { RunViews } from '../run-view/run-views.ts';
import { chooseAmong } from './choose-run.ts';
import type { Commands } from './register.ts';

async function openRunView(desk: Desk, runViews: RunViews, given: unknown): Promise<string | undefined> {
  const run = await chooseAmong(desk, given, { title: vscode.l10n.t('Open Run View') });
  if (run !== undefined) await runViews.open(run);
  return run;
}

/** Saves the transcript, or shows it where no file is chosen. */
async function exportTranscript(
  desk: Desk,
  given: unknown,
  target: unknown,
): Promise<vscode.Uri | undefined> {
  const { t } = vscode.l10n;
  const title = t('Export Transcript');
  const run = await chooseAmong(desk, given, { title });
  if (run === undefined) return undefined;
  const dialog = { filters: { Markdown: ['md'] }, title };
  const uri = target instanceof vscode.Uri ? target : await vscode.window.showSaveDialog(dialog);
  if (uri === undefined) return undefined;
  const { transcriptOf } = await import('../../core/run/views/transcript.ts');
  const text = transcriptOf(await (await desk.connect()).views.view(run));
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  await vscode.window.showTextDocument(uri, { preview: true });
  return uri;
}

/** All need a trusted folder. */
export function lookingCommands(desk: Desk, runViews: RunViews): Commands {
  return {
    openRunView: (given) => openRunView(desk, runViews, given),
    exportTranscript: (given, target) => exportTranscript(desk, given, target),
  };
}
