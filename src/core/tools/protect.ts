/** Whatever a command does: protected files that it changed without leave are put back before anybody builds on them. */
import { protectedPath } from '../policy/protected.ts';
import type { ToolUse } from './use.ts';

/** What a command left. `touched` are paths, `putBack` those that were protected. */
export interface Left {
  readonly tree: string;
  readonly touched: readonly string[];
  readonly putBack: readonly string[];
}

/** Changed paths that are kept in the record. */
const TOUCHED_KEPT = 200;

/** Looks, inside a step, at what changed since the tree before; `guarded`: the person allowed just that. */
export async function protect(use: ToolUse, tree: string, guarded: boolean): Promise<Left> {
  const { copies, place } = use.world;
  const before = place.tree();
  const changed = before === tree ? [] : await copies.diff(before, tree);
  const touched = changed.map(({ path }) => path).slice(0, TOUCHED_KEPT);
  const unasked = guarded ? [] : changed.map(({ path }) => path).filter(isGuarded);
  if (unasked.length === 0) return { tree, touched, putBack: [] };
  const files = new Map<string, Uint8Array | undefined>();
  for (const path of unasked) files.set(path, await copies.read(before, path));
  const clean = await copies.compose(tree, files);
  await place.putBack(clean);
  return { tree: await place.snapshot(), touched, putBack: unasked };
}

/** Lock files change when what they pin is installed, which asks by itself. */
function isGuarded(path: string): boolean {
  const guarded = protectedPath(path);
  return guarded !== undefined && guarded.class !== 'lock';
}
