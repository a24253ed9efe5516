// What set-up fetched, kept outside the checkout and shared by all checkouts of one person.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The platform's folder for what can be fetched again.
 * @param {Record<string, string | undefined>} [env]
 * @param {string} [platform]
 */
export function cacheRoot(env = process.env, platform = process.platform) {
  const home = homedir();
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'quartet');
  if (platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'quartet', 'cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'quartet');
  return join(home, '.cache', 'quartet');
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function holder(lock) {
  const text = await readFile(join(lock, 'pid'), 'utf8').catch(() => '');
  return Number(text) || undefined;
}

/**
 * Holds `lock` (a folder, made atomically) while `work` runs; waits for another live process that holds it.
 * @template T
 * @param {string} lock
 * @param {() => Promise<T>} work
 * @param {(text: string) => void} say
 */
async function alone(lock, work, say) {
  let waitedMs = 0;
  for (;;) {
    const made = await mkdir(lock).then(
      () => true,
      () => false,
    );
    if (made) break;
    const pid = await holder(lock);
    const abandoned = pid === undefined ? waitedMs >= 5000 : !alive(pid);
    if (abandoned) await rm(lock, { recursive: true, force: true });
    else if (waitedMs === 0) say(`waiting for another set-up${pid === undefined ? '' : ` (process ${pid})`}`);
    await sleep(250);
    waitedMs += 250;
  }
  try {
    await writeFile(join(lock, 'pid'), String(process.pid));
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/**
 * The cached folder `name`, made by `make(folder)` if it is not there. It is made under another name and renamed
 * when whole, so an interrupted set-up is never taken for a finished one. Rejects as `make` does.
 * @param {string} name
 * @param {(folder: string) => Promise<void>} make
 * @param {(text: string) => void} say
 * @returns {Promise<string>}
 */
export async function cached(name, make, say) {
  const root = cacheRoot();
  const folder = join(root, name);
  if (existsSync(folder)) return folder;
  await mkdir(root, { recursive: true });
  return alone(
    `${folder}.lock`,
    async () => {
      if (existsSync(folder)) return folder;
      const unfinished = `${folder}.unfinished`;
      await rm(unfinished, { recursive: true, force: true });
      await mkdir(unfinished);
      try {
        await make(unfinished);
        await rename(unfinished, folder);
      } finally {
        await rm(unfinished, { recursive: true, force: true });
      }
      return folder;
    },
    say,
  );
}
