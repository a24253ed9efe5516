/** Sample runs whose plan has plans in it. */
import type { PlanSpec } from '../../../src/protocol/plan.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { START, task, taskView } from './parts.ts';
import { working } from './runs.ts';

const API = task('api', 'Build the interface', {
  acceptance: ['Both routes answer.'],
  files: ['src/api/**'],
  estimate_tokens: 1000,
});
const READ = task('api.read', 'Route that reads', { files: ['src/api/read.ts'], estimate_tokens: 8000 });
const WRITE = task('api.write', 'Route that writes', {
  files: ['src/api/write.ts'],
  depends_on: ['api.read'],
  estimate_tokens: 7000,
});
const PAGES = task('pages', 'Build the pages', {
  depends_on: ['api'],
  files: ['src/pages/**'],
  expand: true,
  estimate_tokens: 20_000,
});
const SPEC: PlanSpec = { summary: 'An interface, and pages on it.', tasks: [API, READ, WRITE, PAGES] };

export const nested: RunView = {
  ...working,
  plan: { revision: 1, spec: SPEC, decided: 'approved', problems: [], costUsd: 0.4 },
  tasks: [
    taskView(API, { state: 'working', tokens: 500, costUsd: 0.01 }),
    taskView(READ, { state: 'done', attempt: 1, tokens: 9000, costUsd: 0.05 }),
    taskView(WRITE, { state: 'working', attempt: 1, tokens: 2500, costUsd: 0.02 }),
    taskView(PAGES),
  ],
};

const SIGNAL = 'plan/task/pages/attempt/1/1';

/** A planner has broken a task down, and the person is asked about it while another one works. */
export const suggested: RunView = {
  ...nested,
  tasks: nested.tasks.map((each) => (each.spec === PAGES ? { ...each, state: 'working', attempt: 1 } : each)),
  suggestions: [
    {
      key: SIGNAL,
      task: 'pages',
      kind: 'breakdown',
      plan: {
        summary: 'A list and a form.',
        tasks: [
          task('pages.list', 'The list', { files: ['src/pages/list.ts'] }),
          task('pages.form', 'The form', { files: ['src/pages/form.ts'], depends_on: ['pages.list'] }),
        ],
      },
      problems: [],
      costUsd: 0.2,
      estimates: ['pages.list', 'pages.form'].map((id) => ({ task: id, tokens: 12_000, costUsd: 0.1 })),
    },
  ],
  needs: [
    {
      signal: SIGNAL,
      at: START + 100_000,
      ask: {
        kind: 'plan',
        title: 'Approve the sub-tasks of pages (pages.list, pages.form)',
        detail: 'A list and a form.',
        options: ['Approve', 'Revise', 'In one go'],
        who: { role: 'planner', agent: 'task/pages/attempt/1/planner', task: 'pages' },
      },
    },
  ],
};
