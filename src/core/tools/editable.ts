/** Files as tools show and edit them: text in whatever encoding, notebooks by their cells. What is written keeps the form of what was there. */
import { decode, encode, type Decoded } from '../changes/encoding.ts';
import { EMPTY_NOTEBOOK, isCellText, notebookText, withNotebookText } from '../changes/notebook.ts';
import { inFormOf, withoutBom } from '../changes/text-form.ts';
import type { Files } from '../ports.ts';

/** The bytes of an edited text, with what a model should know of them; or why it cannot be written so. */
export type Written =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly notes: readonly string[] }
  | { readonly ok: false; readonly why: string };

/** A file's text, or why there is none. */
export type Editable =
  | {
      readonly kind: 'text';
      readonly text: string;
      /** What a reader must know of how it is shown. */
      readonly note?: string;
      /** The file with an edited text in the place of `text`. */
      readonly put: (text: string) => Written;
      /** The file with a whole text that knows nothing of how it is shown. */
      readonly putWhole: (text: string) => Written;
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'binary'; readonly bytes: number };

export async function readEditable(files: Files, root: string, path: string): Promise<Editable> {
  const bytes = await files.read(root, path);
  if (!bytes) return { kind: 'missing' };
  const decoded = decode(bytes);
  if (!decoded) return { kind: 'binary', bytes: bytes.length };
  const cells = isNotebook(path) ? notebookText(decoded.text) : undefined;
  return cells === undefined ? plain(path, decoded) : byCell(decoded, cells);
}

/** The bytes of a file that was not there. A notebook may be written by its cells. */
export function newFile(path: string, text: string): Written {
  return isNotebook(path) && isCellText(text)
    ? inCells({ text: EMPTY_NOTEBOOK, encoding: 'utf-8', isGuess: false }, text)
    : { ok: true, bytes: new TextEncoder().encode(text), notes: [] };
}

const isNotebook = (path: string): boolean => /\.ipynb$/iu.test(path);

function plain(path: string, decoded: Decoded): Editable {
  const note = noteOf(decoded);
  return {
    kind: 'text',
    // The mark of UTF-16 tells its encoding; that of UTF-8 is a letter like any other, as ever.
    text: decoded.encoding === 'utf-8' ? decoded.text : withoutBom(decoded.text),
    ...(note !== undefined && { note }),
    put: (text) => inEncoding(decoded, markedAs(decoded, text)),
    putWhole: (text) =>
      isNotebook(path) && !isJson(text)
        ? { ok: false, why: 'a notebook has to be JSON, or cells ("%%% cell new code")' }
        : inEncoding(decoded, inFormOf(decoded.text, text)),
  };
}

const BOM = '\uFEFF';

const markedAs = ({ text: former, encoding }: Decoded, text: string): string =>
  encoding !== 'utf-8' && former.startsWith(BOM) ? BOM + text : text;

function noteOf({ encoding, isGuess }: Decoded): string | undefined {
  if (encoding === 'utf-8') return undefined;
  return isGuess && encoding === 'windows-1252'
    ? 'It is not UTF-8; it is shown as Latin-1, which is a guess. Edits keep its bytes and take plain letters only.'
    : `It is ${encoding.toUpperCase()}. Edits keep it so.`;
}

function inEncoding({ text: former, encoding, isGuess }: Decoded, text: string): Written {
  const fresh = isGuess ? strange(text).find((letter) => !former.includes(letter)) : undefined;
  const bytes = fresh === undefined ? encode(text, encoding) : undefined;
  if (bytes) return { ok: true, bytes, notes: [] };
  const why =
    fresh === undefined
      ? `the file is ${encoding}, which cannot hold all of the new text`
      : `the file's encoding is not known for sure, so "${fresh}" cannot be written into it: use letters that it has, or ASCII`;
  return { ok: false, why };
}

const strange = (text: string): readonly string[] => [...new Set(text.match(/[^\x00-\x7f]/gu) ?? [])];

const CELLS_NOTE =
  'A notebook, shown by its cells, each after a line "%%% cell ID code" (or markdown, raw). Edit what stands here; "%%% cell new code" begins a new cell. Outputs are not shown, and those of a changed code cell are cleared.';

function byCell(decoded: Decoded, text: string): Editable {
  return {
    kind: 'text',
    text,
    note: CELLS_NOTE,
    put: (now) => inCells(decoded, now),
    putWhole: (now) => {
      if (isCellText(now)) return inCells(decoded, now);
      return isJson(now)
        ? inEncoding(decoded, inFormOf(decoded.text, now))
        : { ok: false, why: 'a notebook has to be JSON, or cells as read_file shows them' };
    },
  };
}

function inCells(decoded: Decoded, text: string): Written {
  const edited = withNotebookText(decoded.text, text);
  if (!edited.ok) return edited;
  const written = inEncoding(decoded, edited.json);
  return written.ok ? { ...written, notes: edited.notes } : written;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(withoutBom(text));
    return true;
  } catch {
    return false;
  }
}
