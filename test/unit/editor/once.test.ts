import assert from 'node:assert/strict';
import { test } from 'node:test';
import { once } from '../../../src/editor/once.ts';

test('what is loaded late is loaded once, however many ask for it at a time', async () => {
  let made = 0;
  const load = once(async () => {
    made += 1;
    return await Promise.resolve({ made });
  });
  const [first, second] = await Promise.all([load(), load()]);
  assert.equal(first, second);
  assert.equal(await load(), first);
  assert.equal(made, 1);
});

test('what could not be loaded is tried again by whoever asks next', async () => {
  let isThere = false;
  const load = once(async () => {
    if (!isThere) throw new Error('the file is gone');
    return await Promise.resolve('loaded');
  });
  await assert.rejects(Promise.all([load(), load()]), /the file is gone/);
  isThere = true;
  assert.equal(await load(), 'loaded');
});
