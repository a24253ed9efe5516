/** Files and folders that a person points at with the editor's own means: named in the goal where they lie in the project, else given with it. */
import * as vscode from 'vscode';
import { ATTACHED_BYTES_MAX, ATTACHED_MAX, textOfBytes } from '../../protocol/attached-text.ts';
import { IMAGE_BYTES_MAX, imageMimeOf, IMAGES_MAX } from '../../protocol/image-bytes.ts';
import type { Mention } from '../../protocol/mentions.ts';
import { t } from '../told.ts';
import type { Offered } from './given.ts';
import type { Given } from './kept.ts';
import { pathOf } from './surroundings.ts';

/** Most places that are looked at once (I10). */
const PLACES_MAX = 20;

/** As the host knows a place that a page or a server's window names. */
const here = (uri: vscode.Uri): vscode.Uri =>
  uri.scheme === 'vscode-remote' ? vscode.Uri.file(uri.path) : uri;

const nameOf = ({ path }: vscode.Uri): string => path.slice(path.lastIndexOf('/') + 1).slice(0, 200);

/**
 * What the places are for a goal that has `given` already. `read`: the person chose them in a dialog or a tree of the editor, so what lies
 * outside of the project may be read; what a page names may not.
 */
export async function offeredBy(
  uris: readonly vscode.Uri[],
  given: Given,
  { read }: { readonly read: boolean },
): Promise<Offered> {
  let offered: Offered = { ...given, mentions: [], problem: undefined };
  for (const uri of uris.slice(0, PLACES_MAX).map(here)) {
    const path = pathOf(uri);
    const next = path === undefined ? await outside(uri, offered, read) : await inside(uri, path);
    if (typeof next === 'string') offered = { ...offered, problem: next };
    else if ('kind' in next) offered = { ...offered, mentions: [...offered.mentions, next] };
    else offered = { ...offered, ...next };
  }
  return offered;
}

/** A string says why it is not taken. */
async function inside(uri: vscode.Uri, path: string): Promise<Mention | string> {
  const type = await typeOf(uri);
  if (type === undefined) return t('{0} is not there.', path);
  return { kind: (type & vscode.FileType.Directory) === 0 ? 'file' : 'folder', path };
}

async function outside(uri: vscode.Uri, given: Given, read: boolean): Promise<Given | string> {
  const name = nameOf(uri);
  if (!read) return t('{0} lies outside of this project. Use the button for files.', name);
  const type = await typeOf(uri);
  if (type === undefined) return t('{0} is not there.', name);
  if ((type & vscode.FileType.Directory) !== 0)
    return t('{0} is a folder outside of this project: the team cannot look into it.', name);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > IMAGE_BYTES_MAX) return tooLarge(name);
  return taken(name, await vscode.workspace.fs.readFile(uri), given);
}

function taken(name: string, bytes: Uint8Array, { images, files }: Given): Given | string {
  const base64 = Buffer.from(bytes).toString('base64');
  const mime = imageMimeOf(base64);
  if (mime !== undefined)
    return images.length >= IMAGES_MAX
      ? t('At most {0} images.', IMAGES_MAX)
      : { files, images: [...images, { name, mime, base64 }] };
  if (files.length >= ATTACHED_MAX) return t('At most {0} files beside images.', ATTACHED_MAX);
  if (bytes.length > ATTACHED_BYTES_MAX) return tooLarge(name);
  const text = textOfBytes(bytes);
  if (text === undefined) return t('{0} is neither a text nor a PNG, JPEG, WebP or GIF.', name);
  return { images, files: [...files, { name, text }] };
}

const tooLarge = (name: string): string =>
  t(
    '{0} is larger than {1} KB. Put it into the project and name it with #, or attach what matters of it.',
    name,
    ATTACHED_BYTES_MAX / 1000,
  );

const typeOf = (uri: vscode.Uri): Promise<vscode.FileType | undefined> =>
  Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    ({ type }) => type,
    () => undefined,
  );
