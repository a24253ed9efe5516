import assert from 'node:assert/strict';
import { test } from 'node:test';

test('on a Node without URL.parse addresses are read as on a newer one', async () => {
  const newer = URL.parse.bind(URL);
  Reflect.deleteProperty(URL, 'parse');
  await import('../../../src/terminal/older-node.ts');
  assert.notEqual(URL.parse, newer);
  for (const text of ['https://a.example/v1?x=1', 'no address', '', 'http://[::1', 'mailto:a@b'])
    assert.equal(URL.parse(text)?.href, newer(text)?.href, text);
  assert.equal(URL.parse('/b', 'https://a.example/c')?.href, 'https://a.example/b');
});
