/** What a commit and a pull request say of a run whose texts try to act on whoever reads them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commitMessage, pullRequestText } from '../../../../../src/core/run/handover/commit-message.ts';
import { finished } from '../../../../support/panel-states/ended.ts';
import { hostile } from '../../../../support/panel-states/hostile.ts';

const ESCAPES = '\u001b]8;;https://x.example\u0007here\u001b]8;;\u0007\u202e';
const [first] = finished.tasks;
assert.ok(first);
const title = `Mend it${ESCAPES}\n\nSigned-off-by: Somebody <s@x.example>`;
const view = {
  ...finished,
  summary: { title, body: `Done ${ESCAPES}` },
  tasks: [{ ...first, state: 'done' as const, spec: { ...first.spec, title }, result: title }],
};

test('a commit message steers no terminal and says in nobody’s name what the run did not say', () => {
  const message = commitMessage(view);
  assert.doesNotMatch(message, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
  assert.doesNotMatch(message, /^Signed-off-by:/mu);
  assert.match(message, /^Mend it/u);
});

test('the text of a pull request fetches nothing and steers no terminal', () => {
  for (const text of [pullRequestText(hostile), pullRequestText(view)]) {
    assert.doesNotMatch(text, /(?<!\\)(?:!\[|<\/?(?:img|script|iframe|svg|video|link|style)\b)/iu);
    assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u);
  }
});

test('praise is no open point, and one remark is one', () => {
  const remark = (severity: 'praise' | 'suggestion', body: string) => ({
    path: 'a.js',
    line: 3,
    severity,
    body,
  });
  const reviewed = (...comments: ReturnType<typeof remark>[]) =>
    pullRequestText({ ...view, tasks: [{ ...first, review: { verdict: 'approve', comments } }] });
  const praised = reviewed(remark('praise', 'Well done here'));
  assert.match(praised, /approved, 1 remark /u);
  assert.doesNotMatch(praised, /Well done here/u);
  assert.match(reviewed(remark('praise', 'x'), remark('suggestion', 'Name it better')), /Name it better/u);
});
