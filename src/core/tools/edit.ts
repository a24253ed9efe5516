/** Tools that change files of the working copy. All or nothing per call; the person's tree is never touched (I5). */
import * as z from 'zod';
import { applyEdits, type TextEdit } from '../changes/edits.ts';
import { unifiedDiff } from '../changes/unified-diff.ts';
import { patchPaths, patchTouches } from '../changes/patch-paths.ts';
import { applyPatch, type PatchChange } from '../changes/patch.ts';
import { clip, defineTool, error, ok, type Observation, type ToolWorld } from './contract.ts';
import { newFile, readEditable, type Editable, type Written } from './editable.ts';
import { stale, type Seen } from './readings.ts';
import { unreadable } from './text-files.ts';

const PATH = z.string().min(1).max(1000);
/** How much of the resulting diff a model is shown. */
const DIFF_CHARS = 4000;

export const editFile = defineTool({
  name: 'edit_file',
  description:
    'Replace exact pieces of an existing file. Each old_text must occur once (or set replace_all); all edits apply or none.',
  args: z.object({
    path: PATH,
    edits: z
      .array(z.object({ old_text: z.string(), new_text: z.string(), replace_all: z.boolean().optional() }))
      .min(1)
      .max(100),
  }),
  effect: 'edit',
  title: ({ path }) => `Edit ${path}`,
  subject: ({ path }) => ({ paths: [path] }),
  run: async ({ path, edits }, world) => {
    const read = await readEditable(world.files, world.place.root, path);
    const creates = read.kind === 'missing' && edits.every((each) => each.old_text === '');
    if (read.kind !== 'text' && !creates) return error(unreadable(path, read));
    const before = read.kind === 'text' ? read.text : '';
    const changed = read.kind === 'text' ? stale(path, before, world) : undefined;
    if (changed !== undefined) return error(changed);
    const result = applyEdits(before, edits.map(toEdit));
    if (!result.ok) return error(result.error.message);
    const written = formed(path, read, result.text);
    if (!written.ok) return error(notWritten(path, written.why));
    await world.files.write(world.place.root, path, written.bytes);
    const told = [`Edited ${path}.`, ...result.notes, ...written.notes, shownDiff(path, before, result.text)];
    return { ...ok(told.join('\n')), seen: await seenNow(world, [path]) };
  },
});

/** An edited text in the form of the file that it is of. */
const formed = (path: string, read: Editable, text: string): Written =>
  read.kind === 'text' ? read.put(text) : newFile(path, text);

const notWritten = (path: string, why: string): string => `${path}: ${why}.\nNothing was changed.`;

/** The files as they read now, to an agent that wrote them. */
async function seenNow({ files, place, hash }: ToolWorld, paths: Iterable<string>): Promise<Seen> {
  const seen: [string, string | null][] = [];
  for (const path of paths) {
    const read = await readEditable(files, place.root, path);
    seen.push([path, read.kind === 'text' ? hash(read.text) : null]);
  }
  return Object.fromEntries(seen);
}

function toEdit({
  replace_all,
  ...edit
}: {
  old_text: string;
  new_text: string;
  replace_all?: boolean | undefined;
}): TextEdit {
  return replace_all === undefined ? edit : { ...edit, replace_all };
}

function shownDiff(path: string, before: string, after: string): string {
  return unifiedDiff(path, before, after, { maxChars: DIFF_CHARS });
}

export const writeFile = defineTool({
  name: 'write_file',
  description: 'Write a whole file, new or existing. For small changes use edit_file.',
  args: z.object({ path: PATH, content: z.string().max(2_000_000) }),
  effect: 'edit',
  title: ({ path }) => `Write ${path}`,
  subject: ({ path }) => ({ paths: [path] }),
  run: async ({ path, content }, world) => {
    const { files, place } = world;
    const stat = await files.stat(place.root, path);
    if (stat?.kind === 'folder') return error(`${path} is a folder.`);
    const read = await readEditable(files, place.root, path);
    const changed = read.kind === 'text' ? stale(path, read.text, world) : undefined;
    if (changed !== undefined) return error(changed);
    const written = read.kind === 'text' ? read.putWhole(content) : newFile(path, content);
    if (!written.ok) return error(notWritten(path, written.why));
    await files.write(place.root, path, written.bytes);
    const done = `${stat ? 'Replaced' : 'Created'} ${path} (${String(content.split('\n').length)} lines).`;
    return { ...ok([done, ...written.notes].join('\n')), seen: await seenNow(world, [path]) };
  },
});

export const deleteFile = defineTool({
  name: 'delete_file',
  description: 'Delete a file.',
  args: z.object({ path: PATH }),
  effect: 'edit',
  title: ({ path }) => `Delete ${path}`,
  subject: ({ path }) => ({ paths: [path] }),
  run: async ({ path }, world) => {
    const { files, place } = world;
    const stat = await files.stat(place.root, path);
    if (stat?.kind !== 'file')
      return error(stat ? `${path} is a folder.` : unreadable(path, { kind: 'missing' }));
    const changed = await changedSince(path, world);
    if (changed !== undefined) return error(changed);
    await files.remove(place.root, path);
    return { ...ok(`Deleted ${path}.`), seen: { [path]: null } };
  },
});

