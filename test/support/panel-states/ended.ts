/** Sample runs whose work is over: under review, finished, failed, paused, answered. */
import type { FeedItem, RunView } from '../../../src/protocol/view.ts';
import { ACCENTS, DOCS, feed, report, run, SPENT, spending, START, taskView, TRUNCATE } from './parts.ts';
import { working } from './runs.ts';
import { BASELINE, GREEN, RED, WORKING } from './talk.ts';

const DONE_TASKS = [
  taskView(ACCENTS, {
    state: 'done',
    attempt: 1,
    tokens: 15_800,
    costUsd: 0.07,
    gate: GREEN,
    review: { verdict: 'approve', comments: [] },
  }),
  taskView(TRUNCATE, {
    state: 'done',
    attempt: 1,
    tokens: 11_900,
    costUsd: 0.05,
    gate: GREEN,
    review: { verdict: 'approve', comments: [] },
  }),
  taskView(DOCS, {
    state: 'done',
    attempt: 1,
    tokens: 3100,
    costUsd: 0.01,
    gate: GREEN,
    review: { verdict: 'approve', comments: [] },
  }),
];

const CHANGES: NonNullable<RunView['changes']> = {
  revision: 1,
  base: 'a1',
  tree: 'b2',
  verdict: 'green',
  files: [
    { path: 'README.md', kind: 'modified', binary: false, additions: 18, deletions: 2 },
    { path: 'src/slugify.js', kind: 'modified', binary: false, additions: 7, deletions: 1 },
    { path: 'src/truncate.js', kind: 'added', binary: false, additions: 11, deletions: 0 },
    { path: 'test/slugify.test.js', kind: 'modified', binary: false, additions: 22, deletions: 0 },
    {
      path: 'test/with/a/long/way/down/to/truncate.test.js',
      kind: 'added',
      binary: false,
      additions: 19,
      deletions: 0,
    },
    { path: 'docs/old.png', kind: 'deleted', binary: true, additions: 0, deletions: 0 },
  ],
};

const SUMMARY = {
  title: 'Slugs fold accents and end at a word',
  body: [
    'Two changes, each with tests:',
    '',
    '- `slugify` folds accents and collapses dashes (`src/slugify.js:3`).',
    '- `truncate` is new and cuts at the last dash before the limit ([truncate.js](src/truncate.js:4)).',
    '',
    '| Slug | Before | After |',
    '| --- | --- | --- |',
    '| Crème brûlée | `cr-me-br-l-e` | `creme-brulee` |',
    '',
    '**Open**: `ß` becomes `ss`, as you said. See [NFKD](https://unicode.org/reports/tr15/).',
  ].join('\n'),
};

const ENDING: readonly FeedItem[] = feed(
  {
    kind: 'review',
    task: 'truncate',
    verdict: 'approve',
    comments: [
      { path: 'src/truncate.js', line: 6, severity: 'praise', body: 'The long word is covered now.' },
    ],
  },
  { kind: 'gate', scope: 'integrated', report: GREEN },
  {
    kind: 'said',
    who: { role: 'synthesizer', agent: 'synthesizer-1' },
    text: 'I write down what changed and what proves it.',
  },
).map((item) => ({ ...item, id: item.id + 300, at: item.at + 200_000 }));

const TALK: readonly FeedItem[] = [...WORKING.slice(0, -1), ...ENDING];

/** Everybody has handed over. */
const OVER = working.agents.map((agent) => ({ ...agent, state: 'done' }));

export const review: RunView = run({
  ...working,
  agents: OVER,
  status: 'reviewing',
  updatedAt: START + 262_000,
  feed: TALK,
  active: [],
  tasks: DONE_TASKS,
  evidence: { baseline: BASELINE, integrated: GREEN },
  changes: CHANGES,
  summary: SUMMARY,
  needs: [
    {
      signal: 'review/1',
      at: START + 262_000,
      ask: { kind: 'review', title: 'Review 6 changed files', options: ['Apply', 'Revise', 'Discard'] },
    },
  ],
});

/** The person changed a file meanwhile that the change touches too. */
export const conflicted: RunView = run({
  ...review,
  changes: { ...CHANGES, decided: { accepted: ['src/slugify.js', 'src/truncate.js'], rejected: [] } },
  needs: [
    {
      signal: 'apply/1',
      at: START + 270_000,
      ask: {
        kind: 'apply',
        title: 'A file changed while the run worked, in ways that conflict',
        detail: 'src/slugify.js',
        options: ['Apply the rest', 'Apply nothing'],
        conflict: { ours: 'tree-ours', marked: 'tree-marked', paths: ['src/slugify.js'] },
      },
    },
  ],
});

