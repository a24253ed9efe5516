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
  };
}

/** However the model spelled it. */
function nameOf(path: string): string {
  const confined = confine(path);
  return confined.ok ? confined.path : path;
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
