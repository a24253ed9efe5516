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

/** A file's text as far as it can be shown. `note` says what a reader must know; such text is not to be edited by tools for text. */
export type TextShown = TextRead | { readonly kind: 'text'; readonly text: string; readonly note: string };

/** Like `readText`, but UTF-16 and single-byte text are shown too: to look at, not to edit. */
export async function readShown(files: Files, root: string, path: string): Promise<TextShown> {
  const bytes = await files.read(root, path);
  if (!bytes) return { kind: 'missing' };
  const text = decodeText(bytes);
  if (text !== undefined) return { kind: 'text', text };
  return decodeOther(bytes) ?? { kind: 'binary', bytes: bytes.length };
}

const MARKS: readonly (readonly [string, number, number])[] = [
  ['utf-16le', 0xff, 0xfe],
  ['utf-16be', 0xfe, 0xff],
];
/** Control characters that no text has. */
const NO_TEXT = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/u;

function decodeOther(bytes: Uint8Array): TextShown | undefined {
  const marked = MARKS.find(([, first, second]) => bytes[0] === first && bytes[1] === second)?.[0];
  const encoding = marked ?? unmarkedUtf16(bytes) ?? 'windows-1252';
  const text = new TextDecoder(encoding).decode(bytes);
  if (NO_TEXT.test(text)) return undefined;
  const name =
    encoding === 'windows-1252'
      ? 'It is not UTF-8; it is shown as Latin-1, which is a guess'
      : `It is ${encoding.toUpperCase()}`;
  return { kind: 'text', text, note: `${name}. The edit tools take UTF-8 only.` };
}

/** Text of Western letters in UTF-16 without a mark: every other byte is 0. */
function unmarkedUtf16(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, Math.min(bytes.length - (bytes.length % 2), SNIFFED_BYTES));
  if (head.length < 8) return undefined;
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros.map((count) => (count * 2) / head.length);
  if (odd > 0.8 && even === 0) return 'utf-16le';
  return even > 0.8 && odd === 0 ? 'utf-16be' : undefined;
}
