import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chooseEditorModel,
  chooseModel,
  editorEndpoint,
  editorModelOf,
  endpointOf,
  withEditorWindow,
} from '../../../src/core/models/candidates.ts';

const cases: readonly (readonly [models: readonly string[], chosen: string | undefined])[] = [
  [[], undefined],
  [['text-embedding-3-large', 'whisper-1', 'tts-1'], undefined],
  [['text-embedding-3-large', 'gpt-4o-mini', 'gpt-4o', 'gpt-4.1'], 'gpt-4.1'],
  [['gpt-5-mini', 'gpt-5', 'gpt-5.2', 'gpt-5-2026-01-01'], 'gpt-5.2'],
  [['llama3.2:3b', 'qwen3-coder:30b', 'nomic-embed-text'], 'qwen3-coder:30b'],
  [['mine'], 'mine'],
];
for (const [models, chosen] of cases) {
  test(`found models: of ${models.join(', ') || 'none'}`, () => assert.equal(chooseModel(models), chosen));
}

const candidate = { source: 'environment', label: 'host', baseUrl: 'http://host/v1', models: ['a'] } as const;

test('found models: what the person named is taken, also where the server lists nothing', () => {
  assert.equal(endpointOf({ ...candidate, models: [] }, 'named')?.model, 'named');
  assert.equal(endpointOf({ ...candidate, models: [] }, undefined), undefined);
});

test('found models: only the environment has the id that its key belongs to', () => {
  assert.equal(endpointOf(candidate, undefined)?.id, 'environment');
  assert.notEqual(endpointOf({ ...candidate, source: 'local' }, undefined)?.id, 'environment');
});

const model = (id: string, more = {}) => ({
  vendor: 'v',
  id,
  family: id,
  name: id.toUpperCase(),
  maxInputTokens: 9000,
  ...more,
});

test('found models: of the editor, the best by family, never one that calls no tools', () => {
  assert.equal(chooseEditorModel([]), undefined);
  assert.equal(chooseEditorModel([model('x', { callsTools: false })]), undefined);
  const chosen = chooseEditorModel([
    model('gpt-5', { callsTools: false }),
    model('small'),
    model('dated-2026', { family: 'gpt-4.1' }),
  ]);
  assert.equal(chosen?.id, 'dated-2026');
});

test('found models: an endpoint of the editor says vendor and id, and fits the setting', () => {
  const endpoint = editorEndpoint(model('org/name with spaces'));
  assert.match(endpoint.id, /^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,99}$/);
  assert.deepEqual(editorModelOf(endpoint.model), { vendor: 'v', name: 'org/name with spaces' });
  assert.equal(endpoint.baseUrl, undefined);
});

test('found models: the window is never larger than the editor takes', () => {
  const endpoint = { ...editorEndpoint(model('a')), contextTokens: 128_000 };
  const window = (maxInputTokens: number) =>
    withEditorWindow(endpoint, [model('a', { maxInputTokens })]).contextTokens;
  assert.equal(window(9000), 9000);
  assert.equal(window(500_000), 128_000);
  assert.equal(window(0), 128_000, 'a provider that does not know');
  assert.equal(withEditorWindow(endpoint, []).contextTokens, 128_000);
});
