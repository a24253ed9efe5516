/** The parts of a tree that may be projects of their own. */
import type { FilesView } from '../test-setup.ts';

const FOLDERS_MAX = 400;
const DEPTH_MAX = 3;
/** What is installed, built, or only data for tests is no project. */
const SKIPPED =
  /^(\..*|node_modules|venv|env|dist|out|build|target|vendor|third_party|__pycache__|testdata|__?fixtures?_?_?|fixtures?|examples?|templates?)$/;

export interface Folder {
  /** Relative to the root, which is "". */
  readonly path: string;
  /** Names of its files. */
  readonly files: readonly string[];
}

/** The root and the folders below it, nearest first; bounded, so that what lies deep is not seen. */
export async function foldersIn(view: FilesView): Promise<readonly Folder[]> {
  const found: Folder[] = [];
  let waiting: readonly string[] = [''];
  for (let depth = 0; depth <= DEPTH_MAX && waiting.length > 0; depth++) {
    const next: string[] = [];
    for (const path of waiting.slice(0, FOLDERS_MAX - found.length)) {
      const names = (await view.list?.(path)) ?? [];
      found.push({ path, files: names.filter((name) => !name.endsWith('/')) });
      const inner = names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1));
      next.push(
        ...inner.filter((name) => !SKIPPED.test(name) && isPlain(name)).map((name) => below(path, name)),
      );
    }
    waiting = next;
  }
  return found;
}

/** Names that need no quotes in any shell. */
function isPlain(name: string): boolean {
  return /^[\w@.+-]+$/.test(name);
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The files of a folder, as if it were the root. */
export function within(view: FilesView, folder: string): FilesView {
  if (folder === '') return view;
  return {
    exists: (path) => view.exists(below(folder, path)),
    read: (path) => view.read(below(folder, path)),
    ...(view.list && {
      list: (dir: string) => view.list?.(dir === '' ? folder : below(folder, dir)) ?? none(),
    }),
  };
}

const none = (): Promise<undefined> => Promise.resolve(undefined);

export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** `packages/a` and `../b` are `packages/b`. `undefined` where it leads out of the tree. */
export function joined(folder: string, path: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** Everything that leads from one to another, however far; never itself. */
export function reachable(from: string, next: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const seen = new Set<string>();
  const waiting = [...(next.get(from) ?? [])];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (seen.has(one) || one === from) continue;
    seen.add(one);
    waiting.push(...(next.get(one) ?? []));
  }
  return [...seen].sort();
}

/** What a project runs elsewhere: its continuous integration and its make files. */
const AUTOMATION = [
  'Makefile',
  'GNUmakefile',
  'justfile',
  'Justfile',
  'Taskfile.yml',
  '.gitlab-ci.yml',
  '.pre-commit-config.yaml',
];
const WORKFLOWS = '.github/workflows';

/** What these files say, all of them. */
export async function automationOf(view: FilesView): Promise<string> {
  const workflows = ((await view.list?.(WORKFLOWS)) ?? []).filter((name) => /\.ya?ml$/.test(name));
  const paths = [...AUTOMATION, ...workflows.map((name) => `${WORKFLOWS}/${name}`)];
  return (await Promise.all(paths.map((path) => view.read(path))))
    .filter((text) => text !== undefined)
    .join('\n');
}
