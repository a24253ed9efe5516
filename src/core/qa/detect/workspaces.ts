/** Packages of a monorepo that bring tests: each runs in its own folder, and one that fails does not keep the others from running. */
import { inlined } from './inline.ts';
import { runnersOf } from './script.ts';
import type { FilesView } from '../test-setup.ts';
import type { Scripts } from './inline.ts';

/** Folders of packages; at most so many are looked at. */
const MEMBERS_MAX = 100;
/** Scripts of a root that only hand on to the packages. */
const HANDS_ON =
  /\b(turbo|nx|lerna|rush|ultra|wsrun|wireit)\b|--workspaces\b|\s-ws\b|\bpnpm (-r|--recursive|recursive|--filter)\b|\byarn workspaces\b|--filter\b/;
const NO_TESTS = /no test specified/;

export interface Members {
  /** One line for a shell. */
  readonly line: string;
  /** Folders that bring tests. */
  readonly folders: readonly string[];
  /** Some of them run no runner that we know. */
  readonly partly: boolean;
}

/** True where a script of the root runs those of the packages. */
export function handsOn(script: string): boolean {
  return HANDS_ON.test(script);
}

/** `undefined` where no package brings a test script. `workspaces`: the field of package.json. */
export async function memberTests(
  view: FilesView,
  workspaces: unknown,
  exec: string,
): Promise<Members | undefined> {
  const parts: { readonly folder: string; readonly line: string }[] = [];
  for (const folder of await memberFolders(view, workspaces)) {
    const scripts = await scriptsOf(view, folder);
    const text = scripts['test'];
    if (text === undefined || NO_TESTS.test(text) || handsOn(text)) continue;
    const own = scripts['pretest'] === undefined ? text : `${scripts['pretest']} && ${text}`;
    parts.push({ folder, line: inlined(own, scripts, exec) });
  }
  if (parts.length === 0) return undefined;
  const runs = parts.map(({ folder, line }) => `(cd "${folder}" && ${line}) || failed=1`);
  return {
    line: `failed=0; ${runs.join('; ')}; exit $failed`,
    folders: parts.map(({ folder }) => folder),
    partly: parts.some(({ line }) => runnersOf(line).length === 0),
  };
}

/** Folders of packages, as package.json and pnpm name them. Some may hold none. */
export async function memberFolders(view: FilesView, workspaces: unknown): Promise<readonly string[]> {
  const patterns = [...patternsOf(workspaces), ...(await pnpmPatterns(view))];
  const folders = (await Promise.all(patterns.map((pattern) => foldersOf(view, pattern)))).flat();
  return [...new Set(folders)].sort().slice(0, MEMBERS_MAX);
}

function patternsOf(workspaces: unknown): readonly string[] {
  const list: unknown =
    typeof workspaces === 'object' && workspaces !== null && 'packages' in workspaces
      ? workspaces.packages
      : workspaces;
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

async function pnpmPatterns(view: FilesView): Promise<readonly string[]> {
  const text = (await view.read('pnpm-workspace.yaml')) ?? '';
  const [, list = ''] = /^packages:\s*\n((?:\s*-.*\n?|\s*#.*\n?)+)/m.exec(text) ?? [];
  return [...list.matchAll(/^\s*-\s*['"]?([^'"#\n]+?)['"]?\s*$/gm)].map((match) => match[1] ?? '');
}

/** `packages/*` and plain folders; `**` is looked at one level deep. Exclusions name folders that are left out. */
async function foldersOf(view: FilesView, pattern: string): Promise<readonly string[]> {
  const path = pattern.replace(/^\.\//, '').replace(/\/$/, '');
  if (path.startsWith('!') || /(^|\/)\.\.(\/|$)|["$`\\]/.test(path)) return [];
  const [, parent] = /^(.*?)\/?\*\*?$/.exec(path) ?? [];
  if (parent === undefined) return path.includes('*') ? [] : [path];
  const names = (await view.list?.(parent)) ?? [];
  const plain = names.map((name) => name.replace(/\/$/, '')).filter((name) => /^[\w@.-]+$/.test(name));
  const folders = plain.filter((name) => !name.startsWith('.') && name !== 'node_modules');
  return folders.map((name) => (parent === '' ? name : `${parent}/${name}`));
}

async function scriptsOf(view: FilesView, folder: string): Promise<Scripts> {
  try {
    const json: unknown = JSON.parse((await view.read(`${folder}/package.json`)) ?? '{}');
    const scripts = (json as { readonly scripts?: unknown }).scripts;
    if (typeof scripts !== 'object' || scripts === null) return {};
    const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
    return Object.fromEntries(Object.entries(scripts).filter(isText));
  } catch {
    return {};
  }
}
