import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { pictures } from '../../support/package.mjs';

test('pictures of the checkout are found in a README, those of the web and plain links are not', () => {
  const text =
    '![The panel](media/screenshots/review.webp) [code](src/README.md)\n![badge](https://a.example/b.svg) ![](media/icons/q.svg)';
  assert.deepEqual(pictures(text), ['media/screenshots/review.webp', 'media/icons/q.svg']);
});

/** Bytes of all pictures that the README shows. */
const PICTURES_MAX = 45_000;

test('what the README shows is small, and is what its name says', () => {
  const root = join(import.meta.dirname, '..', '..', '..');
  const shown = pictures(readFileSync(join(root, 'README.md'), 'utf8'));
  assert.ok(shown.length > 0);
  const files = shown.map((path) => readFileSync(join(root, path)));
  for (const file of files) assert.equal(file.toString('latin1', 8, 12), 'WEBP');
  const bytes = files.reduce((sum, { length }) => sum + length, 0);
  assert.ok(bytes <= PICTURES_MAX, `${String(bytes)} bytes of pictures: npm run shots -- readme`);
});
