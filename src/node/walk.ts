/** The files below a folder that are not ignored, in the order of a walk, without any program's help. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { createIgnoreRules, type IgnoreRules } from './ignore-rules.ts';
import { UNSEARCHED } from './lines.ts';
import { readIfThere } from './storage.ts';

/** Relative paths with "/"; links are not followed. Throws the signal's reason when aborted. */
export async function* walk(root: string, signal?: AbortSignal): AsyncGenerator<string> {
  yield* walkFolder(root, '', createIgnoreRules(), signal);
}

async function* walkFolder(
  root: string,
  folder: string,
  rules: IgnoreRules,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  signal?.throwIfAborted();
  // A folder that cannot be read is passed over, as other searchers do.
  const entries = await fs.readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  if (entries.some((entry) => entry.name === '.gitignore' && entry.isFile())) {
    rules.add(folder, (await readIfThere(join(root, folder, '.gitignore')).catch(() => undefined)) ?? '');
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (UNSEARCHED.has(entry.name)) continue;
    if (entry.isDirectory() && !rules.ignores(`${path}/`)) yield* walkFolder(root, path, rules, signal);
    else if (entry.isFile() && !rules.ignores(path)) yield path;
  }
}