export const moveFile = defineTool({
  name: 'move_file',
  description: 'Move or rename a file. The target must not exist.',
  args: z.object({ from: PATH, to: PATH }),
  effect: 'edit',
  title: ({ from, to }) => `Move ${from} to ${to}`,
  subject: ({ from, to }) => ({ paths: [from, to] }),
  run: async ({ from, to }, world) => {
    const { files, place } = world;
    const stat = await files.stat(place.root, from);
    if (stat?.kind !== 'file')
      return error(stat ? `${from} is a folder.` : unreadable(from, { kind: 'missing' }));
    if (await files.stat(place.root, to)) return error(`${to} exists already.`);
    const changed = await changedSince(from, world);
    if (changed !== undefined) return error(changed);
    await files.move(place.root, from, to);
    const known = world.readings.of(from);
    return { ...ok(`Moved ${from} to ${to}.`), seen: { [from]: null, [to]: known ?? null } };
  },
});

async function changedSince(path: string, world: ToolWorld): Promise<string | undefined> {
  if (world.readings.of(path) === undefined) return undefined;
  const read = await readEditable(world.files, world.place.root, path);
  return read.kind === 'text' ? stale(path, read.text, world) : undefined;
}

export const applyPatchTool = defineTool({
  name: 'apply_patch',
  description:
    'Apply a patch in the "*** Begin Patch" format: "*** Add File: p", "*** Update File: p" (hunks after "@@", lines with " ", "-", "+"; optional "*** Move to: q"), "*** Delete File: p", "*** End Patch".',
  args: z.object({ patch: z.string().min(1).max(1_000_000) }),
  effect: 'edit',
  title: ({ patch }) => `Patch ${patchPaths(patch).slice(0, 3).join(', ')}`,
  subject: ({ patch }) => ({ paths: patchPaths(patch) }),
  run: ({ patch }, world) => patchFiles(patch, world),
});

async function patchFiles(patch: string, world: ToolWorld): Promise<Observation> {
  const { files, place, limits } = world;
  const read = new Map<string, Editable>();
  for (const { path, action } of patchTouches(patch)) {
    const file = await readEditable(files, place.root, path);
    if (file.kind === 'binary' && action !== 'delete') return error(unreadable(path, file));
    const changed = file.kind === 'text' ? stale(path, file.text, world) : undefined;
    if (changed !== undefined) return error(changed);
    read.set(path, file);
  }
  const textOf = (path: string): string | undefined => {
    const file = read.get(path);
    if (file === undefined || file.kind === 'missing') return undefined;
    return file.kind === 'text' ? file.text : '';
  };
  const result = applyPatch(textOf, patch);
  if (!result.ok) return error(result.error.message);
  const written = allWritten(result.changes, read);
  if (!written.ok) return error(written.why);
  const moved = new Set(await moveFirst(result.changes, read, world));
  for (const path of result.texts.keys()) {
    const bytes = written.files.get(path);
    if (bytes) await files.write(place.root, path, bytes);
    else if (!moved.has(path)) await files.remove(place.root, path);
  }
  const shown = [...result.texts].map(([path, text]) => shownDiff(path, textOf(path) ?? '', text ?? ''));
  const names = [...result.texts.keys()].join(', ');
  const told = [`Patched ${names}.`, ...result.notes, ...written.notes, ...shown].join('\n');
  return { ...ok(clip(told, limits.observationChars)), seen: await seenNow(world, result.texts.keys()) };
}

type AllWritten =
  | {
      readonly ok: true;
      readonly files: ReadonlyMap<string, Uint8Array>;
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly why: string };

/** The bytes of every file that a patch leaves, before the first is written: all of it can be, or nothing is. */
function allWritten(changes: readonly PatchChange[], read: ReadonlyMap<string, Editable>): AllWritten {
  const files = new Map<string, Uint8Array>();
  const notes: string[] = [];
  for (const change of changes) {
    if (change.kind === 'delete') continue;
    const former = read.get(change.kind === 'move' ? change.from : change.path) ?? MISSING;
    const written = formed(change.path, former, change.text);
    if (!written.ok) return { ok: false, why: notWritten(change.path, written.why) };
    files.set(change.path, written.bytes);
    notes.push(...written.notes.map((note) => `${change.path}: ${note}`));
  }
  return { ok: true, files, notes };
}

const MISSING: Editable = { kind: 'missing' };

/** Moves are made as moves, so that the file's mode goes along, but for files that change places. Gives the paths that were moved from. */
async function moveFirst(
  changes: readonly PatchChange[],
  read: ReadonlyMap<string, Editable>,
  { files, place }: ToolWorld,
): Promise<readonly string[]> {
  const moves = changes.flatMap((change) =>
    change.kind === 'move' && (read.get(change.path)?.kind ?? 'missing') === 'missing' ? [change] : [],
  );
  for (const { from, path } of moves) await files.move(place.root, from, path);
  return moves.map(({ from }) => from);
}
