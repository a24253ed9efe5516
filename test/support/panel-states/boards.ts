/** Sample runs of which several coders work on one task: chosen by the rule and under review, and where the person is to choose. */
import type { CandidateScore } from '../../../src/protocol/candidates.ts';
import type { CandidateView, RunView } from '../../../src/protocol/view.ts';
import { review } from './ended.ts';
import { working } from './runs.ts';
import { GREEN, RED } from './talk.ts';

const SCORE: CandidateScore = {
  verdict: 'green',
  passed: 14,
  failed: 0,
  newlyPassing: 2,
  stillFailing: 0,
  files: 2,
  additions: 18,
  deletions: 3,
  review: 'approve',
  remarks: 0,
  tree: 'c1',
};

const of = (candidate: number, parts: Partial<CandidateView>): CandidateView => ({
  candidate,
  attempt: 1,
  state: 'ready',
  tokens: 9000 + candidate * 100,
  costUsd: 0.02 * candidate,
  ...parts,
});

const BOARD: readonly CandidateView[] = [
  of(1, { endpoint: 'local', gate: GREEN, score: { ...SCORE, additions: 44 } }),
  of(2, { endpoint: 'cloud', temperature: 0.9, gate: GREEN, score: SCORE }),
  of(3, {
    state: 'failed',
    note: 'The gate is red: "slugs > cuts at a dash" fails and did not fail on the base.',
    gate: RED,
  }),
  of(4, { state: 'leftOut', note: 'The budget has no room for it.', tokens: 0, costUsd: 0 }),
];
const CHOSEN = BOARD.map((each) =>
  each.candidate === 2
    ? {
        ...each,
        chosen: { by: 'rule' as const, why: '21 changed lines; the next best, 1, has 47 changed lines.' },
      }
    : each,
);

const withBoard = (view: RunView, candidates: readonly CandidateView[]): RunView => ({
  ...view,
  tasks: view.tasks.map((task) =>
    task.spec.id === 'truncate'
      ? {
          ...task,
          candidates,
          blame: {
            task: 'truncate',
            with: ['accents'],
            kind: 'red',
            tests: ['slugs > cuts at a dash'],
            shared: [{ path: 'src/slugify.js', lines: '3-5', otherLines: '4' }],
            files: ['src/slugify.js'],
            otherFiles: ['src/slugify.js'],
          },
        }
      : task,
  ),
});

/** The change is under review; the rule chose the second. */
export const boardReview: RunView = withBoard(review, CHOSEN);

/** The person is asked who goes on. */
export const boardAsked: RunView = {
  ...withBoard(working, BOARD),
  needs: [
    {
      signal: 'choose/truncate/1',
      at: working.updatedAt,
      ask: {
        kind: 'question',
        title: 'Which candidate goes on with "Cut long slugs at a word boundary"?',
        detail: 'The rule says 2. 21 changed lines; the next best, 1, has 47 changed lines.',
        who: { role: 'host', task: 'truncate', attempt: 1 },
        options: ['Candidate 2', 'Candidate 1'],
      },
    },
  ],
};
