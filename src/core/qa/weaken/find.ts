/**
 * Tests that a change made weaker, found from the texts of test files before and after: tests that say less, can no longer fail, do
 * not run, or expect something else. Pure, and conservative: what the text does not show is not claimed. Whether a finding blocks
 * is the gate's to say.
 */
import { changedLines } from './changed-lines.ts';
import { isSnapshot, languageOf } from './languages.ts';
import type { Language } from './languages.ts';

export type WeakeningKind =
  | 'fewerAssertions'
  | 'trivial'
  | 'tolerance'
  | 'focus'
  | 'skip'
  | 'commentedOut'
  | 'snapshot'
  | 'expectedValue'
  | 'swallowed';

export interface Weakening {
  readonly kind: WeakeningKind;
  readonly path: string;
  /** One-based, in the text after the change. */
  readonly line: number;
  /** One whole sentence for people and models. */
  readonly reason: string;
  /** The test it is in, where the text tells. */
  readonly test?: string;
}

/** Findings per file; what a file holds beyond them says nothing new. */
const FOUND_MAX = 20;
const QUOTED_CHARS = 120;

/** Texts are `undefined` where the file is absent. A file that is gone is told by its tests being gone. */
export function findWeakened(
  path: string,
  before: string | undefined,
  after: string | undefined,
): readonly Weakening[] {
  if (after === undefined || before === after) return [];
  if (isSnapshot(path)) return before === undefined ? [] : changedSnapshot(path, before, after);
  const language = languageOf(path);
  if (language === undefined) return [];
  const its = comparisonOf({ path, language, before: before ?? '', after });
  const found = RULES.flatMap((rule) => rule(its));
  return found.slice(0, FOUND_MAX);
}

/** One line of a text, with the test that it stands in. */
interface Line {
  readonly at: number;
  readonly text: string;
  /** Without comments. */
  readonly code: string;
  readonly test: string | undefined;
}

interface Change {
  readonly removed: readonly Line[];
  readonly added: readonly Line[];
}

interface Compared {
  readonly path: string;
  readonly language: Language;
  readonly before: readonly Line[];
  readonly after: readonly Line[];
  readonly changes: readonly Change[];
}

type Rule = (its: Compared) => readonly Weakening[];

function comparisonOf({
  path,
  language,
  before,
  after,
}: {
  readonly path: string;
  readonly language: Language;
  readonly before: string;
  readonly after: string;
}): Compared {
  const [was, now] = [linesOf(before, language), linesOf(after, language)];
  const changes = changedLines(
    was.map((line) => line.text.trim()),
    now.map((line) => line.text.trim()),
  ).map((change) => ({
    removed: was.slice(change.before.start, change.before.end),
    added: now.slice(change.after.start, change.after.end),
  }));
  return { path, language, before: was, after: now, changes };
}

/** What marks a function as a test stands so close above it. */
const MARK_LINES = 3;

