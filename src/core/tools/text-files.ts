/** Reading and writing text through the files port, for tools. */
import type { Files } from '../ports.ts';

/** A file's text, or why there is none. */
export type TextRead =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'binary'; readonly bytes: number };

/** How far a NUL byte is looked for: the same as git's. */
const SNIFFED_BYTES = 8000;

/** Bytes with a NUL near their beginning, or that are not UTF-8, are binary. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.subarray(0, SNIFFED_BYTES).includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export async function readText(files: Files, root: string, path: string): Promise<TextRead> {
  const bytes = await files.read(root, path);
  if (!bytes) return { kind: 'missing' };
  const text = decodeText(bytes);
  return text === undefined ? { kind: 'binary', bytes: bytes.length } : { kind: 'text', text };
}

export async function writeText(files: Files, root: string, path: string, text: string): Promise<void> {
  await files.write(root, path, new TextEncoder().encode(text));
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
