import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseModel, endpointOf } from '../../../src/core/models/candidates.ts';

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
