/** File scopes of tasks: what a task may write, and whether two tasks could write the same. Pure. */
import picomatch from 'picomatch';
import type { PlanSpec, TaskSpec } from '../../../protocol/plan.ts';
import { ancestorsOf, parentOf, parentsIn } from '../../../protocol/plan-tree.ts';
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

/** Pairs of tasks that are told of at most. */
const NOTES_MAX = 10;

/** Tasks of a valid plan that may write the same files, though neither waits for the other: they never work at the same time. */
export function scopeNotes({ tasks }: PlanSpec, roles: Pick<RoleRegistry, 'writes'>): readonly string[] {
  const parents = parentsIn(tasks);
  const before = beforeEach(tasks);
  const writing = tasks.filter((task) => !parents.has(task.id) && scopeOf(task, roles).length > 0);
  const notes: string[] = [];
  for (const [at, one] of writing.entries())
    for (const other of writing.slice(at + 1)) {
      const isApart =
        before.get(one.id)?.has(other.id) === true || before.get(other.id)?.has(one.id) === true;
      if (notes.length >= NOTES_MAX || isApart || isMate(one, other)) continue;
      if (overlaps(scopeOf(one, roles), scopeOf(other, roles)))
        notes.push(`${one.id} and ${other.id} may write the same files: they never work at the same time.`);
    }
  return notes;
}

const isMate = (one: TaskSpec, other: TaskSpec): boolean =>
  (one.gate !== 'own' && one.gate.with === other.id) || (other.gate !== 'own' && other.gate.with === one.id);

/** All that each task waits for, by its id. A sub-task waits for what the tasks around it wait for, and they for it. */
function beforeEach(tasks: readonly TaskSpec[]): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map(tasks.map((task) => [task.id, task]));
  const before = new Map<string, ReadonlySet<string>>();
  const of = (id: string): ReadonlySet<string> => {
    const found = before.get(id);
    if (found) return found;
    before.set(id, new Set());
    const around = [...ancestorsOf(id), id].flatMap((each) => known.get(each) ?? []);
    const own = around.flatMap(({ depends_on, when }) => [...depends_on, ...(when ? [when.task] : [])]);
    const parts = tasks.filter((task) => parentOf(task.id) === id).map((task) => task.id);
    const all = new Set([...own, ...parts].flatMap((each) => [each, ...of(each)]));
    before.set(id, all);
    return all;
  };
  for (const { id } of tasks) of(id);
  return before;
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
