import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import vsce from '@vscode/vsce';
import { pictures } from '../../support/package.mjs';

test('pictures of the checkout are found in a README, those of the web and plain links are not', () => {
  const text =
    '![The panel](media/screenshots/review.webp) [code](src/README.md)\n![badge](https://a.example/b.svg) ![](media/icons/q.svg)';
  assert.deepEqual(pictures(text), ['media/screenshots/review.webp', 'media/icons/q.svg']);
});

/** Bytes of all pictures that the README shows. */
const PICTURES_MAX = 32_000;

const root = join(import.meta.dirname, '..', '..', '..');

test('what the README shows is small, and is what its name says', () => {
  const shown = pictures(readFileSync(join(root, 'README.md'), 'utf8'));
  assert.ok(shown.length > 0);
  const files = shown.map((path) => readFileSync(join(root, path)));
  for (const file of files) assert.equal(file.toString('latin1', 8, 12), 'WEBP');
  const bytes = files.reduce((sum, { length }) => sum + length, 0);
  assert.ok(bytes <= PICTURES_MAX, `${String(bytes)} bytes of pictures: npm run shots -- readme`);
});

/** Pixels of a side that lists of extensions ask for. */
const ICON_MIN = 128;
const ICON_BYTES_MAX = 4000;

test('the picture in lists of extensions is packed, square, large enough and small', async () => {
  const { icon } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { icon: string };
  const png = readFileSync(join(root, icon));
  assert.equal(png.toString('latin1', 1, 4), 'PNG');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  assert.equal(width, height);
  assert.ok(width >= ICON_MIN, String(width));
  assert.ok(png.length <= ICON_BYTES_MAX, `${String(png.length)} bytes: npm run shots -- icon`);
  assert.ok((await vsce.listFiles({ cwd: root, packageManager: vsce.PackageManager.None })).includes(icon));
});
