/** Picked models: what may be picked, what is found again of it later, and whom a run then asks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelChoices, pickedAmong, remembered, type Around } from '../../../../src/core/models/picking.ts';
import { endpointsFor } from '../../../../src/core/team/routes.ts';
import { Endpoint, RunSettings } from '../../../../src/protocol/settings.ts';

const endpoint = (id: string, more: object = {}) =>
  Endpoint.parse({ id, kind: 'openai', baseUrl: `http://${id}/v1`, model: `${id}-model`, ...more });
const editor = (id: string, more: object = {}) => ({
  ...{ vendor: 'copilot', id, family: id, name: id.toUpperCase(), maxInputTokens: 9000 },
  ...more,
});
const local = (models: readonly string[], more: object = {}) => ({
  ...{ source: 'local' as const, label: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1', models },
  ...more,
});
const NOBODY: Around = { configured: [], editor: [], candidates: [] };

const CASES: readonly (readonly [name: string, around: Partial<Around>, offered: readonly string[]])[] = [
  ['nothing is there', {}, []],
  [
    'configured first, then the editor’s, then every chat model of a server',
    {
      configured: [endpoint('mine')],
      editor: [editor('gpt-5')],
      candidates: [local(['qwen', 'nomic-embed-text', 'llama'])],
    },
    ['configured mine-model', 'editor copilot/gpt-5', 'local qwen', 'local llama'],
  ],
  [
    'a model of the editor that calls no tools is no choice',
    { editor: [editor('dumb', { callsTools: false }), editor('able', { callsTools: true })] },
    ['editor copilot/able'],
  ],
  [
    'what is configured is offered once, by id or by family',
    {
      configured: [
        endpoint('e', { kind: 'editor', baseUrl: undefined, model: 'copilot/gpt-5' }),
        endpoint('o', { baseUrl: 'http://127.0.0.1:11434/v1', model: 'qwen' }),
      ],
      editor: [editor('gpt-5-2026', { family: 'gpt-5' })],
      candidates: [local(['qwen', 'llama'])],
    },
    ['configured copilot/gpt-5', 'configured qwen', 'local llama'],
  ],
  [
    'a server found here never gets the key that belongs to a configured id',
    {
      configured: [endpoint('Ollama', { baseUrl: 'https://far.example/v1' })],
      candidates: [local(['qwen'])],
    },
    ['configured Ollama-model'],
  ],
];
for (const [name, around, offered] of CASES) {
  test(`picking: ${name}`, () => {
    const choices = modelChoices({ ...NOBODY, ...around });
    assert.deepEqual(
      choices.map(({ from, endpoint: { model } }) => `${from} ${model}`),
      offered,
    );
    for (const choice of choices)
      assert.equal(pickedAmong(remembered(choice), choices), choice.endpoint, 'each is found again');
  });
}

test('picking: a configured endpoint keeps being picked when it gets another model; a model that went is gone', () => {
  const before = modelChoices({ ...NOBODY, configured: [endpoint('mine')], candidates: [local(['qwen'])] });
  const [mine, qwen] = before.map(remembered);
  assert.ok(mine && qwen);
  const after = modelChoices({
    ...NOBODY,
    configured: [endpoint('mine', { model: 'newer' })],
    candidates: [local(['llama'])],
  });
  assert.equal(pickedAmong(mine, after)?.model, 'newer');
  assert.equal(pickedAmong(qwen, after), undefined);
});

test('picking: the picked one alone answers for every role, also for one whose file or route names another', () => {
  const settings = RunSettings.parse({
    endpoints: ['a', 'b', 'c'].map((id) => endpoint(id)),
    routes: { default: ['a', 'b'], coder: ['b'] },
    picked: 'c',
  });
  const asked = (asker: Parameters<typeof endpointsFor>[0]) =>
    endpointsFor(asker, settings).map(({ id }) => id);
  assert.deepEqual(asked({ name: 'planner' }), ['c']);
  assert.deepEqual(asked({ name: 'coder' }), ['c']);
  assert.deepEqual(asked({ name: 'mine', model: ['b'] }), ['c']);
  // What a person gives a task to by name in its plan came later.
  assert.deepEqual(asked({ name: 'coder', first: 'a' }), ['a', 'c']);
});
