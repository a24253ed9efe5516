/** Finds report files whose names only the runner knows. */

/** Folders below a root that are looked into, and how deep. */
const FOLDERS_MAX = 5000;
const DEPTH_MAX = 12;
const SKIPPED = new Set(['node_modules', '.git', '.venv', 'venv']);

/**
 * Paths below a root that fit a pattern: `*` stands for any part of a name, `**` for any number of folders. Sorted.
 * `names` lists a folder, folders with a trailing "/"; `undefined` where there is none.
 */
export async function findReports(
  pattern: string,
  names: (folder: string) => Promise<readonly string[] | undefined>,
): Promise<readonly string[]> {
  const fits = patternOf(pattern);
  const found: string[] = [];
  const waiting: { readonly folder: string; readonly depth: number }[] = [{ folder: '', depth: 0 }];
  for (let looked = 0; looked < FOLDERS_MAX; looked++) {
    const next = waiting.shift();
    if (next === undefined) break;
    for (const name of (await names(next.folder)) ?? []) {
      const path = next.folder === '' ? name : `${next.folder}/${name}`;
      const isFolder = name.endsWith('/');
      if (!isFolder && fits.test(path)) found.push(path);
      if (isFolder && !SKIPPED.has(name.slice(0, -1)) && next.depth < DEPTH_MAX && pattern.includes('/'))
        waiting.push({ folder: path.slice(0, -1), depth: next.depth + 1 });
    }
  }
  return found.sort();
}

function patternOf(pattern: string): RegExp {
  const parts = pattern.split('/').map((part) => {
    if (part === '**') return '(?:[^/]+/)*';
    return `${part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}/`;
  });
  return new RegExp(`^${parts.join('').replace(/\/$/, '')}$`);
}
