import assert from 'node:assert/strict';
import test from 'node:test';
import { pictures } from '../../support/package.mjs';

test('pictures of the checkout are found in a README, those of the web and plain links are not', () => {
  const text =
    '![The panel](media/screenshots/review.png) [code](src/README.md)\n![badge](https://a.example/b.svg) ![](media/icons/q.svg)';
  assert.deepEqual(pictures(text), ['media/screenshots/review.png', 'media/icons/q.svg']);
});
