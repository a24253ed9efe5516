/** Reading text through the files port, for tools. */
import { decodeUtf8 } from '../changes/encoding.ts';
import type { Files } from '../ports.ts';

/** A file's text, or why there is none. */
export type TextRead =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'binary'; readonly bytes: number };

export async function readText(files: Files, root: string, path: string): Promise<TextRead> {
  const bytes = await files.read(root, path);
  if (!bytes) return { kind: 'missing' };
  const text = decodeUtf8(bytes);
  return text === undefined ? { kind: 'binary', bytes: bytes.length } : { kind: 'text', text };
}

/** What to tell a model of a file that is not text. */
export function unreadable(
  path: string,
  read: { readonly kind: 'missing' } | { readonly kind: 'binary'; readonly bytes: number },
): string {
  return read.kind === 'missing'
    ? `There is no file ${path}. Use list_files or search_text to find the right path.`
    : `${path} is a binary file of ${String(read.bytes)} bytes; it cannot be shown or edited as text.`;
}
