import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEnglish } from '../../../src/protocol/words.ts';
import { azureBaseUrl, baseUrlProblem, endpointId, PRESETS } from '../../../src/editor/configure/presets.ts';

test('presets: addresses are sound, and plain text stays on this machine', () => {
  for (const { baseUrl, isLocal } of PRESETS) {
    assert.equal(baseUrlProblem(baseUrl, inEnglish), undefined, baseUrl);
    assert.equal(new URL(baseUrl).hostname === '127.0.0.1', isLocal, baseUrl);
    if (!isLocal) assert.equal(new URL(baseUrl).protocol, 'https:', baseUrl);
  }
});

for (const text of [
  '',
  'host/v1',
  'ftp://host',
  'https://key@host/v1',
  'https://u:p@host/v1',
  'javascript:alert(1)',
]) {
  test(`presets: "${text}" is no base URL`, () =>
    assert.notEqual(baseUrlProblem(text, inEnglish), undefined));
}

test('presets: ids are free and fit the setting', () => {
  const pattern = /^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,99}$/;
  const first = endpointId('http://[::1]:1/v1', 'a model "x"', new Set());
  assert.match(first, pattern);
  const second = endpointId('http://[::1]:1/v1', 'a model "x"', new Set([first]));
  assert.match(second, pattern);
  assert.notEqual(second, first);
  assert.match(endpointId('https://h/v1', 'm'.repeat(300), new Set()), pattern);
});

const azure: readonly (readonly [typed: string, url: string | undefined])[] = [
  ['My-Resource', 'https://my-resource.openai.azure.com/openai/v1'],
  ['https://r.openai.azure.com/', 'https://r.openai.azure.com/openai/v1'],
  ['https://r.services.ai.azure.com/api/projects/p', 'https://r.services.ai.azure.com/openai/v1'],
  ['http://r.openai.azure.com', undefined],
  ['https://openai.azure.com.evil.example', undefined],
  ['a resource', undefined],
  ['', undefined],
];
for (const [typed, url] of azure) {
  test(`presets: of Azure, "${typed}" is ${url ?? 'no resource'}`, () =>
    assert.equal(azureBaseUrl(typed), url));
}
