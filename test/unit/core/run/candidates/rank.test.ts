/** The rule that chooses between candidates, and how many are started: tables. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CandidateScore } from '../../../../../src/protocol/candidates.ts';
import { roomFor } from '../../../../../src/core/run/candidates/how-many.ts';
import { ranked, whyFirst } from '../../../../../src/core/run/candidates/rank.ts';

const SCORE = CandidateScore.parse({
  verdict: 'green',
  passed: 3,
  failed: 0,
  newlyPassing: 1,
  stillFailing: 0,
  files: 1,
  additions: 5,
  deletions: 5,
  review: 'approve',
  remarks: 0,
  tree: 't',
});
type Part = Partial<CandidateScore>;

const CASES: readonly { is: string; scores: readonly Part[]; order: readonly number[]; why: RegExp }[] = [
  { is: 'none', scores: [], order: [], why: /^None/u },
  { is: 'one', scores: [{}], order: [1], why: /only one/u },
  { is: 'only red ones', scores: [{ verdict: 'red' }, { verdict: 'red' }], order: [], why: /^None/u },
  { is: 'red is never chosen', scores: [{ verdict: 'red', additions: 0 }, {}], order: [2], why: /only one/u },
  {
    is: 'green before not proved, however large',
    scores: [{ verdict: 'notProved', additions: 1 }, { additions: 900 }],
    order: [2, 1],
    why: /^Green; the next best, 1, has not proved/u,
  },
  {
    is: 'fewer that still fail',
    scores: [{ stillFailing: 2 }, { stillFailing: 1, additions: 90 }],
    order: [2, 1],
    why: /^1 still failing/u,
  },
  {
    is: 'more that newly pass',
    scores: [{ newlyPassing: 1 }, { newlyPassing: 2, additions: 90 }],
    order: [2, 1],
    why: /^2 newly passing/u,
  },
  {
    is: 'tests before the review',
    scores: [{ newlyPassing: 2, review: 'request_changes' }, {}],
    order: [1, 2],
    why: /newly passing/u,
  },
  {
    is: 'the review before the size',
    scores: [{ review: 'request_changes', additions: 0 }, { review: 'none' }, { additions: 90 }],
    order: [3, 2, 1],
    why: /^Approved; the next best, 2, has not reviewed/u,
  },
  { is: 'the smaller diff', scores: [{}, { deletions: 4 }], order: [2, 1], why: /^9 changed lines/u },
  { is: 'fewer files', scores: [{ files: 2 }, {}], order: [2, 1], why: /^1 changed file;/u },
  {
    is: 'what changed nothing goes only where nothing else did',
    scores: [{ files: 0, additions: 0, deletions: 0 }, {}],
    order: [2],
    why: /only one/u,
  },
  {
    is: 'nobody changed anything',
    scores: [{ files: 0 }, { files: 0 }],
    order: [1, 2],
    why: /lower number/u,
  },
  {
    is: 'equals',
    scores: [{}, {}, {}],
    order: [1, 2, 3],
    why: /^Nothing tells it from 2; the lower number/u,
  },
];

describe('the choice between candidates', () => {
  for (const { is, scores, order, why } of CASES)
    test(is, () => {
      const all = scores.map((part, at) => ({ candidate: at + 1, score: { ...SCORE, ...part } }));
      for (const given of [all, all.toReversed()]) {
        const found = ranked(given);
        assert.deepEqual(
          found.map(({ candidate }) => candidate),
          order,
        );
        assert.match(whyFirst(found), why);
      }
    });
});

const NEED = { each: { tokens: 10, costUsd: 1 }, others: { tokens: 20, costUsd: 2 } };

describe('how many candidates the budget has room for', () => {
  const cases: readonly (readonly [string, Parameters<typeof roomFor>[1], number, typeof NEED?])[] = [
    ['without limits', {}, 4],
    ['tokens for all and for the other tasks', { tokens: 60 }, 4],
    ['what other tasks need is left to them', { tokens: 49 }, 2],
    ['nothing left: one starts, and the budget itself stops it', { tokens: 0 }, 1],
    ['money', { costUsd: 5.5 }, 3],
    ['the narrowest counts', { tokens: 1000, costUsd: 4 }, 2],
    ['agents: an author and a reviewer each', { agents: 5 }, 2],
    [
      'an unknown cost says nothing',
      { costUsd: 1 },
      4,
      { ...NEED, each: { tokens: 10, costUsd: null as unknown as number } },
    ],
    ['a task that costs nothing', { costUsd: 0 }, 4, { ...NEED, each: { tokens: 10, costUsd: 0 } }],
  ];
  for (const [is, left, count, need = NEED] of cases)
    test(is, () => assert.equal(roomFor(4, left, need), count));
});
