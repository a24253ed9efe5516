/** Which tests belong to files: those that are tests, and those that are named after what they test. */
import { isTestFile, languageOf } from './weaken/languages.ts';
import type { FilesView, OnlyCommands } from './test-setup.ts';

/** More files on a command line are no part of the tests any more. */
const FILES_MAX = 100;
/** Folders that are looked into for test files, and how deep. */
const FOLDERS_MAX = 3000;
const DEPTH_MAX = 10;
const SKIPPED = /^(node_modules|\.git|\.venv|venv|dist|out|build|target|vendor|__pycache__)$/;

/** What the runner is given to run what belongs to `paths`; empty where nothing is known to. `tests`: files of tests that there are. */
export function relatedTo(
  paths: readonly string[],
  tests: readonly string[],
  unit: OnlyCommands['unit'],
): readonly string[] {
  const found = byUnit(paths, tests, unit);
  return found.length > FILES_MAX ? [] : [...new Set(found)].sort();
}

function byUnit(
  paths: readonly string[],
  tests: readonly string[],
  unit: OnlyCommands['unit'],
): readonly string[] {
  if (unit === 'related') return paths.filter((path) => /\.[cm]?[jt]sx?$/.test(path));
  if (unit === 'packages')
    return paths
      .filter((path) => path.endsWith('.go'))
      .map((path) => (path.includes('/') ? `./${path.slice(0, path.lastIndexOf('/'))}` : '.'));
  const own = paths.filter((path) => tests.includes(path));
  const stems = new Set(paths.filter((path) => !isTestFile(path)).map(stemOf));
  return [...own, ...tests.filter((path) => stems.has(stemOf(path)))];
}

/** `src/user-name.ts`, `test/user-name.test.ts` and `tests/test_user_name.py` test one thing. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');
  return name
    .replace(/^(tests?|spec)[._-]/i, '')
    .replace(/([._-](tests?|spec|unit|e2e|cy)|Tests?|Spec)$/, '')
    .replaceAll('_', '-')
    .toLowerCase();
}

/** Files of tests in a tree, as far as their names tell. */
export async function testFilesIn(view: FilesView): Promise<readonly string[]> {
  const found: string[] = [];
  const waiting: { readonly folder: string; readonly depth: number }[] = [{ folder: '', depth: 0 }];
  for (let looked = 0; looked < FOLDERS_MAX; looked++) {
    const next = waiting.shift();
    if (next === undefined) break;
    const { folder, depth } = next;
    const names = (await view.list?.(folder)) ?? [];
    const paths = names.map((name) => (folder === '' ? name : `${folder}/${name}`));
    found.push(...paths.filter((path) => !path.endsWith('/') && isTestCode(path)));
    const inner = paths.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
    const worth = inner.filter((path) => depth < DEPTH_MAX && !SKIPPED.test(path.split('/').at(-1) ?? ''));
    waiting.push(...worth.map((path) => ({ folder: path, depth: depth + 1 })));
  }
  return found;
}

const isTestCode = (path: string): boolean =>
  isTestFile(path) && languageOf(path) !== undefined && !/(^|\/)(fixtures?|helpers?|__mocks__)\//.test(path);
