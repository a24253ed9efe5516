import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReviewProgress } from '../../../src/editor/review/progress.ts';

/** As `vscode.Memento`: what is kept goes through JSON. */
function memento() {
  const kept = new Map<string, string>();
  return {
    get: <T>(key: string) => (kept.has(key) ? (JSON.parse(kept.get(key) ?? '') as T) : undefined),
    update: async (key: string, value: unknown) => {
      if (value === undefined) kept.delete(key);
      else kept.set(key, JSON.stringify(value));
    },
    kept,
  };
}
const round = { run: 'r', revision: 1 };
test('review progress: survives a reload', async () => {
  const state = memento();
  const progress = createReviewProgress(state);
  await progress.change(round, 'a.js', { edited: 'mine' });
  await progress.change(round, 'a.js', { decision: 'accepted' });
  await progress.change(round, 'b.js', { decision: 'rejected', reason: 'no' });
  const later = createReviewProgress(state);
  assert.deepEqual(later.file(round, 'a.js'), { decision: 'accepted', edited: 'mine' });
  assert.deepEqual(later.file(round, 'b.js'), { decision: 'rejected', reason: 'no' });
  assert.deepEqual(later.file(round, 'c.js'), { decision: 'undecided' });
});

test('review progress: a new revision starts from nothing', async () => {
  const progress = createReviewProgress(memento());
  await progress.change(round, 'a.js', { decision: 'accepted' });
  assert.deepEqual(progress.file({ ...round, revision: 2 }, 'a.js'), { decision: 'undecided' });
});

test('review progress: taking an edit back leaves the decision', async () => {
  const progress = createReviewProgress(memento());
  await progress.change(round, 'a.js', { decision: 'accepted', edited: 'mine' });
  await progress.change(round, 'a.js', { edited: undefined });
  assert.equal(progress.file(round, 'a.js').edited, undefined);
  assert.equal(progress.file(round, 'a.js').decision, 'accepted');
});

for (const path of ['constructor', '__proto__', 'toString']) {
  test(`review progress: a file may be called ${path}`, async () => {
    const progress = createReviewProgress(memento());
    assert.deepEqual(progress.file(round, path), { decision: 'undecided' });
    await progress.change(round, path, { decision: 'rejected' });
    assert.equal(progress.file(round, path).decision, 'rejected');
  });
}

test('review progress: nothing is left of a run that is over', async () => {
  const state = memento();
  const progress = createReviewProgress(state);
  await progress.change(round, 'a.js', { decision: 'accepted' });
  await progress.clear('r');
  assert.equal(state.kept.size, 0);
});

test('review progress: the next round begins with what was carried over; what was said of remarks stays', async () => {
  const progress = createReviewProgress(memento());
  const hunks = { h: { verdict: 'accepted' as const } };
  await progress.change(round, 'a.js', { decision: 'rejected', reason: 'no' });
  await progress.changeRemark(round, 'remark', { state: 'resolved', replies: ['done'] });
  await progress.carry(round, { 'b.js': { decision: 'undecided', hunks } });
  const next = { ...round, revision: 2 };
  assert.deepEqual(progress.file(next, 'a.js'), { decision: 'undecided' });
  assert.deepEqual(progress.file(next, 'b.js'), { decision: 'undecided', hunks });
  await progress.change(next, 'a.js', { decision: 'accepted' });
  assert.deepEqual(progress.remarks('r'), { remark: { state: 'resolved', replies: ['done'] } });
  await progress.changeRemark(next, 'remark', undefined);
  assert.deepEqual(progress.remarks('r'), {});
});
