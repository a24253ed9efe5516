/** What the page is told of other runs: as many as it lists, and of goals what a row shows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attachedText } from '../../../src/core/policy/untrusted.ts';
import { recentOf } from '../../../src/editor/panel/recent.ts';
import { waitsOf } from '../../../src/editor/panel/waits.ts';
import type { RunEntry } from '../../../src/protocol/view.ts';
import { asked } from '../../support/panel-states/runs.ts';

const diff = attachedText('+ a line of a diff\n'.repeat(2000), 'diff', '4f7861705152');
const entry = (id: string, goal: string): RunEntry => ({
  ...{ id, goal, mode: 'team', demo: false, status: 'finished' },
  ...{ startedAt: 0, updatedAt: 0, origin: 'editor' },
});

test('the latest runs, and no more than are listed', () => {
  const entries = Array.from({ length: 400 }, (_, at) => entry(`run-${at}`, `Review it.\n\n${diff}`));
  const recent = recentOf(entries);
  assert.deepEqual(
    recent.map(({ id }) => id),
    entries.slice(0, 8).map(({ id }) => id),
  );
  assert.deepEqual(recent[0], entry('run-0', 'Review it.'));
});

test('a goal that is longer than a row is cut', () => {
  const [row] = recentOf([entry('a', 'x'.repeat(5000))]);
  assert.match(row?.goal ?? '', /^x{199}…$/u);
});

test('a run that waits is told by what the person said', () => {
  assert.deepEqual(waitsOf([{ ...asked, goal: `Mend it.\n\n${diff}` }]), [
    { run: asked.id, goal: 'Mend it.', count: 2 },
  ]);
});
