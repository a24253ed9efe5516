/** Carries lines written with one indentation over to a place that is indented differently. */

/** Moves one line; `undefined` where it cannot be told how. */
export type Reindent = (line: string) => string | undefined;

/** A line as it was written, and as it stands in the file. */
export type LinePair = readonly [written: string, actual: string];

/**
 * The rule that turns the indentation of the written lines into the actual one for every pair, or `undefined` if no single
 * rule does: the same, some more, some less, or other units (tabs for blanks, four blanks for two).
 */
export function reindentRule(pairs: readonly LinePair[]): Reindent | undefined {
  const indents = pairs
    .filter(([written]) => written.trim() !== '')
    .map(([written, actual]): LinePair => [indentOf(written), indentOf(actual)]);
  const rule = moreRule(indents) ?? lessRule(indents) ?? unitRule(indents);
  if (!rule) return undefined;
  return (line) => {
    if (line.trim() === '') return line;
    const indent = indentOf(line);
    const moved = rule(indent);
    return moved === undefined ? undefined : moved + line.slice(indent.length);
  };
}

const indentOf = (line: string): string => /^[ \t]*/u.exec(line)?.[0] ?? '';

type Rule = (indent: string) => string | undefined;

function moreRule(indents: readonly LinePair[]): Rule | undefined {
  const [first] = indents;
  if (!first) return (indent) => indent;
  const [written, actual] = first;
  if (!actual.endsWith(written)) return undefined;
  const more = actual.slice(0, actual.length - written.length);
  return indents.every(([one, other]) => other === more + one) ? (indent) => more + indent : undefined;
}

function lessRule(indents: readonly LinePair[]): Rule | undefined {
  const [first] = indents;
  if (!first) return undefined;
  const [written, actual] = first;
  if (!written.endsWith(actual)) return undefined;
  const less = written.slice(0, written.length - actual.length);
  if (!indents.every(([one, other]) => one === less + other)) return undefined;
  return (indent) => (indent.startsWith(less) ? indent.slice(less.length) : undefined);
}

const UNITS = ['\t', '  ', '    ', '   ', '        '] as const;

/** Other units, on the same level if that explains the pairs, else some levels up or down. */
function unitRule(indents: readonly LinePair[]): Rule | undefined {
  const rules = UNITS.flatMap((from) =>
    UNITS.filter((to) => to !== from).flatMap((to) => {
      const shift = levelShift(indents, from, to);
      return shift === undefined ? [] : [{ from, to, shift }];
    }),
  );
  const best = rules.find((rule) => rule.shift === 0) ?? rules[0];
  if (!best) return undefined;
  return (indent) => {
    const level = levelOf(indent, best.from);
    return level === undefined || level + best.shift < 0 ? undefined : best.to.repeat(level + best.shift);
  };
}

/** How many levels deeper the actual lines are, if it is the same number for all. */
function levelShift(indents: readonly LinePair[], from: string, to: string): number | undefined {
  const shifts = indents.map(([written, actual]) => {
    const [one, other] = [levelOf(written, from), levelOf(actual, to)];
    return one === undefined || other === undefined ? undefined : other - one;
  });
  return shifts.every((shift) => shift === shifts[0]) ? shifts[0] : undefined;
}

function levelOf(indent: string, unit: string): number | undefined {
  const level = indent.length / unit.length;
  return Number.isInteger(level) && indent === unit.repeat(level) ? level : undefined;
}
