/** What reports of coverage have in common: lines of files, and whether they ran. */

/** For each line of a source, one-based: `true` it ran, `false` it did not, `undefined` there is nothing to run. */
export type LinesRan = readonly (boolean | undefined)[];

/** How often lines ran, one-based, by file as the report names it. What is not in it is not known. */
export type LineHits = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Lines of C-like languages that say nothing that runs: blank lines, comments, lone brackets. */
const SAYS_NOTHING = /^(\/\/.*|\/\*.*|\*.*|[{}()[\];,]*|else\s*\{?|\}\s*else\s*\{)$/;

export const saysNothing = (line: string): boolean => SAYS_NOTHING.test(line.trim());

/** Collects the hits of a report; of what it tells twice, the most. */
export function countHits(): {
  add(file: string, line: number, hits: number): void;
  readonly all: Map<string, Map<number, number>>;
} {
  const all = new Map<string, Map<number, number>>();
  return {
    all,
    add(file, line, hits) {
      const lines = all.get(file) ?? new Map<number, number>();
      all.set(file, lines);
      lines.set(line, Math.max(hits, lines.get(line) ?? 0));
    },
  };
}

/** Paths below `root` in place of absolute ones; what lies elsewhere goes. */
export function below(root: string, name: string): string | undefined {
  const path = name.replaceAll('\\', '/').replace(/^\.\//, '');
  const folder = `${root.replaceAll('\\', '/').replace(/\/$/, '')}/`;
  if (path.startsWith(folder)) return path.slice(folder.length);
  return path.startsWith('/') || path.startsWith('../') || /^[A-Za-z]:/.test(path) ? undefined : path;
}

/** `undefined` where the text is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
