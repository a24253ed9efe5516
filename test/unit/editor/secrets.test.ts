import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SecretStorage } from 'vscode';
import { createEditorSecrets } from '../../../src/editor/secrets.ts';

function storage() {
  const texts = new Map<string, string>();
  const secrets: Pick<SecretStorage, 'get' | 'store' | 'delete'> = {
    get: async (key) => texts.get(key),
    store: async (key, value) => void texts.set(key, value),
    delete: async (key) => void texts.delete(key),
  };
  return { texts, secrets: secrets as SecretStorage };
}

test('secrets: a key is given for the server it was entered for', async () => {
  const { secrets } = storage();
  const keys = createEditorSecrets(secrets, async () => 'https://a.example/v1');
  await keys.set('one', 'secret', 'https://a.example/v1');
  assert.equal(await keys.key('one'), 'secret');
  assert.equal(await keys.key('two'), undefined);
  await keys.remove('one');
  assert.equal(await keys.key('one'), undefined);
});

for (const elsewhere of [
  'https://b.example/v1',
  'http://a.example/v1',
  'https://a.example:8443/v1',
  'https://a.example.evil/v1',
  undefined,
]) {
  test(`secrets: a key is not given for ${elsewhere ?? 'an unknown endpoint'}`, async () => {
    const { secrets } = storage();
    let baseUrl: string | undefined = 'https://a.example/v1';
    const keys = createEditorSecrets(secrets, async () => baseUrl);
    await keys.set('one', 'secret', baseUrl);
    baseUrl = elsewhere;
    assert.equal(await keys.key('one'), undefined);
  });
}

test('secrets: what cannot be read is no key', async () => {
  const { secrets, texts } = storage();
  texts.set('quartet.key.one', 'bare text');
  assert.equal(await createEditorSecrets(secrets, async () => 'https://a.example/v1').key('one'), undefined);
});
