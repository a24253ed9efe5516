/** A run with one of each: a question, a long observation, a red gate, QA, a review round, a plan and a review to answer. */
import { createScriptedModel } from '../../../src/core/models/scripted.ts';
import { agent, approve, call, edit, plan, result, script, task } from '../parts.ts';
import type { TrialOptions } from './trial.ts';

/** Longer than what fits into a line of the journal. */
const LONG = Array.from({ length: 1200 }, (_, index) => `line ${index} of a long file`).join('\n');

const FILES = {
  'src/greet.txt': 'helo\nkeep\n',
  'src/long.txt': LONG,
  'test/greet.spec': 'greets rightly: src/greet.txt has hello\nkeeps its line: src/greet.txt has keep\n',
};

const DIAGNOSIS = {
  summary: 'A line is gone.',
  causes: [{ test: 'keeps its line', cause: 'keep was removed', suggestion: 'put it back' }],
};

const SCRIPT = script(
  agent('planner', [[call('list_files', {})], [plan(task({ files: ['src/greet.txt'] }))]]),
  agent('coder', [
    [
      call('read_file', { path: 'src/long.txt' }),
      call('ask_user', { question: 'How?', options: ['So', 'Not'] }),
    ],
    [edit('src/greet.txt', 'helo\nkeep\n', 'hello\n'), result('First try.')],
    [edit('src/greet.txt', 'hello\n', 'hello\nkeep\n'), result('Kept the line.')],
    [edit('src/greet.txt', 'hello\n', 'hello there\n'), result('Said more.')],
  ]),
  agent('qa', [[call('submit_diagnosis', DIAGNOSIS)]]),
  agent('reviewer', [
    [
      call('submit_review', {
        verdict: 'request_changes',
        comments: [{ path: 'src/greet.txt', line: 1, severity: 'blocking', body: 'Say more.' }],
      }),
    ],
    [approve],
  ]),
);

const ANSWERS: Readonly<Record<string, unknown>> = {
  'plan/1': { decision: 'approve' },
  'review/1': { decision: 'apply', accepted: ['src/greet.txt'], rejected: [] },
};

export const MEDIUM: TrialOptions = {
  files: FILES,
  settings: {
    endpoints: [
      { id: 'script', kind: 'scripted', model: 'script', inputUsdPerMillion: 0, outputUsdPerMillion: 0 },
    ],
    routes: { default: ['script'] },
    testCommand: 'play-tests',
  },
  models: createScriptedModel(SCRIPT),
  answer: (name) => (name.startsWith('question/') ? { text: 'So.' } : ANSWERS[name]),
};

/** The person's files when all went well. */
export const MEDIUM_DONE = { ...FILES, 'src/greet.txt': 'hello there\nkeep\n' };
