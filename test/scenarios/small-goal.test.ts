/** Small goals stay small, and what is done is proved. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, type Scenario } from './check.ts';

const FILES = {
  'src/greet.txt': 'helo\n',
  'test/greet.spec': 'greets rightly: src/greet.txt has hello\nis polite: src/greet.txt lacks damn\n',
};
const TASK = {
  id: 'fix',
  title: 'Fix the greeting',
  description: 'Make "greets rightly" pass.',
  role: 'coder',
  files: ['src/**'],
};
const EDIT = {
  tool: 'edit_file',
  args: { path: 'src/greet.txt', edits: [{ old_text: 'helo', new_text: 'hello' }] },
};
const RESULT = { tool: 'submit_result', args: { summary: 'Spelled it right.' } };
const PLAN = { tool: 'submit_plan', args: { summary: 'One small fix.', tasks: [TASK] } };
const APPROVE = { tool: 'submit_review', args: { verdict: 'approve', comments: [] } };

const SMALL: Scenario = {
  files: FILES,
  goal: 'Fix the greeting',
  script: {
    title: 'small',
    agents: [
      { role: 'planner', replies: [{ content: 'One task.', calls: [PLAN] }] },
      { role: 'coder', replies: [{ content: '', calls: [EDIT, RESULT] }] },
      { role: 'reviewer', replies: [{ content: '', calls: [APPROVE] }] },
    ],
  },
};

test('a single-step goal takes three model calls and ends proved', async () => {
  const { view } = await check(SMALL, {
    end: { kind: 'finished', outcome: 'done' },
    files: { 'src/greet.txt': 'hello\n' },
    calls: { planner: 1, coder: 1, reviewer: 1 },
  });
  assert.equal(view.evidence.integrated?.verdict, 'green');
  assert.equal(view.evidence.integrated.newlyPassing.length, 1);
  assert.equal(view.tasks[0]?.state, 'done');
});

test('a quick edit asks neither planner nor reviewer, and is gated all the same', async () => {
  await check(
    {
      ...SMALL,
      mode: 'quick',
      script: {
        title: 'quick',
        agents: [{ role: 'coder', replies: [{ content: '', calls: [EDIT, RESULT] }] }],
      },
    },
    {
      end: { kind: 'finished', outcome: 'done' },
      files: { 'src/greet.txt': 'hello\n' },
      calls: { coder: 1 },
    },
  );
});
