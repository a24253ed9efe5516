/** Edits by example: a text to find and the text to put in its place. */
import { opsBetween, replaceLines, runsAt, type LineRun } from './line-ops.ts';
import { OVERLOOKED, placesOf, TOLERANCES, type Tolerance } from './line-match.ts';
import { excerpt, nearestTo, type Excerpt } from './nearest.ts';
import {
  linesOf,
  looksBinary,
  shape,
  spliceText,
  toLf,
  unshape,
  withoutBom,
  type Shaped,
} from './text-form.ts';

/** One replacement. An empty `old_text` gives an empty or new file its contents. */
export interface TextEdit {
  readonly old_text: string;
  readonly new_text: string;
  /** Replace every occurrence; without it `old_text` has to occur exactly once. */
  readonly replace_all?: boolean;
}

export type EditErrorCode =
  'no_edits' | 'empty_old_text' | 'no_change' | 'not_found' | 'ambiguous' | 'indentation' | 'binary';

/** Why no edit was made. The message names the edit, says what to do, and shows the nearest text with line numbers. */
export interface EditError {
  readonly code: EditErrorCode;
  readonly message: string;
  /** From 0. */
  readonly editIndex: number;
  readonly nearest?: Excerpt;
}

/** `notes` says what a model should know: what was overlooked, where, and how often a text was replaced. */
export type EditsResult =
  | { readonly ok: true; readonly text: string; readonly notes: readonly string[] }
  | { readonly ok: false; readonly error: EditError };

/**
 * Makes all edits, each on the result of the one before, or none. A text is found exactly, else line by line with other blanks
 * at line ends, indentation, blanks, typography, in this order. Line ends, byte order mark and final newline stay as they
 * were, however the edit was written. A file that does not exist is the empty text.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): EditsResult {
  if (edits.length === 0) return failure('no_edits', 'there are no edits', 0);
  if (looksBinary(text)) return failure('binary', 'the file is not text; it cannot be edited', 0);
  let shaped = shape(text);
  const notes: string[] = [];
  for (const [index, edit] of edits.entries()) {
    const done = editOne(shaped, edit);
    if (!done.ok) return failed(done, index, edits.length);
    shaped = done.shaped;
    notes.push(...done.notes.map((note) => `edit ${index + 1}: ${note}`));
  }
  return { ok: true, text: unshape(shaped), notes };
}

interface Made {
  readonly ok: true;
  readonly shaped: Shaped;
  readonly notes: readonly string[];
}
interface NotMade {
  readonly ok: false;
  readonly code: EditErrorCode;
  readonly why: string;
  readonly nearest?: Excerpt | undefined;
}

function failed({ code, why, nearest }: NotMade, index: number, count: number): EditsResult {
  const shown = nearest ? `\n${nearest.text}` : '';
  const which = count === 1 ? '' : `edit ${index + 1} of ${count}: `;
  const message = `${which}${why}${shown}${count === 1 ? '' : '\nNone of the edits was made.'}`;
  return failure(code, message, index, nearest);
}

const failure = (
  code: EditErrorCode,
  message: string,
  editIndex: number,
  nearest?: Excerpt,
): EditsResult => ({
  ok: false,
  error: { code, message, editIndex, ...(nearest && { nearest }) },
});

function editOne(shaped: Shaped, edit: TextEdit): Made | NotMade {
  const [old, now] = [toLf(withoutBom(edit.old_text)), toLf(withoutBom(edit.new_text))];
  if (old === '') return fillEmpty(shaped, edit.new_text);
  if (old === now) return { ok: false, code: 'no_change', why: 'old_text and new_text are the same' };
  const all = edit.replace_all === true;
  const exact = offsetsOf(shaped.lf, old);
  if (exact.length === 0) return replaceAlike(shaped, old, now, all);
  if (exact.length === 1 && startsInIndent(shaped.lf, old, exact[0] ?? 0)) {
    const alike = replaceAlike(shaped, old, now, false);
    if (alike.ok) return alike;
  }
  return replaceExactly(shaped, old, now, { at: exact, all });
}

/** True where the match is exact only because the line is indented more: whole lines are meant, with other indentation. */
function startsInIndent(lf: string, old: string, at: number): boolean {
  const before = at === 0 ? '' : lf.slice(lf.lastIndexOf('\n', at - 1) + 1, at);
  return before !== '' && before.trim() === '' && /^[ \t]/u.test(old);
}

function fillEmpty(shaped: Shaped, text: string): Made | NotMade {
  if (shaped.lf !== '') {
    const why = 'old_text is empty, but the file is not: give the text to be replaced. The file begins with';
    return { ok: false, code: 'empty_old_text', why, nearest: excerpt(linesOf(shaped.lf), 0, 5) };
  }
  if (text === '') return { ok: false, code: 'no_change', why: 'old_text and new_text are both empty' };
  const filled = shape(text);
  return { ok: true, shaped: { ...filled, bom: filled.bom || shaped.bom }, notes: [] };
}

/** Every occurrence, overlapping ones too: those make a text ambiguous as well. */
function offsetsOf(text: string, part: string): number[] {
  const offsets: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) offsets.push(at);
  return offsets;
}

