/**
 * A text with the breaks and escapes taken out by which one value is written in parts: strings put together, lines continued or wrapped,
 * characters as escapes. Each character remembers where it stood, so that what is found in the plain text is replaced in the other.
 */

/** Parts of a string put together; a continued line; a line that is wrapped in the middle of a long word. */
const JOINS =
  /(["'`])[ \t]*(?:\\?\r?\n[ \t]*)?[+.]?[ \t]*(?:\\?\r?\n[ \t]*)?\1|\\\r?\n[ \t]*|(?<=[\w+/-]{30})\r?\n[ \t]*(?=[\w+/-]+={0,2}[ \t"'`,;]*(?:\r?\n|$))/gu;
const ESCAPES =
  /\\u00([0-7][0-9a-f])|\\u\{0{0,4}([0-7][0-9a-f])\}|\\x([0-7][0-9a-f])|%([2-7][0-9a-f])|&#x([0-7][0-9a-f]);|&#(\d{2,3});/giu;

export interface Plain {
  readonly text: string;
  /** Where the character at a place of `text` begins and ends in the text as it was. */
  from(at: number): number;
  to(at: number): number;
}

/** Undefined where there is nothing to take out. */
export function undisguised(original: string): Plain | undefined {
  const cuts = [
    ...[...original.matchAll(JOINS)].map((match) => ({
      from: match.index,
      to: match.index + match[0].length,
      as: '',
    })),
    ...[...original.matchAll(ESCAPES)].map((match) => ({
      from: match.index,
      to: match.index + match[0].length,
      as: charOf(match),
    })),
  ].sort((a, b) => a.from - b.from);
  if (cuts.length === 0) return undefined;
  const parts: string[] = [];
  /** For each piece: its beginning in the plain text and in the original, and whether it stands for one escape. */
  const pieces: { readonly at: number; readonly from: number; readonly escape: number }[] = [];
  let [at, done] = [0, 0];
  const add = (text: string, from: number, escape: number): void => {
    if (text === '') return;
    pieces.push({ at, from, escape });
    parts.push(text);
    at += text.length;
  };
  for (const { from, to, as } of cuts) {
    if (from < done) continue;
    add(original.slice(done, from), done, 0);
    add(as, from, to - from);
    done = to;
  }
  add(original.slice(done), done, 0);
  const piece = (place: number) => pieces[lastAtMost(pieces, place)] ?? { at: 0, from: 0, escape: 0 };
  return {
    text: parts.join(''),
    from: (place) => {
      const { at: begins, from, escape } = piece(place);
      return escape > 0 ? from : from + place - begins;
    },
    to: (place) => {
      const { at: begins, from, escape } = piece(place);
      return escape > 0 ? from + escape : from + place - begins + 1;
    },
  };
}

function charOf(match: RegExpMatchArray): string {
  const groups: readonly (string | undefined)[] = match.slice(1);
  const decimal = groups[5];
  const hex = groups.find((group) => group !== undefined) ?? '';
  const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
  return code >= 32 && code < 127 ? String.fromCharCode(code) : '';
}

function lastAtMost(pieces: readonly { readonly at: number }[], place: number): number {
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((pieces[middle]?.at ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
