/** A change as lines that stay, go and come, and what it becomes at the place where it is applied. */
import { lineChanges } from './line-diff.ts';
import { overlooksIndent, type Tolerance } from './line-match.ts';
import { reindentRule, type LinePair, type Reindent } from './reindent.ts';
import { spliceText, type Shaped, type Splice } from './text-form.ts';

/** One line of a change, without its end. " " stays, "-" goes, "+" comes. */
export interface LineOp {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
  /** The text has no newline after this line: it is the last one. */
  readonly open?: true;
}

/** Lines [start, end) of a file, counted from 0, and the lines that take their place. */
export interface LineRun {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** The lines that a change expects to find. */
export const oldSide = (ops: readonly LineOp[]): string[] =>
  ops.filter((op) => op.sign !== '+').map((op) => op.text);

/** The change from one list of lines to another. */
export function opsBetween(before: readonly string[], after: readonly string[]): readonly LineOp[] {
  const ops: LineOp[] = [];
  const put = (sign: LineOp['sign'], lines: readonly string[]) => {
    for (const text of lines) ops.push({ sign, text });
  };
  let at = 0;
  for (const change of lineChanges(before, after)) {
    put(' ', before.slice(at, change.oldStart));
    put('-', before.slice(change.oldStart, change.oldEnd));
    put('+', after.slice(change.newStart, change.newEnd));
    at = change.oldEnd;
  }
  put(' ', before.slice(at));
  return ops;
}

/**
 * What a change does at `start`: only the lines that it removes are replaced, so that lines that stay keep the file's own
 * spelling. Where indentation was overlooked, added lines are moved; `undefined` where no rule tells how.
 */
export function runsAt(
  lines: readonly string[],
  ops: readonly LineOp[],
  start: number,
  tolerance: Tolerance,
): readonly LineRun[] | undefined {
  const move = overlooksIndent(tolerance) ? reindentFor(lines, ops, start) : (line: string) => line;
  const runs: { start: number; end: number; lines: string[] }[] = [];
  let at = start;
  let run: (typeof runs)[number] | undefined;
  for (const op of ops) {
    if (op.sign === ' ') {
      run = undefined;
      at++;
      continue;
    }
    if (!run) {
      run = { start: at, end: at, lines: [] };
      runs.push(run);
    }
    if (op.sign === '-') run.end = ++at;
    else {
      const moved = move?.(op.text);
      if (moved === undefined) return undefined;
      run.lines.push(moved);
    }
  }
  return runs;
}

/**
 * The rule that explains all old lines. Where none does, but every removed line stands as written, only unchanged lines were
 * written carelessly: added lines are taken as written too.
 */
function reindentFor(lines: readonly string[], ops: readonly LineOp[], start: number): Reindent | undefined {
  const old = ops.filter((op) => op.sign !== '+');
  const rule = reindentRule(old.map((op, at): LinePair => [op.text, lines[start + at] ?? '']));
  if (rule) return rule;
  const removed = old.flatMap((op, at) => (op.sign === '-' ? [[op.text, lines[start + at]] as const] : []));
  const asWritten = removed.length > 0 && removed.every(([text, line]) => text.trimEnd() === line?.trimEnd());
  return asWritten ? (line) => line : undefined;
}

/** Replaces whole lines. `runs` are sorted and apart; `closed` says whether the result ends with a newline (as before unless told). */
export function replaceLines(shaped: Shaped, runs: readonly LineRun[], closed?: boolean): Shaped {
  const wasClosed = shaped.lf === '' || shaped.lf.endsWith('\n');
  const whole = wasClosed ? shaped : withFinalNewline(shaped);
  const starts = lineStarts(whole.lf);
  const startOf = (line: number): number => starts[line] ?? whole.lf.length;
  const splices = runs.map((run): Splice => ({
    start: startOf(run.start),
    end: startOf(run.end),
    text: run.lines.map((line) => `${line}\n`).join(''),
  }));
  const result = spliceText(whole, splices);
  return (closed ?? wasClosed) || result.lf === '' ? result : withoutFinalNewline(result);
}

function lineStarts(lf: string): number[] {
  const starts = [0];
  for (let at = lf.indexOf('\n'); at >= 0; at = lf.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

const withFinalNewline = (shaped: Shaped): Shaped => {
  const at = shaped.lf.length;
  return spliceText(shaped, [{ start: at, end: at, text: '\n' }]);
};

const withoutFinalNewline = (shaped: Shaped): Shaped => {
  const at = shaped.lf.length;
  return spliceText(shaped, [{ start: at - 1, end: at, text: '' }]);
};
