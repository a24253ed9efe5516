/** Sample runs, one for each thing that the panel shows. */
import type { RunView } from '../../../src/protocol/view.ts';
import { ACCENTS, DOCS, PLAN, report, run, SPENT, START, taskView, TRUNCATE } from './parts.ts';
import { BASELINE, longTalk, PLANNING, RED, RUNNING_SINCE, WORKING } from './talk.ts';

const AGENTS: RunView['agents'] = [
  { id: 'planner-1', role: 'planner', state: 'done', endpoint: 'main', turns: 3 },
  { id: 'coder-1', role: 'coder', task: 'accents', state: 'thinking', endpoint: 'main', turns: 6 },
  {
    id: 'coder-2',
    role: 'coder',
    task: 'truncate',
    state: 'acting',
    endpoint: 'main',
    turns: 4,
    context: { tokens: 31_200, window: 128_000 },
  },
  { id: 'qa-1', role: 'qa', task: 'accents', state: 'acting', endpoint: 'main', turns: 1 },
];

export const planning: RunView = run({
  feed: PLANNING,
  agents: AGENTS.slice(0, 1),
  evidence: { baseline: BASELINE },
  spent: { ...SPENT, inputTokens: 3120, outputTokens: 240, calls: 2, costUsd: 0.004 },
  active: [
    {
      key: 'plan/1/planner/turn/3/model',
      kind: 'model',
      title: 'Ask the planner',
      who: { role: 'planner', agent: 'planner-1' },
      since: START + 90_000,
    },
  ],
});

export const planOpen: RunView = run({
  ...planning,
  status: 'waiting',
  active: [],
  plan: {
    revision: 1,
    spec: PLAN,
    decided: 'open',
    problems: [],
    costUsd: 0.42,
    estimates: PLAN.tasks.map(({ id }) => ({ task: id, tokens: 24_000, costUsd: 0.14 })),
  },
  tasks: PLAN.tasks.map((spec) => taskView(spec)),
  needs: [
    {
      signal: 'plan/1',
      at: START + 93_000,
      ask: {
        kind: 'plan',
        title: 'Approve the plan',
        detail: PLAN.summary,
        options: ['Approve', 'Revise', 'End'],
      },
    },
  ],
});

export const working: RunView = run({
  status: 'working',
  feed: WORKING,
  agents: AGENTS,
  plan: { revision: 1, spec: PLAN, decided: 'approved', problems: [], costUsd: 0.42 },
  tasks: [
    taskView(ACCENTS, { state: 'testing', attempt: 2, tokens: 12_400, costUsd: 0.06, gate: RED }),
    taskView(TRUNCATE, {
      state: 'working',
      attempt: 1,
      tokens: 8200,
      costUsd: 0.04,
      gate: report('green', { totals: { passed: 14, failed: 0, skipped: 0 } }),
      review: {
        verdict: 'request_changes',
        comments: [
          { path: 'src/truncate.js', line: 6, severity: 'blocking', body: 'Empty for a single long word.' },
        ],
      },
    }),
    taskView(DOCS),
  ],
  evidence: { baseline: BASELINE },
  spent: SPENT,
  budget: { costUsdMax: 2, tokensMax: 400_000 },
  autonomy: 'guided',
  active: [
    {
      key: 'task/accents/attempt/2/gate/1',
      kind: 'tests',
      title: 'Run the tests',
      who: { role: 'qa', task: 'accents' },
      since: RUNNING_SINCE,
    },
    {
      key: 'task/truncate/attempt/1/coder/round/1/turn/2/model',
      kind: 'model',
      title: 'Ask the coder',
      who: { role: 'coder', agent: 'coder-2', task: 'truncate' },
      since: START + 119_000,
    },
  ],
});

export const asked: RunView = run({
  ...working,
  status: 'waiting',
  needs: [
    {
      signal: 'permission/task/truncate/attempt/1/coder/round/0/turn/3/tool/0',
      at: START + 80_000,
      ask: {
        kind: 'permission',
        title: 'Run npm install --save-dev c8',
        detail: 'npm install --save-dev c8\n\nWhy this asks: it wants the network.',
        options: ['Allow', 'Deny'],
        danger: 'outward',
        who: { role: 'coder', agent: 'coder-2', task: 'truncate' },
      },
    },
    {
      signal: 'question/task/accents/attempt/1/coder/round/0/turn/2/tool/1',
      at: START + 86_000,
      ask: {
        kind: 'question',
        title: 'Should "ß" become "ss" or "s"?',
        options: ['ss', 's'],
        who: { role: 'coder', agent: 'coder-1', task: 'accents' },
      },
    },
  ],
});

export const quick: RunView = run({
  ...working,
  id: 'run-quick',
  mode: 'quick',
  goal: 'Rename max to limit in truncate.js',
  feed: WORKING.slice(5, 8),
  agents: AGENTS.slice(1, 2),
  active: [],
  tasks: [
    taskView({ ...ACCENTS, id: 'edit', title: 'Rename max to limit in truncate.js' }, { state: 'working' }),
  ],
});
delete (quick as { plan?: unknown }).plan;

/** A run of `count` entries that still works. */
export const long = (count: number): RunView =>
  run({ ...working, id: 'run-long', feed: longTalk(count), lastSeq: count * 3 + 10 });
