import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitText } from '../../../../../src/core/run/views/limit-text.ts';

test('a limit is told in words, one of another version by its name, whatever that is', () => {
  const told = (limit: string) => limitText({ limit, value: 3 });
  assert.equal(told('gateRounds'), 'Limit reached: 3 rounds to make the tests pass');
  assert.equal(told('qa.checksMax'), 'Limit reached: 3 type checks, lints and builds');
  assert.equal(told('wishes'), 'Limit reached: 3 (wishes)');
  assert.equal(told('constructor'), 'Limit reached: 3 (constructor)');
});
