/** Changed texts, and what is found in them. */

/** A file before and after; `undefined` where it is not there. */
export interface TextChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** `ignored`: files or rules are left out. `suppression`: a comment or attribute. `script`, `ci`: what is run demands less. */
export type LooseningKind = 'rule' | 'ignored' | 'suppression' | 'threshold' | 'script' | 'ci';

export interface Loosening {
  readonly kind: LooseningKind;
  readonly path: string;
  /** One-based, in the text after the change. */
  readonly line: number;
  /** One whole sentence for people and models. */
  readonly reason: string;
  /** What the rule, option or command is called. */
  readonly rule: string;
}

/** What is installed, built, made by programs, or only data for tests. */
const NOT_OWN =
  /(^|\/)(fixtures|__fixtures__|testdata|node_modules|vendor|third_party|dist|generated|__generated__)\/|\.min\.\w+$|\.pb\.go$|_pb2\.pyi?$|\.g\.dart$|\.test-d\.ts$|\.d\.ts$/;

export function isOwn(path: string): boolean {
  return !NOT_OWN.test(path);
}

/** Larger texts are data. */
export const TEXT_CHARS_MAX = 1_000_000;

/** A configuration is never so long, nor a line of it. */
export const CONFIG_CHARS_MAX = 200_000;
export const LINE_CHARS_MAX = 2000;

/** One-based; the first line that holds one of the words, the most telling first. 1 where none does. */
export function lineOf(text: string | undefined, words: readonly string[]): number {
  const lines = text?.split('\n') ?? [];
  for (const word of words) {
    const at = word === '' ? -1 : lines.findIndex((line) => line.includes(word));
    if (at >= 0) return at + 1;
  }
  return 1;
}
