/** Conflicts with what changed meanwhile: the person's version on the left, both versions marked on the right, to be edited. */
import * as vscode from 'vscode';
import { hasConflictMarks } from '../../core/changes/marks.ts';
import { PortError } from '../../core/ports.ts';
import type { ConflictTrees } from '../../protocol/answers.ts';
import { openNeed } from '../context-keys.ts';
import type { Desk } from '../desk.ts';
import type { Commands } from '../commands/register.ts';
import { t } from '../told.ts';
import { createReviewProgress, type Round } from './progress.ts';
import { closeReviewTabs, reviewTitle } from './tabs.ts';
import { conflictSides, parseAddress, PROPOSED_SCHEME } from './uris.ts';

interface Open extends Round {
  readonly signal: string;
  readonly conflict: ConflictTrees;
}

/** The conflict that the open run asks about. Errors: `conflict.none`. */
function openConflict(desk: Desk): Open {
  const need = openNeed(desk.openView, 'apply');
  const run = desk.openId;
  if (need?.ask.conflict === undefined || run === undefined)
    throw new PortError('conflict.none', t('No conflict waits to be resolved.'));
  return { run, revision: 0, signal: need.signal, conflict: need.ask.conflict };
}

async function show(desk: Desk): Promise<void> {
  const open = openConflict(desk);
  const { copies } = await desk.connect();
  const resources: [vscode.Uri, vscode.Uri, vscode.Uri][] = [];
  for (const path of open.conflict.paths) {
    const [ours, marked] = await Promise.all([
      copies.read(open.conflict.ours, path),
      copies.read(open.conflict.marked, path),
    ]);
    const absent = { ours: ours === undefined, marked: marked === undefined };
    const { base, proposed } = conflictSides(open, path, absent);
    resources.push([proposed, base, proposed]);
  }
  const [[only, base] = [], ...more] = resources;
  if (more.length > 0) await vscode.commands.executeCommand('vscode.changes', reviewTitle(), resources);
  else if (only !== undefined && base !== undefined) {
    const title = t('{0} (yours and proposed)', only.path.split('/').at(-1) ?? '');
    await vscode.commands.executeCommand('vscode.diff', base, only, title, { preview: false });
  }
}

async function saveOpen({ run, signal }: Open): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty || document.uri.scheme !== PROPOSED_SCHEME) continue;
    const address = parseAddress(document.uri);
    if (address.run === run && address.signal === signal && !(await document.save()))
      throw new PortError('review.unsaved', t('{0} could not be saved.', document.fileName));
  }
}

/** False where the person backs out. */
async function leaveOut(paths: readonly string[]): Promise<boolean> {
  if (paths.length === 0) return true;
  const apply = t('Apply the Rest');
  const message = t('Not resolved yet: {0}.', paths.join(', '));
  const detail = t('Files that are not resolved stay as you have them.');
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, apply)) === apply;
}

export function conflictCommands(desk: Desk, state: vscode.Memento) {
  const progress = createReviewProgress(state);
  return {
    resolveConflicts: async () => {
      await desk.refresh();
      await show(desk);
    },
    /** Resolves to whether it was answered. */
    applyResolved: async () => {
      await desk.refresh();
      const open = openConflict(desk);
      await saveOpen(open);
      const texts = open.conflict.paths.map((path) => [path, progress.file(open, path).edited] as const);
      const resolved = texts.flatMap(([path, text]) =>
        text === undefined || hasConflictMarks(text) ? [] : [[path, text] as const],
      );
      const left = open.conflict.paths.filter((path) => !resolved.some(([other]) => other === path));
      if (!(await leaveOut(left))) return false;
      await desk.answer(open.run, open.signal, { apply: true, resolved: Object.fromEntries(resolved) });
      await progress.clear(open.run, open.signal);
      await closeReviewTabs(open.run);
      return true;
    },
  } satisfies Commands;
}
