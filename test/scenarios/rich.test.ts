/** The whole story. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './check.ts';
import { RICH, RICH_FILES } from './rich.ts';

test('parallel tasks, red gate, diagnosis, question, review round, merge and hand-over', async () => {
  const { view, lines, requests } = await check(RICH, {
    end: { kind: 'finished', outcome: 'done' },
    files: RICH_FILES,
  });
  assert.equal(requests.length, new Set(requests).size);
  assert.deepEqual(
    view.tasks.map((task) => task.state),
    ['done', 'done', 'done'],
  );
  const gates = lines.flatMap((line) =>
    line.type === 'gate.finished' && line.data.task === 'alpha' ? [line.data.report.verdict] : [],
  );
  assert.deepEqual(gates, ['red', 'green', 'green']);
  assert.ok(view.feed.some((item) => item.kind === 'message' && item.from === 'qa'));
  assert.equal(view.summary?.title, 'Alpha and beta work');
  assert.equal(view.active.length, 0);
});
