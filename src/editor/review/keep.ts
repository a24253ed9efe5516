/** Keep and Undo in the gutter: what a run wrote into the person's files, change by change, until each is kept or taken back. */
import * as vscode from 'vscode';
import { decodeUtf8 } from '../../core/changes/encoding.ts';
import type { Disposable } from '../../core/ports.ts';
import type { RunView } from '../../protocol/view.ts';
import type { Commands, Family } from '../commands/register.ts';
import type { Desk } from '../desk.ts';
import { narrowest } from '../narrowest.ts';
import { takeBack, takeOver, type LineChange } from './line-change.ts';

const BEFORE_SCHEME = 'quartet-before';

/** By path: `true` where nothing is left to decide, else the text to compare with, which holds what was kept already. */
type Kept = Readonly<Record<string, string | true>>;

export interface Keep extends Disposable {
  readonly commands: Family<'keepChange' | 'undoChange' | 'keepAllChanges'>;
}

const keyOf = (run: string) => `quartet.kept.${run}`;
const kept = (state: vscode.Memento, run: string): Kept => state.get<Kept>(keyOf(run)) ?? {};
const keptOf = (state: vscode.Memento, run: string, path: string) => {
  const all = kept(state, run);
  return Object.hasOwn(all, path) ? all[path] : undefined;
};

/** Files that the run wrote and that still wait for Keep or Undo. */
function pending(state: vscode.Memento, view: RunView | undefined): readonly string[] {
  const { changes } = view ?? {};
  if (view === undefined || changes?.applied === undefined || changes.undone === true || !changes.written)
    return [];
  return changes.applied
    .filter(
      ({ how, path }) => (how === 'written' || how === 'merged') && keptOf(state, view.id, path) !== true,
    )
    .map(({ path }) => path);
}

/** `whenDecided`: nothing is left to be kept or taken back. */
export function createKeep(
  desk: Desk,
  folder: () => vscode.WorkspaceFolder | undefined,
  state: vscode.Memento,
  whenDecided: () => void,
): Keep {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const beforeOf = (path: string) =>
    vscode.Uri.from({ scheme: BEFORE_SCHEME, path: `/${path}`, query: desk.openId ?? '' });
  const original = async (path: string): Promise<string> => {
    const view = desk.openView;
    const own = view && keptOf(state, view.id, path);
    if (typeof own === 'string') return own;
    const bytes = await (await desk.connect()).copies.read(view?.changes?.written?.before ?? '', path);
    return (bytes && decodeUtf8(bytes)) ?? '';
  };
  let control: vscode.SourceControl | undefined;
  const update = (): void => {
    const root = folder();
    const isWanted = root !== undefined && pending(state, desk.openView).length > 0;
    if (!isWanted) {
      control?.dispose();
      control = undefined;
      return;
    }
    if (control !== undefined) return;
    control = vscode.scm.createSourceControl('quartet', vscode.l10n.t('Quartet: applied changes'), root.uri);
    control.inputBox.visible = false;
    control.quickDiffProvider = {
      provideOriginalResource: (uri) => {
        const path = pathIn(root, uri);
        return pending(state, desk.openView).includes(path) ? beforeOf(path) : undefined;
      },
    };
  };
  const keep = async (path: string, text: string | true): Promise<void> => {
    const run = desk.openId;
    if (run === undefined) return;
    const others = Object.entries(kept(state, run)).filter(([other]) => other !== path);
    await state.update(keyOf(run), Object.fromEntries([...others, [path, text]]));
    changed.fire(beforeOf(path));
    update();
    if (pending(state, desk.openView).length === 0) whenDecided();
  };
  const provider = vscode.workspace.registerTextDocumentContentProvider(BEFORE_SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => original(uri.path.slice(1)),
  });
  const ends = [desk.onOpened(update), desk.onGrown(update), provider, changed];
  return {
    commands: keepCommands({ original, keep, pending: () => pending(state, desk.openView), folder }),
    dispose: () => void vscode.Disposable.from(...ends, { dispose: () => control?.dispose() }).dispose(),
  };
}

const pathIn = (root: vscode.WorkspaceFolder, uri: vscode.Uri) =>
  uri.path.slice(root.uri.path.replace(/\/$/u, '').length + 1);

interface Keeping {
  readonly original: (path: string) => Promise<string>;
  readonly keep: (path: string, text: string | true) => Promise<void>;
  readonly pending: () => readonly string[];
  readonly folder: () => vscode.WorkspaceFolder | undefined;
}

/** The editor's gutter gives the file, its changes and which one; without these nothing happens. */
function keepCommands({ original, keep, pending: waiting, folder }: Keeping) {
  const onChange =
    (act: (at: { path: string; document: vscode.TextDocument; change: LineChange }) => Promise<void>) =>
    async (uri: unknown, changes: unknown, index: unknown): Promise<void> => {
      const root = folder();
      if (!(uri instanceof vscode.Uri) || !Array.isArray(changes) || root === undefined) return;
      const change = (changes as readonly LineChange[])[Number(index)];
      const path = pathIn(root, uri);
      if (change === undefined || !waiting().includes(path)) return;
      await act({ path, document: await vscode.workspace.openTextDocument(uri), change });
    };
  return {
    keepChange: onChange(async ({ path, document, change }) => {
      const text = takeOver(await original(path), document.getText(), change);
      await keep(path, text === document.getText() ? true : text);
    }),
    undoChange: onChange(async ({ path, document, change }) => {
      const before = await original(path);
      const text = takeBack(before, document.getText(), change);
      const wasDirty = document.isDirty;
      const { start, end, text: put } = narrowest(document.getText(), text);
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), put);
      if (!(await vscode.workspace.applyEdit(edit))) return;
      // A text that the person was typing is theirs to save.
      if (!wasDirty) await document.save();
      if (text === before) await keep(path, true);
    }),
    keepAllChanges: async () => {
      for (const path of waiting()) await keep(path, true);
    },
  } satisfies Commands;
}
