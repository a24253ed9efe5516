/** A run with everything in it: parallel tasks, a red gate, QA, a review round, a question, a merge, a summary. */
import type { Script } from '../../src/core/models/script.ts';
import type { Scenario } from './check.ts';

const edit = (path: string, old_text: string, new_text: string): object => ({
  tool: 'edit_file',
  args: { path, edits: [{ old_text, new_text }] },
});
const result = (summary: string): object => ({ tool: 'submit_result', args: { summary } });

const PLAN = {
  summary: 'Two fixes side by side, then the document.',
  tasks: [
    {
      id: 'alpha',
      title: 'Fix alpha',
      description: 'Make "alpha works" pass.',
      role: 'coder',
      files: ['src/a.txt'],
    },
    {
      id: 'beta',
      title: 'Fix beta',
      description: 'Make "beta works" pass.',
      role: 'coder',
      files: ['src/b.txt'],
    },
    {
      id: 'docs',
      title: 'Document it',
      description: 'Say what changed.',
      role: 'documenter',
      files: ['README.md'],
      depends_on: ['alpha', 'beta'],
    },
  ],
};

export const RICH: Scenario = {
  goal: 'Mend alpha and beta',
  files: {
    'src/a.txt': 'alpha broken\nkeep\n',
    'src/b.txt': 'beta broken\n',
    'README.md': '# Sample\n',
    'test/all.spec':
      'alpha works: src/a.txt has alpha fine\nalpha keeps: src/a.txt has keep\nbeta works: src/b.txt has beta fine\n',
  },
  settings: { interactive: true, approvals: { plan: true, commands: true, changes: true }, qa: {} },
  answers: {
    'plan/1': { decision: 'approve' },
    'question/task/beta/attempt/1/coder/round/0/turn/1/tool/1': { text: 'Call it fine.' },
    'review/1': { decision: 'apply', accepted: ['README.md', 'src/a.txt', 'src/b.txt'], rejected: [] },
  },
  script: {
    title: 'rich',
    agents: [
      {
        role: 'planner',
        replies: [
          {
            content: 'I look first.',
            calls: [
              { tool: 'list_files', args: {} },
              { tool: 'read_file', args: { path: 'src/a.txt' } },
            ],
          },
          { content: 'Now I know.', calls: [{ tool: 'submit_plan', args: PLAN }] },
        ],
      },
      {
        role: 'coder',
        task: 'alpha',
        replies: [
          {
            content: 'A quick fix.',
            calls: [edit('src/a.txt', 'alpha broken\nkeep', 'alpha fine'), result('Fixed alpha.')],
          },
          {
            content: 'I dropped a line.',
            calls: [edit('src/a.txt', 'alpha fine\n', 'alpha fine\nkeep\n'), result('Kept the line.')],
          },
        ],
      },
      {
        role: 'qa',
        task: 'alpha',
        replies: [
          {
            content: '',
            calls: [
              {
                tool: 'submit_diagnosis',
                args: {
                  summary: 'A line is gone.',
                  causes: [{ test: 'alpha keeps', cause: 'keep was removed', suggestion: 'put it back' }],
                },
              },
            ],
          },
        ],
      },
      {
        role: 'reviewer',
        task: 'alpha',
        replies: [{ content: '', calls: [{ tool: 'submit_review', args: { verdict: 'approve' } }] }],
      },
      {
        role: 'coder',
        task: 'beta',
        replies: [
          {
            content: 'One question.',
            calls: [
              { tool: 'read_file', args: { path: 'src/b.txt' } },
              { tool: 'ask_user', args: { question: 'What shall it be called?', options: ['fine', 'good'] } },
            ],
          },
          { content: '', calls: [edit('src/b.txt', 'beta broken', 'beta fine'), result('Called it fine.')] },
          {
            content: '',
            calls: [edit('src/b.txt', 'beta fine', 'beta fine, really'), result('More words.')],
          },
        ],
      },
      {
        role: 'reviewer',
        task: 'beta',
        replies: [
          {
            content: '',
            calls: [
              {
                tool: 'submit_review',
                args: {
                  verdict: 'request_changes',
                  comments: [{ path: 'src/b.txt', line: 1, severity: 'blocking', body: 'Say more.' }],
                },
              },
            ],
          },
          { content: '', calls: [{ tool: 'submit_review', args: { verdict: 'approve' } }] },
        ],
      },
      {
        role: 'documenter',
        task: 'docs',
        replies: [
          {
            content: '',
            calls: [
              edit('README.md', '# Sample\n', '# Sample\n\nalpha and beta are fine.\n'),
              result('Wrote it down.'),
            ],
          },
        ],
      },
      {
        role: 'reviewer',
        task: 'docs',
        replies: [{ content: '', calls: [{ tool: 'submit_review', args: { verdict: 'approve' } }] }],
      },
      {
        role: 'synthesizer',
        replies: [
          {
            content: '',
            calls: [
              { tool: 'submit_summary', args: { title: 'Alpha and beta work', body: 'Both are fine.' } },
            ],
          },
        ],
      },
    ],
  } as Script,
};

export const RICH_FILES = {
  'src/a.txt': 'alpha fine\nkeep\n',
  'src/b.txt': 'beta fine, really\n',
  'README.md': '# Sample\n\nalpha and beta are fine.\n',
};
