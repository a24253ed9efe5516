/** File scopes of tasks: which paths a task may write, and whether two tasks could write the same. Pure. */
import picomatch from 'picomatch';
import type { TaskSpec } from '../../protocol/plan.ts';
import { writes } from './graph.ts';

/** The globs a task may write: all for a writing role without a scope, none for a reading role. */
export function scopeOf(task: TaskSpec): readonly string[] {
  return writes(task.role) ? (task.files ?? ['**']) : [];
}

/** True where `path` lies in the scope. A glob that names a folder covers what is below it. */
export function inScope(path: string, scope: readonly string[]): boolean {
  return scope.some((glob) => picomatch.isMatch(path, [glob, `${trimmed(glob)}/**`], { dot: true }));
}

/**
 * True where two scopes may hold a path in common. Judged by the parts of the globs before their first wildcard, so it errs
 * towards yes: two tasks that could meet do not run together.
 */
export function overlaps(a: readonly string[], b: readonly string[]): boolean {
  return a.some((left) => b.some((right) => globsMeet(left, right)));
}

function globsMeet(left: string, right: string): boolean {
  const [a, b] = [picomatch.scan(left), picomatch.scan(right)];
  if (!a.isGlob && !b.isGlob)
    return isWithin(trimmed(left), trimmed(right)) || isWithin(trimmed(right), trimmed(left));
  if (!a.isGlob) return inScope(trimmed(left), [right]) || isWithin(fixedPart(right), trimmed(left));
  if (!b.isGlob) return inScope(trimmed(right), [left]) || isWithin(fixedPart(left), trimmed(right));
  return isWithin(fixedPart(left), fixedPart(right)) || isWithin(fixedPart(right), fixedPart(left));
}

function fixedPart(glob: string): string {
  return trimmed(picomatch.scan(glob).base);
}

function trimmed(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/+$/, '');
}

function isWithin(path: string, folder: string): boolean {
  return folder === '' || folder === '.' || path === folder || path.startsWith(`${folder}/`);
}