function replaceExactly(
  shaped: Shaped,
  old: string,
  now: string,
  found: { readonly at: readonly number[]; readonly all: boolean },
): Made | NotMade {
  if (found.at.length > 1 && !found.all) {
    return ambiguous(linesOf(shaped.lf), lineNumbers(shaped.lf, found.at), linesOf(old).length);
  }
  const notes: string[] = [];
  const starts = apart(found.at, old.length);
  const splices = starts.map((start) => {
    const end = start + old.length;
    if (end < shaped.lf.length || !losesFinalNewline(old, now)) return { start, end, text: now };
    notes.push('the final newline of the file was kept');
    return { start, end, text: `${now}\n` };
  });
  if (starts.length > 1) notes.push(`replaced ${starts.length} occurrences`);
  return { ok: true, shaped: spliceText(shaped, splices), notes };
}

/** Line numbers, from 1, of rising offsets. */
function lineNumbers(lf: string, offsets: readonly number[]): number[] {
  let [line, from] = [1, 0];
  return offsets.map((offset) => {
    line += lf.slice(from, offset).split('\n').length - 1;
    from = offset;
    return line;
  });
}

/** At the end of a file nothing is joined by leaving the newline out, so it was forgotten, unless it is the whole edit. */
const losesFinalNewline = (old: string, now: string): boolean =>
  old.endsWith('\n') && now !== '' && !now.endsWith('\n') && `${now}\n` !== old;

/** Of places of a length, those that do not overlap one before. */
function apart(places: readonly number[], length: number): number[] {
  const kept: number[] = [];
  for (const at of places) if (at >= (kept.at(-1) ?? -Infinity) + length) kept.push(at);
  return kept;
}

const SHOWN_MAX = 10;

function ambiguous(lines: readonly string[], found: readonly number[], count: number): NotMade {
  const distinct = [...new Set(found)];
  const shown = distinct.slice(0, SHOWN_MAX).join(', ') + (distinct.length > SHOWN_MAX ? ', …' : '');
  const why =
    `old_text occurs ${found.length} times (line${distinct.length > 1 ? 's' : ''} ${shown}): ` +
    'add lines around it until it is unique, or set replace_all. The first is';
  return { ok: false, code: 'ambiguous', why, nearest: excerpt(lines, (found[0] ?? 1) - 1, count) };
}

function replaceAlike(shaped: Shaped, old: string, now: string, all: boolean): Made | NotMade {
  const lines = linesOf(shaped.lf);
  const whole = { old: linesOf(old), now: replacementLines(old, now) };
  for (const { old: pattern, now: replacement } of [whole, withoutBlankEdges(whole.old, whole.now)]) {
    if (pattern.every((line) => line.trim() === '')) continue;
    for (const tolerance of TOLERANCES) {
      const places = placesOf(lines, pattern, tolerance);
      if (places.length === 0) continue;
      if (places.length > 1 && !all) {
        return ambiguous(
          lines,
          places.map((at) => at + 1),
          pattern.length,
        );
      }
      return replaceAt(shaped, { lines, pattern, replacement }, apart(places, pattern.length), tolerance);
    }
  }
  return notFound(lines, whole.old);
}

/** The lines of `now` as whole lines in the place of those of `old`. Only "" in the place of whole lines leaves none. */
function replacementLines(old: string, now: string): string[] {
  const lines = now.split('\n');
  if (now.endsWith('\n') || (now === '' && old.endsWith('\n'))) lines.pop();
  return lines;
}

function withoutBlankEdges(old: readonly string[], now: readonly string[]): { old: string[]; now: string[] } {
  const result = { old: [...old], now: [...now] };
  const isBlank = (line: string | undefined) => line?.trim() === '';
  while (isBlank(result.old[0])) {
    result.old.shift();
    if (isBlank(result.now[0])) result.now.shift();
  }
  while (isBlank(result.old.at(-1))) {
    result.old.pop();
    if (isBlank(result.now.at(-1))) result.now.pop();
  }
  return result;
}

interface Alike {
  readonly lines: readonly string[];
  readonly pattern: readonly string[];
  readonly replacement: readonly string[];
}

function replaceAt(
  shaped: Shaped,
  alike: Alike,
  places: readonly number[],
  tolerance: Tolerance,
): Made | NotMade {
  const { lines, pattern } = alike;
  const ops = opsBetween(pattern, alike.replacement);
  const runs: LineRun[] = [];
  const notes: string[] = [];
  for (const start of places) {
    const here = excerpt(lines, start, pattern.length);
    const made = runsAt(lines, ops, start, tolerance);
    if (!made) {
      const why =
        'old_text is indented differently from the file, and new_text cannot be carried over: copy the text as it stands in the file';
      return { ok: false, code: 'indentation', why, nearest: here };
    }
    runs.push(...made);
    notes.push(noteOf(tolerance, here));
  }
  return { ok: true, shaped: replaceLines(shaped, runs), notes };
}

const noteOf = (tolerance: Tolerance, here: Excerpt): string =>
  tolerance === 'exact'
    ? `matched lines ${here.startLine}-${here.endLine} but for blank lines or the newline at their edges:\n${here.text}`
    : `matched lines ${here.startLine}-${here.endLine} although ${OVERLOOKED[tolerance]}:\n${here.text}`;

function notFound(lines: readonly string[], pattern: readonly string[]): NotMade {
  if (lines.length === 0) {
    return {
      ok: false,
      code: 'not_found',
      why: 'the file is empty: leave old_text empty to give it contents',
    };
  }
  const numbered = pattern.every((line) => /^\s*\d+\s*[|:\t→]/u.test(line))
    ? ' (it seems to hold line numbers: leave them out)'
    : '';
  const nearest = nearestTo(lines, pattern);
  const why = nearest
    ? `old_text was not found${numbered}. The nearest text is`
    : `old_text was not found${numbered}, nor anything like it: read the file again`;
  return { ok: false, code: 'not_found', why, nearest };
}
