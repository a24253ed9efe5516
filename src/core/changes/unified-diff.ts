/** The unified diff of one file, for models and people to read. */
import { lineChanges, type LineChange } from './line-diff.ts';
import { looksBinary, splitLines } from './text-form.ts';

export interface UnifiedDiffOptions {
  /** Longest result in characters; whole lines are left out, and the last line says how many. */
  readonly maxChars?: number;
  /** Unchanged lines around each change; 3 unless told. */
  readonly context?: number;
  /** Former path of a renamed file. */
  readonly oldPath?: string;
}

/** Longest line shown where the result is limited, in characters. */
const LINE_CHARS_MAX = 1000;

/** The unified diff between two texts of a file; `undefined` where the file is absent. Equal texts without a rename give "". */
export function unifiedDiff(
  path: string,
  oldText: string | undefined,
  newText: string | undefined,
  options: UnifiedDiffOptions = {},
): string {
  const oldPath = options.oldPath ?? path;
  const renamed = oldPath === path ? [] : [`rename from ${oldPath}\n`, `rename to ${path}\n`];
  if (oldText === newText) return renamed.join('');
  const names = [
    `--- ${oldText === undefined ? '/dev/null' : `a/${oldPath}`}\n`,
    `+++ ${newText === undefined ? '/dev/null' : `b/${path}`}\n`,
  ];
  const [before, after] = [oldText ?? '', newText ?? ''];
  const body =
    looksBinary(before) || looksBinary(after)
      ? [`Binary contents differ (${before.length} and ${after.length} characters)\n`]
      : bodyOf(splitLines(before), splitLines(after), options.context ?? 3);
  return limited([...renamed, ...names, ...body], options.maxChars);
}

function bodyOf(before: readonly string[], after: readonly string[], context: number): string[] {
  return grouped(lineChanges(before, after), context).flatMap((group) => {
    const first = group[0];
    const last = group.at(-1);
    if (!first || !last) return [];
    const head = Math.min(context, first.oldStart);
    const tail = Math.min(context, before.length - last.oldEnd);
    const old = range(first.oldStart - head, last.oldEnd + tail);
    const now = range(first.newStart - head, last.newEnd + tail);
    const lines: string[] = [`@@ -${old} +${now} @@\n`];
    const show = (sign: string, from: readonly string[], start: number, end: number) => {
      for (const line of from.slice(start, end)) lines.push(whole(sign + line));
    };
    let at = first.oldStart - head;
    for (const change of group) {
      show(' ', before, at, change.oldStart);
      show('-', before, change.oldStart, change.oldEnd);
      show('+', after, change.newStart, change.newEnd);
      at = change.oldEnd;
    }
    show(' ', before, at, last.oldEnd + tail);
    return lines;
  });
}

/** Changes whose contexts meet stand under one header. */
function grouped(changes: readonly LineChange[], context: number): readonly (readonly LineChange[])[] {
  const groups: LineChange[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && change.oldStart - last.oldEnd <= 2 * context) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

/** "start,count" as diff counts: from 1, and an empty range stands after the line that it names. */
const range = (start: number, end: number): string =>
  end - start === 1 ? String(start + 1) : `${end === start ? start : start + 1},${end - start}`;

const whole = (line: string): string =>
  line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`;

function limited(lines: readonly string[], maxChars: number | undefined): string {
  const all = lines.join('');
  if (maxChars === undefined || all.length <= maxChars) return all;
  const kept: string[] = [];
  let room = maxChars - 60;
  for (const line of lines) {
    const shown =
      line.length > LINE_CHARS_MAX
        ? `${line.slice(0, LINE_CHARS_MAX)}… [${line.length - LINE_CHARS_MAX} more characters]\n`
        : line;
    if (shown.length > room) break;
    room -= shown.length;
    kept.push(shown);
  }
  const left = lines.length - kept.length;
  return left === 0 ? kept.join('') : `${kept.join('')}[diff cut: ${left} more lines]\n`;
}
