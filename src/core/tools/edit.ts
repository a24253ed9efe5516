/** Tools that change files of the working copy. All or nothing per call; the person's tree is never touched (I5). */
import * as z from 'zod';
import { applyEdits, type TextEdit } from '../changes/edits.ts';
import { unifiedDiff } from '../changes/unified-diff.ts';
import { patchPaths, patchTouches } from '../changes/patch-paths.ts';
import { applyPatch, type PatchChange } from '../changes/patch.ts';
import { clip, defineTool, error, ok, type Observation, type ToolWorld } from './contract.ts';
import { readText, unreadable, writeText } from './text-files.ts';

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
  run: async ({ path, edits }, { files, place }) => {
    const read = await readText(files, place.root, path);
    const creates = read.kind === 'missing' && edits.every((each) => each.old_text === '');
    if (read.kind !== 'text' && !creates) return error(unreadable(path, read));
    const before = read.kind === 'text' ? read.text : '';
    const result = applyEdits(before, edits.map(toEdit));
    if (!result.ok) return error(result.error.message);
    await writeText(files, place.root, path, result.text);
    return ok([`Edited ${path}.`, ...result.notes, shownDiff(path, before, result.text)].join('\n'));
  },
});

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
  description: 'Write a whole file, new or existing. For small changes of an existing file use edit_file.',
  args: z.object({ path: PATH, content: z.string().max(2_000_000) }),
  effect: 'edit',
  title: ({ path }) => `Write ${path}`,
  subject: ({ path }) => ({ paths: [path] }),
  run: async ({ path, content }, { files, place }) => {
    const stat = await files.stat(place.root, path);
    if (stat?.kind === 'folder') return error(`${path} is a folder.`);
    await writeText(files, place.root, path, content);
    return ok(`${stat ? 'Replaced' : 'Created'} ${path} (${String(content.split('\n').length)} lines).`);
  },
});

export const deleteFile = defineTool({
  name: 'delete_file',
  description: 'Delete a file.',
  args: z.object({ path: PATH }),
  effect: 'edit',
  title: ({ path }) => `Delete ${path}`,
  subject: ({ path }) => ({ paths: [path] }),
  run: async ({ path }, { files, place }) => {
    const stat = await files.stat(place.root, path);
    if (stat?.kind !== 'file')
      return error(stat ? `${path} is a folder.` : unreadable(path, { kind: 'missing' }));
    await files.remove(place.root, path);
    return ok(`Deleted ${path}.`);
  },
});

export const moveFile = defineTool({
  name: 'move_file',
  description: 'Move or rename a file. The target must not exist.',
  args: z.object({ from: PATH, to: PATH }),
  effect: 'edit',
  title: ({ from, to }) => `Move ${from} to ${to}`,
  subject: ({ from, to }) => ({ paths: [from, to] }),
  run: async ({ from, to }, { files, place }) => {
    const stat = await files.stat(place.root, from);
    if (stat?.kind !== 'file')
      return error(stat ? `${from} is a folder.` : unreadable(from, { kind: 'missing' }));
    if (await files.stat(place.root, to)) return error(`${to} exists already.`);
    await files.move(place.root, from, to);
    return ok(`Moved ${from} to ${to}.`);
  },
});

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
  const { limits } = world;
  const before = new Map<string, string>();
  for (const { path, action } of patchTouches(patch)) {
    const read = await readText(world.files, world.place.root, path);
    if (read.kind === 'binary' && action !== 'delete') return error(unreadable(path, read));
    if (read.kind !== 'missing') before.set(path, read.kind === 'text' ? read.text : '');
  }
  const result = applyPatch(before, patch);
  if (!result.ok) return error(result.error.message);
  const moved = new Set(await moveFirst(result.changes, world));
  const shown: string[] = [];
  for (const [path, text] of result.texts) {
    if (text !== undefined) await writeText(world.files, world.place.root, path, text);
    else if (!moved.has(path)) await world.files.remove(world.place.root, path);
    shown.push(shownDiff(path, before.get(path) ?? '', text ?? ''));
  }
  const names = [...result.texts.keys()].join(', ');
  return ok(clip([`Patched ${names}.`, ...result.notes, ...shown].join('\n'), limits.observationChars));
}

/** Moves are made as moves, so that the file's mode goes along. Gives the paths that were moved from. */
async function moveFirst(
  changes: readonly PatchChange[],
  { files, place }: ToolWorld,
): Promise<readonly string[]> {
  const moves = changes.flatMap((change) => (change.kind === 'move' ? [change] : []));
  for (const { from, path } of moves) await files.move(place.root, from, path);
  return moves.map(({ from }) => from);
}