export const applyRed: RunView = run({
  ...review,
  evidence: { baseline: BASELINE, integrated: GREEN, accepted: RED },
  changes: {
    ...CHANGES,
    decided: {
      accepted: ['src/slugify.js', 'README.md'],
      rejected: [{ path: 'src/truncate.js', reason: 'Later.' }],
    },
  },
  needs: [
    {
      signal: 'apply/1',
      at: START + 270_000,
      ask: {
        kind: 'apply',
        title: 'The tests are red for what you accepted. Apply it anyway?',
        detail: 'Only what belongs to the change ran so far; the whole suite follows once that passes.',
        options: ['Apply anyway', 'Do not apply'],
      },
    },
  ],
});

export const finished: RunView = run({
  ...review,
  status: 'finished',
  updatedAt: START + 284_000,
  needs: [],
  changes: {
    ...CHANGES,
    decided: {
      accepted: CHANGES.files.slice(0, 5).map(({ path }) => path),
      rejected: [{ path: 'docs/old.png', reason: 'Still linked from the wiki.' }],
    },
    applied: CHANGES.files
      .slice(0, 5)
      .map(({ path }, index) => ({ path, how: index === 0 ? 'merged' : 'written' })),
  },
  finished: {
    outcome: 'done',
    message: 'The change is in your workspace. The tests prove it.',
    partial: false,
  },
});

export const notProved: RunView = run({
  ...finished,
  demo: true,
  ...spending({ ...SPENT, costUsd: null }),
  evidence: {
    integrated: report('notProved', {
      reasons: ['No test ran: none was found.'],
      totals: { passed: 0, failed: 0, skipped: 0 },
    }),
  },
  finished: {
    outcome: 'notProved',
    message: 'The change is in your workspace. It is not proved by tests.',
    partial: false,
  },
});

export const failed: RunView = run({
  ...working,
  status: 'failed',
  active: [],
  tasks: [
    taskView(ACCENTS, { state: 'failed', attempt: 2, tokens: 40_100, costUsd: 0.2, gate: RED }),
    taskView(TRUNCATE, { state: 'done', attempt: 1, tokens: 9000, costUsd: 0.04, gate: GREEN }),
    taskView(DOCS, { state: 'blocked', note: 'accents is failed' }),
  ],
  feed: WORKING.slice(0, -1),
  finished: {
    outcome: 'failed',
    message: 'Nothing was changed. Fold accents and collapse dashes in slugify: failed.',
    partial: false,
  },
});

export const paused: RunView = run({
  ...working,
  status: 'paused',
  active: [],
  feed: WORKING.slice(0, -1),
  ...spending({ ...SPENT, costUsd: 1.98 }),
  paused: {
    reason: 'budget',
    message:
      "The run's cost budget of $2.00 would be passed: $1.98 are spent or held, and this call may take $0.0600. Raise the limit to go on.",
  },
});

export const answered: RunView = run({
  id: 'run-ask',
  goal: 'Where are slugs made, and what happens to accents?',
  mode: 'ask',
  status: 'finished',
  updatedAt: START + 21_000,
  spent: { ...SPENT, costUsd: 0.0031, inputTokens: 2100, outputTokens: 310, calls: 2 },
  feed: feed(
    {
      kind: 'tool',
      who: { role: 'researcher', agent: 'researcher-1' },
      tool: 'search_text',
      title: 'Search “slugify”',
      args: '{"query":"slugify"}',
      state: 'ok',
      result: 'src/slugify.js:1\nsrc/index.js:2',
      durationMs: 44,
    },
    {
      kind: 'tool',
      who: { role: 'researcher', agent: 'researcher-1' },
      tool: 'read_file',
      title: 'Read src/slugify.js',
      args: '{"path":"src/slugify.js"}',
      state: 'ok',
      result: 'export function slugify…',
      durationMs: 6,
    },
  ),
  answer: {
    text: 'Slugs are made by `slugify` in `src/slugify.js:1`. Everything outside `a-z0-9` becomes a dash, so **accents are lost**:\n\n1. `é` is replaced before it is folded.\n2. Nothing normalises the text first.',
    sources: ['src/slugify.js:1', 'src/index.js:2', 'test/slugify.test.js:14'],
  },
  finished: { outcome: 'answered', message: 'Answered.', partial: false },
});
