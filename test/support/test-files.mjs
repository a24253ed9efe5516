// The test files of a folder, found by their name. (Node 20, which may start set-up, has no glob.)
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/**
 * @param {string} folder below the checkout, e.g. `test/unit`
 * @returns {string[]} paths below the checkout of the files ending in `.test.ts`, sorted
 */
export function testFiles(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join(folder, path))
    .sort();
}
