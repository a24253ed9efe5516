/** How far a text may travel. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classOf, mayGet, widest } from '../../../../src/core/policy/classes.ts';
import type { Endpoint } from '../../../../src/protocol/settings.ts';

const endpoint = (classesMax?: Endpoint['classesMax']): Endpoint => ({
  id: 'e',
  kind: 'openai',
  model: 'm',
  contextTokens: 1000,
  ...(classesMax && { classesMax }),
});

const rows = [
  ['public', [true, false, false]],
  ['internal', [true, true, false]],
  ['secret', [true, true, true]],
  [undefined, [true, true, true]],
] as const;
for (const [max, gets] of rows)
  test(`an endpoint with classesMax ${String(max)} may get ${JSON.stringify(gets)}`, () =>
    assert.deepEqual(
      (['public', 'internal', 'secret'] as const).map((of) => mayGet(endpoint(max), of)),
      gets,
    ));

test('what was told once stays told', () => {
  assert.equal(widest('secret', 'public'), 'secret');
  assert.equal(widest('internal', 'public'), 'internal');
});

const classes = [
  [{ paths: ['src/a.ts'] }, 'internal'],
  [{ paths: ['src/a.ts', 'deploy/.env.production'] }, 'secret'],
  [{ paths: ['.ENV'] }, 'secret'],
  [{ paths: ['keys/server.pem'] }, 'secret'],
  [{ paths: ['.env.example'] }, 'internal'],
  [{ command: 'npm test' }, 'internal'],
  [{ command: 'cat "config/.env" | head' }, 'secret'],
  [{ command: 'node --env-file=.env x.js' }, 'secret'],
  [{ command: 'cp ~/.ssh/id_rsa x' }, 'secret'],
  [{}, 'internal'],
] as const;
for (const [subject, of] of classes)
  test(`${JSON.stringify(subject)} is ${of}`, () => assert.equal(classOf(subject), of));
