/** The form of a text apart from its words: byte order mark, line ends, final newline. Edits work on words and keep the form. */

/** What ends a line. A lone carriage return is a character like any other, as git sees it. */
export type LineEnd = '\n' | '\r\n';

const BOM = '\uFEFF';

/** A text taken apart: `lf` has no byte order mark and only "\n"; `ends` says what each of its "\n" was. */
export interface Shaped {
  readonly bom: boolean;
  readonly lf: string;
  /** One per "\n" of `lf`, or the one that all share; `undefined` where the text has a single line. */
  readonly ends: LineEnd | readonly LineEnd[] | undefined;
}

/** A replacement in a shaped text: offsets into `lf`, and text with "\n" only. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Takes a text apart; `unshape` is its inverse for every text. */
export function shape(text: string): Shaped {
  const bom = text.startsWith(BOM);
  const body = bom ? text.slice(1) : text;
  return { bom, lf: toLf(body), ends: lineEnds(body) };
}

/** Puts a shaped text together again. */
export function unshape(shaped: Shaped): string {
  const mark = shaped.bom ? BOM : '';
  const { ends, lf } = shaped;
  if (ends === undefined || ends === '\n') return mark + lf;
  if (ends === '\r\n') return mark + toEnd(lf, '\r\n');
  let line = 0;
  return mark + lf.replace(/\n/gu, () => ends[line++] ?? '\n');
}

/** Every line end as "\n". */
export const toLf = (text: string): string => (text.includes('\r') ? text.replaceAll('\r\n', '\n') : text);

/** Every "\n" (of a text without "\r\n") as `end`. */
const toEnd = (lf: string, end: LineEnd): string => (end === '\n' ? lf : lf.replaceAll('\n', '\r\n'));

/** The text without a byte order mark at its beginning. */
export const withoutBom = (text: string): string => (text.startsWith(BOM) ? text.slice(1) : text);

/** Lines with their ends; joined they are the text again. An empty text has none. */
export const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];

/** Lines of an LF text without their ends; a final newline makes no line of its own. */
export function linesOf(lf: string): string[] {
  const lines = lf.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * A new text in the form of an old one: byte order mark and line ends as they were. Where lines ended in different ways, those
 * before and after what changed keep theirs. Without an old line end, the new text keeps its own.
 */
export function inFormOf(oldText: string, newText: string): string {
  const old = shape(oldText);
  const lf = toLf(withoutBom(newText));
  if (old.ends === undefined) return (old.bom ? BOM : '') + withoutBom(newText);
  return unshape(spliceText(old, [changedSpan(old.lf, lf)]));
}

/** Applies replacements, sorted and apart. Line ends of what stays are kept; new ones are like those before them. */
export function spliceText(shaped: Shaped, splices: readonly Splice[]): Shaped {
  const parts: string[] = [];
  const ends: LineEnd[] = [];
  const mixed = Array.isArray(shaped.ends) ? (shaped.ends as readonly LineEnd[]) : undefined;
  let at = 0;
  let line = 0;
  const keep = (until: number) => {
    const kept = shaped.lf.slice(at, until);
    parts.push(kept);
    at = until;
    if (!mixed) return;
    const count = newlines(kept);
    for (const end of mixed.slice(line, line + count)) ends.push(end);
    line += count;
  };
  for (const { start, end, text } of splices) {
    keep(start);
    parts.push(text);
    at = end;
    if (!mixed) continue;
    const removed = shaped.lf.slice(start, end);
    const old = mixed.slice(line, line + newlines(removed));
    const fallback = ends.at(-1) ?? old[0] ?? mixed[line] ?? '\n';
    for (const one of endsOfReplacement(removed, old, text, fallback)) ends.push(one);
    line += old.length;
  }
  keep(shaped.lf.length);
  const lf = parts.join('');
  return {
    bom: shaped.bom,
    lf,
    ends: mixed ? ends : (shaped.ends ?? (lf.includes('\n') ? '\n' : undefined)),
  };
}

/** True where the text is no text: it holds a NUL, or much that a decoder could not read. Looks at the first 8,000 characters, as git does. */
export function looksBinary(text: string): boolean {
  const head = text.slice(0, 8000);
  if (head.includes('\u0000')) return true;
  const unread = head.length - head.replaceAll('\uFFFD', '').length;
  return unread > head.length / 10;
}

function lineEnds(body: string): Shaped['ends'] {
  const ends = (body.match(/\r?\n/gu) ?? []) as LineEnd[];
  const first = ends[0];
  return ends.every((end) => end === first) ? first : ends;
}

/** The one span that differs, whole lines where that is possible. */
function changedSpan(before: string, after: string): Splice {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < most - start && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

/** Ends of the lines of a replacement: equal lines at its beginning and its end keep what they had. */
function endsOfReplacement(
  removed: string,
  old: readonly LineEnd[],
  text: string,
  fallback: LineEnd,
): LineEnd[] {
  const [before, after] = [removed.split('\n'), text.split('\n')];
  const count = after.length - 1;
  if (count === old.length) return [...old];
  const most = Math.min(count, old.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const fresh = Array<LineEnd>(count - head - tail).fill(old[head - 1] ?? fallback);
  return [...old.slice(0, head), ...fresh, ...old.slice(old.length - tail)];
}

const newlines = (text: string): number => text.split('\n').length - 1;
