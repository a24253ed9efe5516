/** Rules by which files are left out, where no git can be asked: those that a repository and a person keep in files. */
import * as fs from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { readIfThere } from '../../storage.ts';
import { INSTALLED_RULES, seenFrom } from '../excludes.ts';

export interface PlainRules {
  /** In the syntax of `.gitignore`; the files of that name come on top. */
  readonly text: string;
  readonly notes: readonly string[];
}

export async function readRules(workspace: string): Promise<PlainRules> {
  const real = await fs.realpath(workspace);
  const top = await topOf(real);
  const standard = join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'git', 'ignore');
  const texts = [INSTALLED_RULES];
  if (top !== undefined) {
    texts.push(await read(standard), await read(join(top, '.git', 'info', 'exclude')));
    for (let at = real; at !== top; at = dirname(at)) {
      const above = dirname(at);
      const below = relative(above, real).split(sep).join('/');
      texts.splice(3, 0, seenFrom(below, await read(join(above, '.gitignore'))));
    }
  }
  const bare = top === undefined && (await read(join(real, '.gitignore'))) === '';
  return {
    text: texts.map((text) => text.replace(/\n*$/u, '\n')).join(''),
    notes: bare
      ? ['The folder has no .gitignore: all files but installed packages are part of the base.']
      : [],
  };
}

/** The folder of the repository that holds the workspace. */
async function topOf(workspace: string): Promise<string | undefined> {
  for (let at = workspace; ; at = dirname(at)) {
    if (await fs.lstat(join(at, '.git')).catch(() => undefined)) return at;
    if (at === dirname(at)) return undefined;
  }
}

const read = async (path: string): Promise<string> => (await readIfThere(path).catch(() => undefined)) ?? '';
