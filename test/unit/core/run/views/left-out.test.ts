/** The end of a run never speaks of more than what was taken. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellLeftOut } from '../../../../../src/core/run/views/left-out.ts';
import type { ChangesView } from '../../../../../src/protocol/view.ts';
import { finished } from '../../../../support/panel-states/ended.ts';

const { changes } = finished;
assert.ok(changes);
const decided = (rejected: NonNullable<ChangesView['decided']>['rejected'], accepted = ['a.js']) =>
  tellLeftOut({
    ...finished,
    summary: { title: 'T', body: 'B' },
    changes: { ...changes, decided: { accepted, rejected } },
  });

test('files and parts of files that were left out are named at the end and below the summary', () => {
  const told = decided([
    { path: 'README.md' },
    { path: 'a.js', hunk: '1' },
    { path: 'a.js', hunk: '2', reason: 'no' },
  ]);
  assert.match(told.finished?.message ?? '', /workspace.* You left out: README\.md, part of a\.js\.$/u);
  assert.match(told.summary?.body ?? '', /^B\n\nLeft out .*: README\.md, part of a\.js\.$/u);
});

test('nothing is added where all was taken, or nothing', () => {
  assert.deepEqual(decided([]), {});
  assert.deepEqual(decided([{ path: 'README.md' }], []), {});
  const { changes: _, ...without } = finished;
  assert.deepEqual(tellLeftOut(without), {});
});
