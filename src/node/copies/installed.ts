/** Where packages lie in an installed folder: what is installed later may show in the times of these folders only. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';

/** `lib/pythonX.Y/site-packages` (`Lib/site-packages` on Windows) of an environment of Python, scopes of `node_modules`. */
export async function packageFolders(installed: string): Promise<readonly string[]> {
  const [scopes, pythons] = await Promise.all([
    namesIn(installed, /^@/u),
    namesIn(join(installed, 'lib'), /^python/u),
  ]);
  const libraries = [...pythons.map((name) => join('lib', name)), 'Lib'];
  const all = [...scopes, ...libraries.map((name) => join(name, 'site-packages'))];
  const found = await Promise.all(all.map((name) => isFolder(join(installed, name))));
  return all.filter((_, at) => found[at]).map((name) => join(installed, name));
}

async function namesIn(folder: string, pattern: RegExp): Promise<readonly string[]> {
  const names = await fs.readdir(folder).catch(() => []);
  return names.filter((name) => pattern.test(name)).sort();
}

const isFolder = (path: string): Promise<boolean> =>
  fs.stat(path).then(
    (stat) => stat.isDirectory(),
    () => false,
  );
