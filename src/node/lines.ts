/** How searches match, whoever runs them: patterns, globs, order of paths. */
import picomatch from 'picomatch';
import { PortError, type TextQuery } from '../core/ports.ts';

/** A matcher of lines. Case counts, unless the pattern begins with `(?i)`. Errors: `search.pattern`. */
export function lineMatcher(query: Pick<TextQuery, 'query' | 'regex'>): (line: string) => boolean {
  if (!query.regex) return (line) => line.includes(query.query);
  const loose = query.query.startsWith('(?i)');
  try {
    const pattern = new RegExp(loose ? query.query.slice(4) : query.query, loose ? 'iu' : 'u');
    return (line) => pattern.test(line);
  } catch (cause) {
    throw patternError(query.query, cause);
  }
}

export function patternError(query: string, cause: unknown): PortError {
  return new PortError('search.pattern', `"${query}" is not a valid regular expression.`, {
    cause,
    advice: 'Correct it, or search for plain text.',
  });
}

/**
 * A glob as people write them: without "/" it is matched against names at any depth; with one against the whole path.
 * A glob without wildcards names a file or a folder with everything in it. A leading "!" negates.
 */
export function globMatcher(glob: string | undefined): (path: string) => boolean {
  if (glob === undefined || glob === '') return () => true;
  if (glob.startsWith('!')) {
    const inner = globMatcher(glob.slice(1));
    return (path) => !inner(path);
  }
  const plain = glob.replace(/^\.?\/+/u, '').replace(/\/+$/u, '');
  if (!/[*?[\]{}()!+@]/u.test(plain)) {
    const deep = plain.includes('/');
    return (path) =>
      path === plain || path.startsWith(`${plain}/`) || (!deep && `/${path}/`.includes(`/${plain}/`));
  }
  const matches = picomatch(plain, { dot: true, basename: !plain.includes('/') });
  return (path) => matches(path);
}

/** Folder by folder, names by code unit: the order in which a tree is walked. */
export function comparePaths(a: string, b: string): number {
  const left = a.replaceAll('/', '\u0000');
  const right = b.replaceAll('/', '\u0000');
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Folders that no search looks into: version control, and what installers fill. */
export const UNSEARCHED: ReadonlySet<string> = new Set([
  '.git',
  'node_modules',
  '.venv',
  'venv',
  '__pycache__',
]);

/** Longest file that is searched, in bytes. */
export const SEARCHED_BYTES_MAX = 8 * 1024 * 1024;

/** A folder to search in as a prefix of paths: "" is the whole root. */
export function folderPrefix(folder: string | undefined): string {
  const plain = (folder ?? '').replace(/^(\.?\/)+|\/+$/gu, '').replace(/^\.$/u, '');
  return plain === '' ? '' : `${plain}/`;
}

/** Longest part of a line that a hit carries, in characters. */
export const HIT_CHARS_MAX = 1000;

/** The lines of a text that match, 1-based. A text with a NUL is not text and matches nothing. */
export function matchingLines(
  text: string,
  matches: (line: string) => boolean,
): { readonly line: number; readonly text: string }[] {
  if (text.includes('\u0000')) return [];
  const found: { line: number; text: string }[] = [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [index, raw] of lines.entries()) {
    const line = raw.replace(/\r$/u, '');
    if (matches(line)) found.push({ line: index + 1, text: line.slice(0, HIT_CHARS_MAX) });
  }
  return found;
}
