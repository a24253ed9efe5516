/**
 * `next`, with every part that equals its counterpart in `previous` replaced by that counterpart. What did not change
 * keeps its identity, so views that compare by identity are left alone. Plain data only.
 */
export function keep<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next;
  if (typeof previous !== 'object' || typeof next !== 'object' || previous === null || next === null)
    return next;
  if (Array.isArray(next)) return keepList(previous, next) as T;
  return Array.isArray(previous) ? next : (keepRecord(previous as Fields, next as Fields) as T);
}

type Fields = Readonly<Record<string, unknown>>;

function keepList(previous: unknown, next: readonly unknown[]): readonly unknown[] {
  if (!Array.isArray(previous)) return next;
  const old = previous as readonly unknown[];
  const merged = next.map((item, index) => keep(old[index], item));
  const same = old.length === merged.length && merged.every((item, index) => Object.is(item, old[index]));
  return same ? old : merged;
}

function keepRecord(previous: Fields, next: Fields): Fields {
  const names = Object.keys(next);
  const merged = Object.fromEntries(names.map((name) => [name, keep(previous[name], next[name])]));
  const same =
    names.length === Object.keys(previous).length &&
    names.every((name) => name in previous && Object.is(merged[name], previous[name]));
  return same ? previous : merged;
}
