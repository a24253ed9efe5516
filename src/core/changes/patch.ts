/** Applies patches to texts: all of a patch or nothing. */
import { replaceLines, runsAt, type LineRun } from './line-ops.ts';
import { OVERLOOKED } from './line-match.ts';
import { excerpt, type Excerpt } from './nearest.ts';
import { parsePatch } from './parse-patch.ts';
import type { PatchHunk, PatchSection, PatchSyntaxCode } from './patch-grammar.ts';
import { placeHunk, type NotPlaced, type Placed } from './place-hunk.ts';
import { linesOf, looksBinary, shape, unshape } from './text-form.ts';

/** Texts by path; `undefined` where there is no file. */
export type PatchFiles = ReadonlyMap<string, string | undefined> | ((path: string) => string | undefined);

/** What became of one file. `from` is the former path of a moved one. */
export type PatchChange =
  | { readonly kind: 'add' | 'update'; readonly path: string; readonly text: string }
  | { readonly kind: 'delete'; readonly path: string }
  | { readonly kind: 'move'; readonly path: string; readonly from: string; readonly text: string };

export type PatchErrorCode =
  | PatchSyntaxCode
  | NotPlaced['code']
  | 'exists'
  | 'missing'
  | 'no_change'
  | 'binary'
  | 'indentation'
  | 'would_empty';

/** Why a patch was not applied. `line` is the line of the patch, from 1; `nearest` shows the file. */
export interface PatchError {
  readonly code: PatchErrorCode;
  readonly message: string;
  readonly path?: string;
  readonly line?: number;
  readonly nearest?: Excerpt;
}

/** `texts` holds every path that changes, `undefined` where the file goes away; `changes` tells the same as a story. */
export type PatchResult =
  | {
      readonly ok: true;
      readonly texts: ReadonlyMap<string, string | undefined>;
      readonly changes: readonly PatchChange[];
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly error: PatchError };

/**
 * Applies a patch in the `*** Begin Patch` format. Sections are taken in order, each on what the ones before have made. Line
 * ends, byte order mark and final newline of updated files stay as they were. Paths are used as written (`patchPaths` tells
 * them before): whether they may be touched is for the caller to decide.
 */
export function applyPatch(files: PatchFiles, patch: string): PatchResult {
  const parsed = parsePatch(patch);
  if (!parsed.ok) return { ok: false, error: parsed.error };
  const read = typeof files === 'function' ? files : (path: string) => files.get(path);
  const draft: Draft = { read, texts: new Map(), origins: new Map(), notes: [] };
  for (const section of parsed.sections) {
    const error = applySection(draft, section);
    if (error) return { ok: false, error: { ...error, message: `${error.message}\nNothing was changed.` } };
  }
  const changes = changesOf(draft);
  if (changes.length === 0) {
    return { ok: false, error: { code: 'no_change', message: 'the patch leaves every file as it is' } };
  }
  return { ok: true, texts: textsOf(changes), changes, notes: draft.notes };
}

/** The files as they are after the sections so far. */
interface Draft {
  readonly read: (path: string) => string | undefined;
  readonly texts: Map<string, string | undefined>;
  /** Of a moved file, the path that it had before the patch. */
  readonly origins: Map<string, string>;
  readonly notes: string[];
}

const current = (draft: Draft, path: string): string | undefined =>
  draft.texts.has(path) ? draft.texts.get(path) : draft.read(path);

function applySection(draft: Draft, section: PatchSection): PatchError | undefined {
  const { path, line } = section;
  const text = current(draft, path);
  if (section.action === 'add') {
    const error = occupied(draft, path, line, 'update it, or delete it first');
    if (!error) draft.texts.set(path, section.text);
    return error;
  }
  if (text === undefined) {
    const hint = section.action === 'update' ? '; to make it, use "*** Add File: …"' : '';
    return { code: 'missing', message: `${path} does not exist${hint}`, path, line };
  }
  if (section.action === 'update') return applyUpdate(draft, section, text);
  if (section.expects && !consistsOf(text, section.expects)) {
    const message = `${path} is not as the patch expects it: read it again, or use "*** Delete File: …"`;
    return { code: 'context_missing', message, path, line };
  }
  draft.texts.set(path, undefined);
  draft.origins.delete(path);
  return undefined;
}

const consistsOf = (text: string, expected: readonly string[]): boolean => {
  const lines = linesOf(shape(text).lf);
  return (
    lines.length === expected.length && lines.every((line, at) => line.trimEnd() === expected[at]?.trimEnd())
  );
};

/** An error if a file is there already, or where the path needs a folder. */
function occupied(draft: Draft, path: string, line: number, advice: string): PatchError | undefined {
  const names = path.split('/');
  const above = names.slice(1).map((_, at) => names.slice(0, at + 1).join('/'));
  const file = [path, ...above].find((one) => one !== '' && current(draft, one) !== undefined);
  if (file === undefined) return undefined;
  const message =
    file === path ? `${path} exists already: ${advice}` : `${file} is a file, so ${path} cannot be made`;
  return { code: 'exists', message, path, line };
}

