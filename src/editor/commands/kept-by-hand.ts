/** Gets back what a person did by hand and is no part of a run's result: as a diff, or as files in a folder. */
import * as vscode from 'vscode';
import { plainText } from '../../core/policy/terminal-text.ts';
import type { KeptView, RunView } from '../../protocol/view.ts';
import type { Desk } from '../desk.ts';
import { t } from '../told.ts';
import { chooseAmong } from './choose-run.ts';
import { showChange } from './looking.ts';
import { tellNothing, type Commands } from './register.ts';

/** Which of what is kept; `id` is the line that says so. The last comes first. */
async function choose(view: RunView, id: unknown, title: string): Promise<KeptView | undefined> {
  const kept = [...(view.kept ?? [])].reverse();
  if (kept.length === 0) {
    tellNothing(t('Nothing that you did by hand is kept: it is part of the result, or still yours.'));
    return undefined;
  }
  const named = kept.find((each) => each.id === id);
  if (named || kept.length === 1) return named ?? kept[0];
  const items = kept.map((each) => ({
    label: plainText(each.task),
    detail: plainText(each.why),
    each,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.each;
}

/** Asks for a folder, unless there is nothing to save. */
async function whereTo(title: string): Promise<vscode.Uri | 'show' | undefined> {
  const show = { label: t('Show the change'), detail: t('As a diff of its files.') };
  const save = { label: t('Save the files to a folder…'), detail: t('As you left them.') };
  const chosen = await vscode.window.showQuickPick([show, save], { title });
  if (chosen === show) return 'show';
  if (chosen !== save) return undefined;
  const dialog = { canSelectFolders: true, canSelectFiles: false, title, openLabel: t('Save Here') };
  return (await vscode.window.showOpenDialog(dialog))?.[0];
}

/** Writes the files into a folder of their own below `parent`; what is there already is never written over. */
async function save(desk: Desk, kept: KeptView, parent: vscode.Uri): Promise<vscode.Uri> {
  const { copies } = await desk.connect();
  const { keptFiles } = await import('../at-need.ts');
  const files = await keptFiles(copies, kept);
  const folder = await freeFolder(vscode.Uri.joinPath(parent, `${kept.task}-by-hand`));
  for (const [path, bytes] of files)
    if (bytes) await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, path), bytes);
  const deleted = [...files].flatMap(([path, bytes]) => (bytes ? [] : [path]));
  const saved = t('Saved {0} files to {1}.', files.size - deleted.length, folder.fsPath);
  tellNothing(
    deleted.length === 0
      ? saved
      : `${saved} ${t('You had deleted: {0}.', deleted.map(plainText).join(', '))}`,
  );
  return folder;
}

async function freeFolder(wanted: vscode.Uri): Promise<vscode.Uri> {
  for (let n = 1; ; n++) {
    const folder = n === 1 ? wanted : wanted.with({ path: `${wanted.path}-${String(n)}` });
    const isThere = await vscode.workspace.fs.stat(folder).then(
      () => true,
      () => false,
    );
    if (isThere) continue;
    await vscode.workspace.fs.createDirectory(folder);
    return folder;
  }
}

/** `kept` and `target` (a folder, or "show") come from the panel, other extensions and tests. Needs a trusted folder. */
export function keptByHandCommands(desk: Desk) {
  return {
    getBackKept: async (given, kept, target) => {
      const title = t('Get Back What You Did by Hand');
      const run = await chooseAmong(desk, given, { title });
      if (run === undefined) return undefined;
      const { views, copies } = await desk.connect();
      const chosen = await choose(await views.view(run), kept, title);
      if (!chosen) return undefined;
      const how = target instanceof vscode.Uri || target === 'show' ? target : await whereTo(title);
      if (how === undefined) return undefined;
      if (how !== 'show') return await save(desk, chosen, how);
      const { changeOfKept } = await import('../at-need.ts');
      const name = t('{0} (what you did by hand)', chosen.task);
      await showChange(run, name, await changeOfKept(copies, chosen));
      return chosen.id;
    },
  } satisfies Commands;
}
