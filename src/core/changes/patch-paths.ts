/** What a patch would touch, told before anything is applied. */
import { parsePatch } from './parse-patch.ts';
import { cleanPath, MARKS, type PatchSection } from './patch-grammar.ts';
import { toLf } from './text-form.ts';

/** One path that a patch would touch, and how. */
export interface PatchTouch {
  readonly path: string;
  readonly action: 'add' | 'update' | 'delete' | 'move_from' | 'move_to';
}

/** Every path that `applyPatch` would read, write, make or remove, in order, once for each way. A patch that cannot be read is searched for headers. */
export function patchTouches(patch: string): readonly PatchTouch[] {
  const parsed = parsePatch(patch);
  const touches = parsed.ok ? parsed.sections.flatMap(touchesOf) : touchesByHeaders(patch);
  const unique = new Map(touches.map((touch) => [`${touch.action} ${touch.path}`, touch]));
  return [...unique.values()];
}

/** The paths of `patchTouches`, each once. */
export const patchPaths = (patch: string): readonly string[] => [
  ...new Set(patchTouches(patch).map(({ path }) => path)),
];

function touchesOf(section: PatchSection): PatchTouch[] {
  const { action, path } = section;
  if (action !== 'update' || section.moveTo === undefined || section.moveTo === path)
    return [{ path, action }];
  return [
    { path, action: 'move_from' },
    { path: section.moveTo, action: 'move_to' },
  ];
}

function touchesByHeaders(patch: string): PatchTouch[] {
  return toLf(patch)
    .split('\n')
    .flatMap((line): PatchTouch[] => {
      const [, action, named] = MARKS.header.exec(line.trim()) ?? [];
      const target = MARKS.move.exec(line.trim())?.[1];
      const path = cleanPath(named ?? target ?? '');
      if (path === '') return [];
      return [
        { path, action: (action?.toLowerCase() as 'add' | 'update' | 'delete' | undefined) ?? 'move_to' },
      ];
    });
}