function linesOf(text: string, language: Language): readonly Line[] {
  let test: string | undefined;
  let inComment = false;
  const lines = text.split(/\r?\n/);
  const marked = (at: number): boolean =>
    language.mark === undefined ||
    lines.slice(Math.max(0, at - MARK_LINES), at + 1).some((line) => language.mark?.test(line));
  return lines.map((line, at) => {
    const code = inComment ? '' : codeOf(line, language.comment);
    if (/^\s*(\/\*|"""|=begin)/.test(line) && !/\*\/|""".*"""/.test(line)) inComment = true;
    if (/\*\/|^=end/.test(line) || (inComment && /"""\s*$/.test(line) && !/^\s*"""/.test(line)))
      inComment = false;
    const name = headerOf(code, language);
    if (name !== undefined) test = marked(at) ? name : undefined;
    return { at: at + 1, text: line, code, test };
  });
}

function headerOf(code: string, { header }: Language): string | undefined {
  const groups = header.exec(code)?.groups;
  return groups?.['name'] ?? groups?.['method'] ?? groups?.['title'];
}

/** A comment's beginning inside quotes is none. */
function codeOf(line: string, comment: string): string {
  const start = line.trimStart();
  if (start.startsWith(comment) || start.startsWith('*') || start.startsWith('/*')) return '';
  const at = line.lastIndexOf(` ${comment} `);
  const before = at < 0 ? line : line.slice(0, at);
  return (before.match(/["'`]/g)?.length ?? 0) % 2 === 0 ? before : line;
}

const fewerAssertions: Rule = ({ path, language, before, after }) => {
  const [was, now] = [countsOf(before, language), countsOf(after, language)];
  return [...was].flatMap(([test, { count }]) => {
    const left = now.get(test);
    if (left === undefined || left.count >= count) return [];
    const reason = `The test "${test}" asserts less: ${left.count} of ${count} assertions are left.`;
    return [{ kind: 'fewerAssertions' as const, path, line: left.at, reason, test }];
  });
};

interface Count {
  readonly at: number;
  count: number;
}

/** Assertions per test; a name that comes twice is one. */
function countsOf(lines: readonly Line[], { assertion }: Language): ReadonlyMap<string, Count> {
  const counts = new Map<string, Count>();
  for (const { at, code, test } of lines) {
    if (test === undefined) continue;
    const its = counts.get(test) ?? { at, count: 0 };
    its.count += code.match(new RegExp(assertion, 'g'))?.length ?? 0;
    counts.set(test, its);
  }
  return counts;
}

/** A rule about what stands in added lines and did not stand in the removed ones. */
function newly(
  kind: WeakeningKind,
  pattern: (language: Language) => RegExp | undefined,
  what: string,
  matters: (line: Line, its: Compared) => boolean = () => true,
): Rule {
  return (its) => {
    const { path, language, changes } = its;
    const sign = pattern(language);
    if (sign === undefined) return [];
    const removed = new Map<string, number>();
    for (const line of changes.flatMap((change) => change.removed)) {
      const found = sign.exec(line.code)?.[0];
      if (found !== undefined) removed.set(found, (removed.get(found) ?? 0) + 1);
    }
    return changes
      .flatMap((change) => change.added)
      .flatMap((line) => {
        const found = sign.exec(line.code)?.[0];
        if (found === undefined) return [];
        const had = removed.get(found) ?? 0;
        removed.set(found, had - 1);
        return had > 0 || !matters(line, its) ? [] : [weakening(kind, path, line, what)];
      });
  };
}

function inTest(line: Line): boolean {
  return line.test !== undefined;
}

function beforeAssertions(line: Line, { after, language }: Compared): boolean {
  return (
    inTest(line) &&
    after.some((each) => each.at > line.at && each.test === line.test && language.assertion.test(each.code))
  );
}

function weakening(kind: WeakeningKind, path: string, line: Line, what: string): Weakening {
  const quoted = line.text.trim().slice(0, QUOTED_CHARS);
  return {
    kind,
    path,
    line: line.at,
    reason: `${what}: ${quoted}`,
    ...(line.test === undefined ? {} : { test: line.test }),
  };
}

/** Code of a test that is now a comment. */
const commentedOut: Rule = ({ path, language, changes }) =>
  changes.flatMap(({ removed, added }) => {
    const matters = removed.filter(
      ({ code }) => language.assertion.test(code) || headerOf(code, language) !== undefined,
    );
    return matters.flatMap((line) => {
      const text = line.text.trim();
      const now = added.find((each) => each.code.trim() === '' && each.text.includes(text));
      return now === undefined
        ? []
        : [weakening('commentedOut', path, now, 'A part of a test is commented out')];
    });
  });

const NUMBER = /(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.])/gi;
const VALUE = new RegExp(
  String.raw`"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\`(?:\\.|[^\`\\])*\`|\b(?:true|false|True|False|null|None|nil|undefined)\b|${NUMBER.source}`,
  'gi',
);
/** Words near which a number says how exact a comparison is. In the first kind more digits are more exact. */
const DIGITS = /\btoBeCloseTo\b|\bassert(?:Not)?AlmostEquals?\b|\bplaces\s*=|\bprecision\b|\bdigits\b/i;
const MARGIN =
  /\b(?:delta|tolerance|epsilon|abs|rel|atol|rtol|threshold|margin|maxDiffPixels\w*|within|be_within|closeTo|approx\w*|InDelta|InEpsilon)\b|assertEquals\([^,]+,[^,]+,[^,]+\)/i;

/** An assertion of which only values changed: it expects something else, or is less exact. */
const otherValues: Rule = ({ path, language, changes }) =>
  changes.flatMap(({ removed, added }) =>
    added.flatMap((line) => {
      if (!language.assertion.test(line.code)) return [];
      const frame = line.code.trim().replace(VALUE, '…');
      const was = removed.find(
        (each) => each.code.trim() !== line.code.trim() && each.code.trim().replace(VALUE, '…') === frame,
      );
      return was === undefined ? [] : [valueFinding(path, was, line) ?? []].flat();
    }),
  );

function valueFinding(path: string, was: Line, now: Line): Weakening | undefined {
  const exact = DIGITS.test(now.code);
  if (!exact && !MARGIN.test(now.code))
    return weakening('expectedValue', path, now, `A test expects something else than ${quotedIn(was)}`);
  const last = (line: Line): number => Number([...line.code.matchAll(NUMBER)].at(-1)?.[0]);
  const [before, after] = [last(was), last(now)];
  if (before === after)
    return weakening('expectedValue', path, now, `A test expects something else than ${quotedIn(was)}`);
  const wider = exact ? after < before : after > before;
  return wider
    ? weakening('tolerance', path, now, `A comparison is less exact than ${quotedIn(was)}`)
    : undefined;
}

function quotedIn(line: Line): string {
  return `"${line.text.trim().slice(0, QUOTED_CHARS)}"`;
}

const SWALLOWS =
  /\bcatch\s*(?:\([^)]*\))?\s*\{\s*\}|\.catch\(\s*\(?\w*\)?\s*=>\s*\{?\s*\}?\s*\)|^\s*except\b[^:]*:\s*pass\b|\bcontextlib\.suppress\(|\brescue\s*(?:=>\s*\w+)?\s*(?:nil)?\s*$|\|\|\s*true\b/;
const LEAVES = /^\s*return;?\s*$|\b(?:process\.exit|os\._exit|sys\.exit|exit!|System\.exit)\s*\(/;

const RULES: readonly Rule[] = [
  newly('focus', ({ focus }) => focus, 'Only this test runs now, and no other of its file'),
  newly('skip', ({ skip }) => skip, 'A test is kept from running'),
  newly('trivial', ({ trivial }) => trivial, 'An assertion cannot fail'),
  newly('swallowed', () => SWALLOWS, 'A failure is swallowed', inTest),
  newly('swallowed', () => LEAVES, 'A test is left before its end', beforeAssertions),
  commentedOut,
  otherValues,
  fewerAssertions,
];

function changedSnapshot(path: string, before: string, after: string): readonly Weakening[] {
  const change = changedLines(before.split('\n'), after.split('\n')).find(
    (each) => each.before.end > each.before.start,
  );
  if (change === undefined) return [];
  const reason = `A recorded result that tests compare with was changed (${path.split('/').at(-1) ?? path}).`;
  return [{ kind: 'snapshot', path, line: change.after.start + 1, reason }];
}
