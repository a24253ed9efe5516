/** Which files of a workspace a snapshot leaves out: what the person's own git would, read without writing anything there. */
import * as fs from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { errorCode, readIfThere } from '../storage.ts';
import { PortError } from '../../core/ports.ts';
import type { Git } from './git.ts';

export interface Excludes {
  /** In the syntax of `.gitignore`, for files that are not tracked. */
  readonly rules: string;
  /** Files that the person's repository holds although a rule leaves them out. */
  readonly forced: readonly string[];
  readonly notes: readonly string[];
}

/** Folders that installers fill. Files in them are left out unless the person's repository holds them. */
const INSTALLED = ['node_modules', '.venv', 'venv', '__pycache__'];
export const INSTALLED_RULES = INSTALLED.map((name) => `${name}/\n`).join('');

export async function readExcludes(git: Git, workspace: string): Promise<Excludes> {
  const installed = INSTALLED_RULES;
  const top = await topOf(git, workspace);
  if (top === undefined) {
    const found = await hasIgnoreFile(workspace);
    const notes = found
      ? []
      : ['The folder has no .gitignore: all files but installed packages are part of the base.'];
    return { rules: installed, forced: [], notes };
  }
  const own = [
    await globalRules(git, workspace),
    await repositoryRules(git, workspace),
    ...(await rulesAbove(top, workspace)),
  ];
  const ours = INSTALLED.map((name) => `--exclude=${name}/`);
  const forced = await ask(git, workspace, ['ls-files', '-z', '-c', '-i', '--exclude-standard', ...ours]);
  return {
    rules: [installed, ...own].map((text) => text.replace(/\n*$/u, '\n')).join(''),
    forced: forced.split('\0').filter((path) => path !== ''),
    notes: [],
  };
}

/** What the person's git answers, or nothing where it refuses. Hooks, monitors and locks stay off. */
async function ask(git: Git, cwd: string, args: readonly string[]): Promise<string> {
  try {
    return await git.text(args, { cwd });
  } catch (error) {
    if (error instanceof PortError && error.code === 'git.failed') return '';
    throw error;
  }
}

async function topOf(git: Git, workspace: string): Promise<string | undefined> {
  const top = (await ask(git, workspace, ['rev-parse', '--show-toplevel'])).trim();
  return top === '' ? undefined : top;
}

const hasIgnoreFile = async (workspace: string) =>
  (await readIfThere(join(workspace, '.gitignore'))) !== undefined;

async function globalRules(git: Git, workspace: string): Promise<string> {
  const configured = (
    await ask(git, workspace, ['config', '--type=path', '--get', 'core.excludesFile'])
  ).trim();
  const standard = join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'git', 'ignore');
  return (await readOrNothing(configured === '' ? standard : resolve(workspace, configured))) ?? '';
}

async function repositoryRules(git: Git, workspace: string): Promise<string> {
  const path = (await ask(git, workspace, ['rev-parse', '--git-path', 'info/exclude'])).trim();
  if (path === '') return '';
  return (await readOrNothing(isAbsolute(path) ? path : join(workspace, path))) ?? '';
}

async function readOrNothing(path: string): Promise<string | undefined> {
  try {
    return await readIfThere(path);
  } catch (error) {
    if (['EACCES', 'EPERM', 'EISDIR'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** Rules of the folders between the top of the repository and the workspace, re-written as seen from the workspace. */
async function rulesAbove(top: string, workspace: string): Promise<string[]> {
  const real = await fs.realpath(workspace);
  const found: string[] = [];
  for (let at = real; at !== top && at !== dirname(at);) {
    at = dirname(at);
    const text = (await readOrNothing(join(at, '.gitignore'))) ?? '';
    found.unshift(seenFrom(relative(at, real).split(sep).join('/'), text));
  }
  return found;
}

/** Rules of a folder above as seen from `below`, a path in it. Rules tied to other folders are dropped. */
export function seenFrom(below: string, rules: string): string {
  const seen = rules.split('\n').flatMap((raw) => {
    const line = raw.replace(/\r$/u, '');
    const [, not = '', pattern = ''] = /^(!?)(.*)$/u.exec(line) ?? [];
    if (pattern === '' || pattern.startsWith('#')) return [];
    const tied = pattern.replace(/\/$/u, '').includes('/');
    if (!tied || pattern.startsWith('**/')) return [line];
    const plain = pattern.replace(/^\//u, '');
    if (plain.startsWith(`${below}/`)) return [`${not}${plain.slice(below.length)}`];
    return [];
  });
  return seen.join('\n');
}
