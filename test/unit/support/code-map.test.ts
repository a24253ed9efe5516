/** The code map names what is there. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const ROOT = new URL('../../../', import.meta.url);
const FILES = ['src', 'media'].flatMap((room) =>
  readdirSync(new URL(`${room}/`, ROOT), { recursive: true, encoding: 'utf8' }).map(
    (path) => `/${room}/${path.replaceAll('\\', '/')}`,
  ),
);

test('every source file that src/README.md names is there, by its whole path or the end of it', () => {
  const map = readFileSync(new URL('src/README.md', ROOT), 'utf8');
  const named = [...map.matchAll(/`([\w./-]+\.tsx?)`/gu)].map(([, path = '']) => path);
  assert.ok(named.length > 50, 'the map names files');
  const gone = named.filter((path) => !FILES.some((file) => file.endsWith(`/${path}`)));
  assert.deepEqual(gone, []);
});
