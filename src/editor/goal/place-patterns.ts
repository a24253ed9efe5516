/** How files are looked for by a part of their path, whatever its case. The editor's patterns tell upper and lower case apart. */

/** The query without what leads to the folder itself. */
export const plainQuery = (query: string): string => query.trim().replace(/^\.?\//u, '');

/** One letter in a pattern, in both cases; a sign that means something in patterns stands as any one sign. */
function signPattern(sign: string): string {
  if (/[*?[\]{}!\\,]/u.test(sign)) return '?';
  const cases = [...new Set([sign, sign.toLowerCase(), sign.toUpperCase()])].filter(
    (each) => Array.from(each).length === 1,
  );
  return cases.length > 1 ? `[${cases.join('')}]` : sign;
}

/** A pattern of what stands together; `loose`: of what has these letters in this order. */
export const pathPattern = (query: string, { loose = false } = {}): string =>
  query === ''
    ? '**/*'
    : `**/*${Array.from(query)
        .map(signPattern)
        .join(loose ? '*' : '')}*`;

/** How well a path fits: by its name before by its folders, short before long. */
export function ranked(paths: readonly string[], query: string): readonly string[] {
  const wanted = query.toLowerCase();
  const rank = (path: string): number => {
    const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
    if (name.startsWith(wanted)) return 0;
    return name.includes(wanted) ? 1 : 2;
  };
  return paths.toSorted(
    (one, other) => rank(one) - rank(other) || one.length - other.length || one.localeCompare(other),
  );
}

/** Whether the path holds the query. */
export const holds = (path: string, query: string): boolean =>
  path.toLowerCase().includes(query.toLowerCase());
