import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitsOf } from '../../../src/editor/panel/waits.ts';
import { asked, planOpen, working } from '../../support/panel-states/runs.ts';

test('the runs that wait are told with how often, and no others', () => {
  assert.deepEqual(waitsOf([working]), []);
  const live = [
    { ...asked, id: 'a' },
    { ...working, id: 'b' },
    { ...planOpen, id: 'c' },
  ];
  assert.deepEqual(
    waitsOf(live).map(({ run, count }) => [run, count]),
    [
      ['a', 2],
      ['c', 1],
    ],
  );
});
