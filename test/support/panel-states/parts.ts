/** Building blocks of sample runs: small, plausible and typed by the protocol. */
import type { GateReport } from '../../../src/protocol/events.ts';
import type { PlanSpec, TaskSpec } from '../../../src/protocol/plan.ts';
import type { FeedItem, RunView, TaskView } from '../../../src/protocol/view.ts';

/** When sample runs start: fixed, so that pictures of them stay the same. */
export const START = Date.UTC(2026, 3, 14, 9, 30, 0);

type NewItem = FeedItem extends infer T ? (T extends FeedItem ? Omit<T, 'id' | 'at'> : never) : never;

/** Items in order, numbered and seven seconds apart. */
export const feed = (...items: readonly NewItem[]): FeedItem[] =>
  items.map((item, index) => ({ ...item, id: 10 + index * 3, at: START + index * 7000 }));

export const report = (verdict: GateReport['verdict'], parts: Partial<GateReport> = {}): GateReport => ({
  verdict,
  reasons: [],
  command: 'npm test',
  exitCode: verdict === 'green' ? 0 : 1,
  durationMs: 840,
  totals: { passed: 12, failed: 0, skipped: 0 },
  newlyFailing: [],
  newlyPassing: [],
  stillFailing: [],
  removed: [],
  newlySkipped: [],
  added: [],
  ...parts,
});

export const task = (id: string, title: string, parts: Partial<TaskSpec> = {}): TaskSpec => ({
  id,
  title,
  description: `Do what "${title}" says, and nothing else.`,
  role: 'coder',
  depends_on: [],
  acceptance: [],
  priority: 0,
  gate: 'own',
  ...parts,
});

export const taskView = (spec: TaskSpec, parts: Partial<TaskView> = {}): TaskView => ({
  spec,
  state: 'waiting',
  attempt: 0,
  tokens: 0,
  costUsd: 0,
  ...parts,
});

/** The plan that the sample runs work on. */
export const PLAN: PlanSpec = {
  summary:
    'Make `slugify` handle accents and repeated dashes, and cut long slugs at a word, with tests for each.',
  tasks: [
    task('accents', 'Fold accents and collapse dashes in slugify', {
      description:
        'In `src/slugify.js`, normalise to NFKD, drop combining marks, and turn every run of other signs into one dash.\n\nNo dash may stand at either end.',
      acceptance: ['slugify("Crème brûlée") is "creme-brulee"', 'No leading, trailing or doubled dash'],
      files: ['src/slugify.js', 'test/slugify.test.js'],
      estimate_tokens: 9000,
    }),
    task('truncate', 'Cut long slugs at a word boundary', {
      description: 'Add `truncate(slug, max)` in `src/truncate.js`. It cuts at the last dash before `max`.',
      acceptance: ['truncate("one-two-three", 8) is "one-two"'],
      files: ['src/truncate.js', 'test/truncate.test.js'],
      estimate_tokens: 6500,
    }),
    task('docs', 'Describe both functions in the README', {
      role: 'documenter',
      depends_on: ['accents', 'truncate'],
      files: ['README.md'],
      estimate_tokens: 3000,
    }),
  ],
};

export const [ACCENTS, TRUNCATE, DOCS] = PLAN.tasks as [TaskSpec, TaskSpec, TaskSpec];

const NOTHING_SPENT: RunView['spent'] = {
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  calls: 0,
  costUsd: 0,
};

/** A ledger that adds up to what was spent: three roles, two endpoints. */
function ledgerOf(spent: RunView['spent']): RunView['ledger'] {
  if (spent.calls === 0) return [];
  const share = (part: number) => ({
    inputTokens: Math.round(spent.inputTokens * part),
    outputTokens: Math.round(spent.outputTokens * part),
    calls: Math.round(spent.calls * part),
    costUsd: spent.costUsd === null ? null : spent.costUsd * part,
    cutOff: false,
  });
  return [
    { role: 'planner', agent: 'plan', endpoint: 'large', ...share(0.2) },
    {
      role: 'coder',
      agent: 'task/accents/attempt/1/coder',
      task: 'accents',
      endpoint: 'large',
      ...share(0.5),
    },
    {
      role: 'reviewer',
      agent: 'task/accents/attempt/1/reviewer',
      task: 'accents',
      endpoint: 'small',
      ...share(0.3),
    },
  ];
}

/** A run as it has just begun, with `parts` put in. */
export const run = (parts: Partial<RunView> = {}): RunView => ({
  id: 'run-7f3a',
  goal: 'Make slugify handle accents and repeated dashes, and cut long slugs at a word boundary',
  mode: 'team',
  demo: false,
  status: 'planning',
  startedAt: START,
  updatedAt: START + 126_000,
  lastSeq: 400,
  tasks: [],
  agents: [],
  needs: [],
  active: [],
  feed: [],
  spent: NOTHING_SPENT,
  budget: {},
  ledger: ledgerOf(parts.spent ?? NOTHING_SPENT),
  evidence: {},
  ...parts,
});

/** What was spent, with its ledger. */
export const spending = (spent: RunView['spent']): Pick<RunView, 'spent' | 'ledger'> => ({
  spent,
  ledger: ledgerOf(spent),
});

export const SPENT: RunView['spent'] = {
  inputTokens: 38_412,
  outputTokens: 4_210,
  cachedTokens: 21_000,
  calls: 14,
  costUsd: 0.1372,
};
