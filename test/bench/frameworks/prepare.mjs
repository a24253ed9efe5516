// Installs the frameworks that the team's bench compares with, outside the checkout.
import { createHash } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../../support/cache.mjs';
import { npm } from '../../support/npm.mjs';

const FILES = ['package.json', 'package-lock.json', 'ways.mjs'];
const say = (text) => console.error(`[bench] ${text}`);

/**
 * The variable that tells the bench where they are. Where they cannot be installed it says so, and there is none.
 * @returns {Promise<Record<string, string>>}
 */
export async function frameworks() {
  const texts = await Promise.all(FILES.map((name) => readFile(join(import.meta.dirname, name))));
  const id = createHash('sha256').update(Buffer.concat(texts)).digest('hex').slice(0, 16);
  const make = async (folder) => {
    say('installing the frameworks to compare with');
    for (const name of FILES) await copyFile(join(import.meta.dirname, name), join(folder, name));
    await npm(['ci', '--ignore-scripts'], folder);
  };
  try {
    return { QUARTET_FRAMEWORKS: join(await cached(`bench-frameworks-${id}`, make, say), 'ways.mjs') };
  } catch (error) {
    say(`they could not be installed, so there is no comparison: ${error.message}`);
    return {};
  }
}
