/** What became of plain data, told to somebody who holds it as it was: what stayed is not said again. */

export type Difference =
  /** It is something else. */
  | { readonly to: unknown }
  /** Some of its fields are others or new; those in `gone` are no more. */
  | { readonly of: Readonly<Record<string, Difference>>; readonly gone?: readonly string[] }
  /** All of its rows, in order. */
  | { readonly rows: readonly Rows[] };

type Rows =
  /** So many that stood at `from`, as they were. */
  | { readonly from: number; readonly count: number }
  /** The one that stood at `from`, and what became of it. */
  | { readonly from: number; readonly by: Difference }
  | { readonly put: readonly unknown[] };

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** What became of `former`; undefined: nothing. A field that is undefined counts as one that is not there. */
export function difference(former: unknown, next: unknown): Difference | undefined {
  if (Object.is(former, next)) return undefined;
  if (isList(former) && isList(next)) return ofRows(former, next);
  if (isFields(former) && isFields(next)) return ofFields(former, next);
  return { to: next };
}

function ofFields(former: Fields, next: Fields): Difference | undefined {
  const changed = Object.entries(next).flatMap(([name, value]) => {
    const by = value === undefined ? undefined : difference(own(former, name), value);
    return by ? [[name, by] as const] : [];
  });
  const gone = Object.keys(former).filter(
    (name) => former[name] !== undefined && own(next, name) === undefined,
  );
  if (changed.length + gone.length === 0) return undefined;
  return { of: Object.fromEntries(changed), ...(gone.length > 0 && { gone }) };
}

const own = (fields: Fields, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

function ofRows(former: readonly unknown[], next: readonly unknown[]): Difference | undefined {
  const kept = keptOf(former, next);
  const places = placesOf(former, kept);
  const others = next.slice(kept).map((row): Rows => {
    const from = places.get(nameOf(row))?.shift();
    if (from === undefined) return { put: [row] };
    const by = difference(former[from], row);
    return by ? { from, by } : { from, count: 1 };
  });
  const rows = joined(kept > 0 ? [{ from: 0, count: kept }, ...others] : others);
  const [first] = rows;
  const isSame = rows.length < 2 && former.length === next.length && (!first || 'count' in first);
  return isSame ? undefined : { rows };
}

/** How many rows at the beginning are the very same: of long lists that grow, nearly all. */
function keptOf(former: readonly unknown[], next: readonly unknown[]): number {
  const other = next.findIndex((row, place) => place >= former.length || !Object.is(row, former[place]));
  return other < 0 ? next.length : other;
}

/** Where rows of a name stand, from place `first` on. Names only keep a difference small: those that two rows share are told apart by their order. */
function placesOf(rows: readonly unknown[], first: number): ReadonlyMap<unknown, number[]> {
  const places = new Map<unknown, number[]>();
  for (let place = first; place < rows.length; place += 1) {
    const name = nameOf(rows[place]);
    const known = places.get(name);
    if (known) known.push(place);
    else places.set(name, [place]);
  }
  return places;
}

/** Fields by which a row is found again when others came or went. */
const NAMES = ['id', 'key', 'signal', 'unit', 'name', 'path', 'agent', 'who', 'spec'] as const;

function nameOf(row: unknown): unknown {
  if (!isFields(row)) return isList(row) ? undefined : row;
  const name = NAMES.map((field) => own(row, field)).find((value) => value !== undefined);
  return isFields(name) ? nameOf(name) : name;
}

/** With neighbours told as one. */
function joined(rows: readonly Rows[]): readonly Rows[] {
  const all: Rows[] = [];
  for (const row of rows) {
    const last = all.at(-1);
    if (last && 'put' in last && 'put' in row) all[all.length - 1] = { put: [...last.put, ...row.put] };
    else if (last && 'count' in last && 'count' in row && last.from + last.count === row.from)
      all[all.length - 1] = { from: last.from, count: last.count + row.count };
    else all.push(row);
  }
  return all;
}

/** What `former` became. What stayed keeps its identity. Undefined where this is no difference of it. */
export function changed(former: unknown, by: Difference): unknown {
  if ('to' in by) return by.to;
  if ('rows' in by) return isList(former) ? withRows(former, by.rows) : undefined;
  if (!isFields(former)) return undefined;
  const others = Object.entries(former).filter(([name]) => by.gone?.includes(name) !== true);
  const fields = Object.entries(by.of).map(([name, each]) => [name, changed(own(former, name), each)]);
  if (fields.some(([, value]) => value === undefined)) return undefined;
  return Object.fromEntries([...others, ...fields]);
}

function withRows(former: readonly unknown[], rows: readonly Rows[]): readonly unknown[] | undefined {
  const all = rows.flatMap((row) => {
    if ('put' in row) return row.put;
    if ('by' in row) return [changed(former[row.from], row.by)];
    const kept = former.slice(row.from, row.from + row.count);
    return kept.length === row.count ? kept : [undefined];
  });
  return all.includes(undefined) ? undefined : all;
}

/** Whether it has the shape of a difference. */
export function isDifference(value: unknown): value is Difference {
  if (!isFields(value)) return false;
  const { of, gone = [], rows } = value;
  if (isFields(of)) return isList(gone) && Object.values(of).every(isDifference);
  return 'to' in value || (isList(rows) && rows.every(isRows));
}

const isPlace = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;

const isRows = (row: unknown): row is Rows =>
  isFields(row) &&
  (isList(row['put']) || (isPlace(row['from']) && (isPlace(row['count']) || isDifference(row['by']))));
