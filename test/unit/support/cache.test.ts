import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { cacheRoot, cached } from '../../support/cache.mjs';

const quiet = (): void => undefined;

/** Points the cache at a folder of its own for the length of one test. */
async function inFreshCache(act: (root: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'quartet-cache-test-'));
  const former = process.env['XDG_CACHE_HOME'];
  process.env['XDG_CACHE_HOME'] = folder;
  try {
    await act(join(folder, 'quartet'));
  } finally {
    if (former === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = former;
    await rm(folder, { recursive: true, force: true });
  }
}

const writeThing = (folder: string): Promise<void> => writeFile(join(folder, 'thing'), 'whole');

test('the cache is where the platform keeps what can be fetched again', () => {
  assert.equal(cacheRoot({ XDG_CACHE_HOME: '/x' }, 'linux'), join('/x', 'quartet'));
  assert.match(cacheRoot({}, 'linux'), /\.cache.quartet$/);
  assert.match(cacheRoot({}, 'darwin'), /Library.Caches.quartet$/);
  assert.match(cacheRoot({ LOCALAPPDATA: 'L' }, 'win32'), /^L.quartet.cache$/);
});

test('what is there is not made again', () =>
  inFreshCache(async () => {
    const first = await cached('a', writeThing, quiet);
    const second = await cached('a', () => Promise.reject(new Error('made twice')), quiet);
    assert.equal(first, second);
    assert.equal(await readFile(join(second, 'thing'), 'utf8'), 'whole');
  }));

test('a set-up that fails leaves nothing that looks whole', () =>
  inFreshCache(async (root) => {
    const breaks = async (folder: string): Promise<void> => {
      await writeThing(folder);
      throw new Error('no network');
    };
    await assert.rejects(cached('a', breaks, quiet), /no network/);
    assert.deepEqual(await readdir(root), []);
  }));

test('what an interrupted set-up left is cleared away, not taken for a whole one', () =>
  inFreshCache(async (root) => {
    await mkdir(join(root, 'a.unfinished', 'half'), { recursive: true });
    // The lock of a process that is gone: no process has this number.
    await mkdir(join(root, 'a.lock'));
    await writeFile(join(root, 'a.lock', 'pid'), '4194999');
    const folder = await cached('a', writeThing, quiet);
    assert.equal(existsSync(join(folder, 'half')), false);
    assert.deepEqual(await readdir(root), ['a']);
  }));

test('two set-ups at once: one makes, the other waits and takes it', () =>
  inFreshCache(async () => {
    let made = 0;
    const said: string[] = [];
    const make = async (folder: string): Promise<void> => {
      made += 1;
      await new Promise((done) => setTimeout(done, 400));
      await writeThing(folder);
    };
    const say = (text: string): void => void said.push(text);
    const [first, second] = await Promise.all([cached('a', make, say), cached('a', make, say)]);
    assert.equal(first, second);
    assert.equal(made, 1);
    assert.match(said.join(), /waiting for another set-up/);
  }));
