/**
 * The Workspace port in the editor. Open documents are changed through the editor, so that undo and unsaved text are
 * respected; every other file through the port on files that it stands on. Keeps I5.
 */
import * as vscode from 'vscode';
import { PortError, type TreeChange, type Workspace } from '../core/ports.ts';
import { narrowest } from './narrowest.ts';

type Applied = Awaited<ReturnType<Workspace['apply']>>;

const sameBytes = (a: Uint8Array | undefined, b: Uint8Array | undefined) =>
  a === undefined || b === undefined
    ? a === b
    : a.length === b.length && a.every((byte, at) => byte === b[at]);

const encode = (text: string) => new TextEncoder().encode(text);

/** Text of bytes that are UTF-8, without a byte order mark; `undefined` for others. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** `files` is the same folder without an editor. */
export function createEditorWorkspace(folder: vscode.WorkspaceFolder, files: Workspace): Workspace {
  const uriOf = (path: string) => vscode.Uri.joinPath(folder.uri, path);
  const documentOf = (path: string) => {
    const uri = uriOf(path).toString();
    return vscode.workspace.textDocuments.find(
      (document) => !document.isClosed && document.uri.toString() === uri,
    );
  };
  const read = async (path: string) => {
    const document = documentOf(path);
    return document?.isDirty === true ? encode(document.getText()) : await files.read(path);
  };
  return {
    root: files.root,
    name: folder.name,
    async unsaved() {
      const dirty = vscode.workspace.textDocuments.filter(
        ({ isDirty, uri }) => isDirty && uri.scheme === 'file',
      );
      const inside = dirty.filter(
        ({ uri }) => vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() === folder.uri.toString(),
      );
      return new Map(inside.map((document) => [relative(folder, document.uri), document.getText()]));
    },
    read,
    async apply(changes) {
      const open = changes.filter((change) => isEditable(change, documentOf(change.path)));
      // Nothing to respect: what a crash left is completed or taken back there.
      if (open.length === 0) return await files.apply(changes);
      const moved = await movedPaths(changes, read);
      if (moved.length > 0) return { ok: false, moved };
      const rest = changes.filter((change) => !open.includes(change));
      const written = await files.apply(rest);
      if (!written.ok) return written;
      return await applyOpen(open, { files, uriOf, undo: () => files.apply(rest.map(reversed)) });
    },
  };
}

/** Path below the folder, with "/". */
function relative(folder: vscode.WorkspaceFolder, uri: vscode.Uri): string {
  return uri.path.slice(folder.uri.path.replace(/\/$/, '').length + 1);
}

/** Open, text on both sides, and the editor has taken up what the file holds. */
function isEditable({ before, after, mode }: TreeChange, document: vscode.TextDocument | undefined): boolean {
  if (document === undefined || mode === '120000') return false;
  if (after !== undefined && decode(after) === undefined) return false;
  return document.isDirty || after === undefined || document.getText() === (before && decode(before));
}

const reversed = ({ path, before, after }: TreeChange): TreeChange => ({
  path,
  before: after,
  after: before,
});

/** Paths that read neither as before nor as after; the latter were written by an apply that was interrupted. */
async function movedPaths(
  changes: readonly TreeChange[],
  read: Workspace['read'],
): Promise<readonly string[]> {
  const moved: string[] = [];
  for (const { path, before, after } of changes) {
    const now = await read(path);
    if (!sameBytes(now, before) && !sameBytes(now, after)) moved.push(path);
  }
  return moved;
}

interface OpenParts {
  readonly files: Workspace;
  readonly uriOf: (path: string) => vscode.Uri;
  /** Takes the files back that were written before the documents. */
  readonly undo: () => Promise<unknown>;
}

/** Changes open documents in one edit of the editor (one undo stop), saves them, and proves what the files hold then. */
async function applyOpen(changes: readonly TreeChange[], parts: OpenParts): Promise<Applied> {
  if (changes.length === 0) return { ok: true };
  const edit = new vscode.WorkspaceEdit();
  for (const change of changes) await addChange(edit, parts.uriOf(change.path), change);
  // The editor refuses an edit of nothing: texts that differ in their byte order mark alone.
  if (edit.size > 0 && !(await vscode.workspace.applyEdit(edit))) {
    await parts.undo();
    return { ok: false, moved: changes.map(({ path }) => path) };
  }
  for (const { path, after } of changes) {
    if (after !== undefined) await save(parts.uriOf(path));
  }
  return await settle(changes, parts);
}

async function addChange(edit: vscode.WorkspaceEdit, uri: vscode.Uri, change: TreeChange): Promise<void> {
  if (change.after === undefined) {
    edit.deleteFile(uri, { ignoreIfNotExists: true });
    return;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const { start, end, text } = narrowest(document.getText(), decode(change.after) ?? '');
  if (start === end && text === '') return;
  edit.replace(uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
}

async function save(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty) await document.save();
}

/**
 * A save may format, trim or convert. What was accepted is what was proved, so a file that differs is written as accepted;
 * the editor takes it up, since its document is not dirty.
 */
async function settle(changes: readonly TreeChange[], { files }: OpenParts): Promise<Applied> {
  const saved = await Promise.all(
    changes.map(async (change) => ({ ...change, before: await files.read(change.path) })),
  );
  const written = await files.apply(saved);
  if (written.ok) return written;
  throw new PortError(
    'workspace.failed',
    `Could not write ${written.moved.join(', ')}: it changed while it was being saved.`,
    {
      retryable: true,
      advice: 'Compare it with the proposed text in the Changes view, and apply again.',
    },
  );
}
