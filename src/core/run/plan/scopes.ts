/** File scopes of tasks: what a task may write, and whether two tasks could write the same. Pure. */
import picomatch from 'picomatch';
import type { TaskSpec } from '../../../protocol/plan.ts';
import { mayWrite } from '../../tools/scope.ts';
import type { RoleRegistry } from '../../team/registry.ts';

/** The globs a task may write: all for a writing role without a scope, none for a reading role. */
export function scopeOf(task: TaskSpec, roles: Pick<RoleRegistry, 'writes'>): readonly string[] {
  return roles.writes(task.role) ? (task.files ?? ['**']) : [];
}

/**
 * True where two scopes may hold a path in common. Judged by the parts of the globs before their first wildcard, so it errs
 * towards yes: two tasks that could meet do not run together.
 */
export function overlaps(a: readonly string[], b: readonly string[]): boolean {
  return a.some((left) => b.some((right) => globsMeet(left, right)));
}

/** True where whatever a glob may name lies in the scope. It errs towards no. */
export function covers(scope: readonly string[], glob: string): boolean {
  return scope.some((allowed) => holdsAll(allowed, glob));
}

function holdsAll(allowed: string, glob: string): boolean {
  if (trimmed(allowed) === trimmed(glob) || allowed === '**') return true;
  const { isGlob } = picomatch.scan(allowed);
  if (!isGlob) return isWithin(fixedPart(glob), trimmed(allowed));
  if (/^[^*?[\](){}!]*\/\*\*(?:\/\*)?$/u.test(allowed)) return isWithin(fixedPart(glob), fixedPart(allowed));
  // As text, `*` is a letter like others, so a glob is matched by what matches all that it may name; but `**` is more than one part.
  return !glob.includes('**') && mayWrite(trimmed(glob), [allowed]);
}

function globsMeet(left: string, right: string): boolean {
  const [a, b] = [picomatch.scan(left), picomatch.scan(right)];
  if (!a.isGlob && !b.isGlob)
    return isWithin(trimmed(left), trimmed(right)) || isWithin(trimmed(right), trimmed(left));
  if (!a.isGlob) return mayWrite(trimmed(left), [right]) || isWithin(fixedPart(right), trimmed(left));
  if (!b.isGlob) return mayWrite(trimmed(right), [left]) || isWithin(fixedPart(left), trimmed(right));
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
