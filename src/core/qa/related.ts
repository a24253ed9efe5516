/** Which tests belong to files: those that are tests, and those that are named after what they test. */
import { isTestFile, languageOf } from './weaken/languages.ts';
import type { Runner, TestResult } from './report.ts';
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
  const found = new Set(byUnit(paths, tests, unit));
  return found.size > FILES_MAX ? [] : [...found].sort();
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

/**
 * The same in names, for runners that are told names: those of tests of these files and of those named after them, and where a file of
 * code is a module with tests in it, that module. Empty where nothing is known to belong.
 */
export function relatedNames(
  runner: Runner,
  paths: readonly string[],
  tests: readonly Pick<TestResult, 'name' | 'file'>[],
): readonly string[] {
  const stems = new Set(paths.map(stemOf));
  const found =
    runner === 'ava' ? byPrefix(stems, tests) : [...modulesOf(paths), ...byFile(paths, stems, tests)];
  const names = new Set(found.filter((name) => !/["$`\\*]/.test(name)));
  return names.size > FILES_MAX ? [] : [...names].sort();
}

/** AVA puts the file before a title, without what makes it a test. */
function byPrefix(stems: ReadonlySet<string>, tests: readonly Pick<TestResult, 'name'>[]): readonly string[] {
  return tests.flatMap(({ name }) => {
    const parts = name.split(' \u203a ');
    return parts.slice(0, -1).some((part) => stems.has(stemOf(part))) ? [parts.at(-1) ?? name] : [];
  });
}

/** Rust's tests of a file of their own are no modules of anything: they are told by their names. */
function byFile(
  paths: readonly string[],
  stems: ReadonlySet<string>,
  tests: readonly Pick<TestResult, 'name' | 'file'>[],
): readonly string[] {
  return tests.flatMap(({ name, file }) => {
    if (file === undefined || /(^|\/)src\//.test(file)) return [];
    return paths.includes(file) || stems.has(stemOf(file)) ? [name.replaceAll(' > ', '::')] : [];
  });
}

/** `src/words/split.rs` is the module `words::split`. The root of a crate is none: nearly all lies in it. */
function modulesOf(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const [, inside] = /(?:^|\/)src\/(?!bin\/)(.+)\.rs$/.exec(path) ?? [];
    const parts = (inside ?? '').split('/').filter((part) => !/^(lib|main|mod|)$/.test(part));
    return parts.length === 0 ? [] : [`${parts.join('::')}::`];
  });
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
  return (await codeIn(view, '')).filter(isTestCode);
}

/** The files of code below each path that is a folder, in its place. */
export async function unfolded(view: FilesView, paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const folder = path.replace(/^\.?\/|\/+$|^\.$/g, '');
    const below = await codeIn(view, folder);
    found.push(...(below.length > 0 ? below : [path]));
  }
  return found;
}

const CODE =
  /\.([cm]?[jt]sx?|vue|svelte|pyi?|go|rs|rb|php|java|kts?|scala|groovy|swift|cs|fs|vb|exs?|c|cc|cpp)$/;

async function codeIn(view: FilesView, top: string): Promise<readonly string[]> {
  const found: string[] = [];
  const waiting: { readonly folder: string; readonly depth: number }[] = [{ folder: top, depth: 0 }];
  for (let looked = 0; looked < FOLDERS_MAX; looked++) {
    const next = waiting.shift();
    if (next === undefined) break;
    const { folder, depth } = next;
    const names = (await view.list?.(folder)) ?? [];
    const paths = names.map((name) => (folder === '' ? name : `${folder}/${name}`));
    found.push(...paths.filter((path) => CODE.test(path)));
    const inner = paths.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
    const worth = inner.filter((path) => depth < DEPTH_MAX && !SKIPPED.test(path.split('/').at(-1) ?? ''));
    waiting.push(...worth.map((path) => ({ folder: path, depth: depth + 1 })));
  }
  return found;
}

const isTestCode = (path: string): boolean =>
  isTestFile(path) && languageOf(path) !== undefined && !/(^|\/)(fixtures?|helpers?|__mocks__)\//.test(path);
