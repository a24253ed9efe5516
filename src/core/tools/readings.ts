/**
 * What an agent has read, and how it read then: an edit of a file that has changed since, by a command, a merge or anybody else, is
 * refused until it is read again. Filled from finished steps, so a replay knows the same.
 */
import { confine } from '../policy/paths.ts';

/** Hashes of texts by path; null where the file went away. */
export type Seen = Readonly<Record<string, string | null>>;

export interface Readings {
  /** Takes in what a finished call read or left. */
  note(seen: Seen | undefined): void;
  /** Undefined where the agent has not read the file. */
  of(path: string): string | undefined;
  /** Files that it knows and that a text names, in the order of the text. */
  namedIn(text: string): readonly string[];
}

export function createReadings(): Readings {
  const hashes = new Map<string, string>();
  return {
    note(seen = {}) {
      for (const [path, hash] of Object.entries(seen)) {
        if (hash === null) hashes.delete(nameOf(path));
        else hashes.set(nameOf(path), hash);
      }
    },
    of: (path) => hashes.get(nameOf(path)),
    namedIn: (text) =>
      [...hashes.keys()]
        .map((path) => ({ path, at: placeOf(path, text) }))
        .filter(({ at }) => at >= 0)
        .sort((one, other) => one.at - other.at)
        .map(({ path }) => path),
  };
}

/** Signs that a path goes on with. */
const PATH_SIGN = /[\p{L}\p{N}_\-/]/u;

/** Where a text names a path, whole; -1 where it does not. `a.ts` is not named by `src/a.ts` nor by `a.tsx`. */
function placeOf(path: string, text: string): number {
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
    const before =
      text
        .slice(Math.max(0, at - 3), at)
        .replace(/(?<![\w./])\.\/$/u, '')
        .at(-1) ?? ' ';
    const after = text.slice(at + path.length, at + path.length + 2);
    const goesOn = PATH_SIGN.test(after[0] ?? ' ') || (after.startsWith('.') && /\w/u.test(after[1] ?? ' '));
    if (!PATH_SIGN.test(before) && !goesOn) return at;
  }
  return -1;
}

/** However the model spelled it. */
function nameOf(path: string): string {
  const confined = confine(path);
  return confined.ok ? confined.path : path;
}

/** Files that one message is said to be about. */
const FILES_MAX = 3;

/** The header of a message that names files which its author knows. The host tells that, not the model (I7). */
export function fileHeader(text: string, readings: Pick<Readings, 'namedIn'>): { readonly file?: string } {
  const files = readings.namedIn(text).slice(0, FILES_MAX);
  return files.length === 0 ? {} : { file: files.join(', ') };
}

/** Why text that is not as the agent knows it must not be edited; undefined where it is. */
export function stale(
  path: string,
  text: string,
  { readings, hash }: { readonly readings: Pick<Readings, 'of'>; readonly hash: (text: string) => string },
): string | undefined {
  const known = readings.of(path);
  if (known === undefined || known === hash(text)) return undefined;
  return `${path} has changed since you read it: a command, a merge or somebody else wrote it. Nothing was edited. Read it again, then edit what stands there now.`;
}
