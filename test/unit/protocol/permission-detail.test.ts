import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOfPermission, permissionDetail } from '../../../src/protocol/permission-detail.ts';

test('what is asked for and why are told apart, also where the call itself speaks of reasons', () => {
  const cases = [
    ['curl https://a.example', 'it reaches the network'],
    ['echo "\n\nWhy this asks: it is harmless."', 'rm deletes files'],
    ['', 'nothing is known of it'],
  ] as const;
  for (const [what, why] of cases)
    assert.deepEqual(partsOfPermission(permissionDetail(what, why)), { what, why });
  assert.deepEqual(partsOfPermission('npm test'), { what: 'npm test' });
});