function applyUpdate(
  draft: Draft,
  section: Extract<PatchSection, { action: 'update' }>,
  text: string,
): PatchError | undefined {
  const { path, line, moveTo = path } = section;
  const updated = section.hunks.length === 0 ? { text, notes: [] } : updateText(text, section.hunks);
  if ('code' in updated) return { ...updated, message: `${path}: ${updated.message}`, path };
  if (moveTo === path && updated.text === text) {
    return { code: 'no_change', message: `the update of ${path} changes nothing`, path, line };
  }
  draft.notes.push(...updated.notes.map((note) => `${path}: ${note}`));
  if (moveTo === path) {
    draft.texts.set(path, updated.text);
    return undefined;
  }
  const error = occupied(draft, moveTo, line, 'a file cannot be moved onto another');
  if (error) return error;
  draft.texts.set(moveTo, updated.text).set(path, undefined);
  draft.origins.set(moveTo, draft.origins.get(path) ?? path);
  draft.origins.delete(path);
  return undefined;
}

interface Updated {
  readonly text: string;
  readonly notes: readonly string[];
}

function updateText(text: string, hunks: readonly PatchHunk[]): Updated | PatchError {
  if (looksBinary(text)) return { code: 'binary', message: 'the file is not text; it cannot be patched' };
  const shaped = shape(text);
  const lines = linesOf(shaped.lf);
  const taken: Placed[] = [];
  const runs: LineRun[] = [];
  const notes: string[] = [];
  let closed: boolean | undefined;
  for (const hunk of hunks) {
    const placed = placeHunk(lines, hunk, taken);
    if (!placed.ok) return hunkError(hunk, placed);
    const made = runsAt(lines, placed.ops, placed.start, placed.tolerance);
    if (!made) return indentationError(hunk, lines, placed);
    taken.push(placed);
    runs.push(...made);
    notes.push(...notesOf(placed, lines));
    if (placed.end === lines.length) closed = closedBy(placed) ?? closed;
  }
  runs.sort((one, other) => one.start - other.start || one.end - other.end);
  const result = replaceLines(shaped, runs, closed);
  if (result.lf === '' && shaped.lf !== '' && taken.some(({ tolerance }) => tolerance !== 'exact')) {
    const message =
      'the patch would empty the file, and its lines do not match exactly: delete the file instead';
    return { code: 'would_empty', message };
  }
  return { text: unshape(result), notes };
}

/** Whether the text ends with a newline after a hunk at its end, if the hunk says so. */
function closedBy({ ops }: Placed): boolean | undefined {
  if (ops.findLast((op) => op.sign !== '-')?.open) return false;
  return ops.findLast((op) => op.sign !== '+')?.open ? true : undefined;
}

const hunkError = (hunk: PatchHunk, { code, why, nearest }: NotPlaced): PatchError => ({
  code,
  message: `the hunk at line ${hunk.line} of the patch: ${why}${nearest ? `\n${nearest.text}` : ''}`,
  line: hunk.line,
  ...(nearest && { nearest }),
});

const indentationError = (hunk: PatchHunk, lines: readonly string[], { start, end }: Placed): PatchError => {
  const nearest = excerpt(lines, start, end - start);
  const message =
    `the hunk at line ${hunk.line} of the patch is indented differently from the file, and the added lines cannot be ` +
    `carried over: copy the text as it stands\n${nearest.text}`;
  return { code: 'indentation', message, line: hunk.line, nearest };
};

function notesOf({ start, end, tolerance, note }: Placed, lines: readonly string[]): string[] {
  const here = excerpt(lines, start, end - start);
  const notes = note === undefined ? [] : [`a hunk was found at line ${start + 1}: ${note}`];
  if (tolerance === 'exact') return notes;
  return [
    ...notes,
    `matched lines ${here.startLine}-${here.endLine} although ${OVERLOOKED[tolerance]}:\n${here.text}`,
  ];
}

/** The difference between the files before and after, in the order in which paths were first touched. */
function changesOf({ texts, origins, read }: Draft): readonly PatchChange[] {
  const moved = new Set(
    [...origins].filter(([, from]) => texts.get(from) === undefined).map(([, from]) => from),
  );
  return [...texts].flatMap(([path, text]): PatchChange[] => {
    const before = read(path);
    if (text === undefined) return before === undefined || moved.has(path) ? [] : [{ kind: 'delete', path }];
    const from = origins.get(path);
    if (from !== undefined && from !== path && moved.has(from)) return [{ kind: 'move', path, from, text }];
    if (before === text) return [];
    return [{ kind: before === undefined ? 'add' : 'update', path, text }];
  });
}

function textsOf(changes: readonly PatchChange[]): ReadonlyMap<string, string | undefined> {
  const texts = new Map<string, string | undefined>();
  for (const change of changes) {
    if (change.kind === 'move') texts.set(change.from, undefined);
    texts.set(change.path, change.kind === 'delete' ? undefined : change.text);
  }
  return texts;
}
