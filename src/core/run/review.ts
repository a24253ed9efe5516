/** Who reviews a change: one, or several whose votes decide. What they do not agree on is told, never hidden. */
import type { ConsensusData, ConsensusSettings, Vote } from '../../protocol/consensus.ts';
import type { ChangedFile, GateReport } from '../../protocol/events.ts';
import { ReviewHandover, type ReviewComment } from '../../protocol/handover.ts';
import type { Agent, Teller } from '../team/agent.ts';
import { tally, voterOf, votersOf, whySeveral } from '../team/consensus.ts';
import { endpointsFor } from '../team/routes.ts';
import { recruit, type Recruit } from './agents/recruit.ts';
import type { Run } from './run.ts';

/** A change that is to be reviewed. */
export interface UnderReview {
  readonly run: Run;
  readonly task: string;
  /** Whose words reviewers are told. */
  readonly authors: readonly Teller[];
  /** Where the keys of its review begin. */
  readonly key: string;
  readonly round: number;
  /** What it changes; asked for where that decides how many review it. */
  readonly files: () => Promise<readonly ChangedFile[]>;
  /** Absent where nothing was tested. */
  readonly gate: GateReport | undefined;
  readonly recruit: Omit<Recruit, 'role' | 'key'>;
  /** What a reviewer is told who has not, or has, seen it before. */
  readonly say: (isNew: boolean) => string;
}

/** Who has reviewed it so far, by the end of their keys. */
export type Reviewers = Map<string, Agent>;

/** A review, and whose words are in it; or why there is none. */
export type Reviewed =
  { readonly review: ReviewHandover; readonly by: readonly Agent[] } | { readonly failed: string };

export async function reviewChange(change: UnderReview, reviewers: Reviewers): Promise<Reviewed> {
  const { consensus } = change.run.settings;
  if (consensus === undefined || consensus.when === 'never') return ask(change, reviewers, {});
  const because = whySeveral(consensus, await change.files(), change.gate);
  return because === undefined
    ? ask(change, reviewers, {})
    : askSeveral(change, reviewers, { consensus, because });
}

interface One {
  /** Which of several. */
  readonly name?: string;
  readonly model?: string;
  /** Said in place of what reviewers are told. */
  readonly say?: string;
}

async function ask(
  change: UnderReview,
  reviewers: Reviewers,
  { name = '', model, say }: One,
): Promise<Reviewed> {
  const { run, authors, key, round } = change;
  const former = reviewers.get(name);
  const agent =
    former ?? recruit(run, { ...change.recruit, role: 'reviewer', key: `${key}/reviewer${name}`, model });
  reviewers.set(name, agent);
  for (const author of authors) agent.hearFrom(author);
  const end = await agent.work(say ?? change.say(former === undefined), round);
  const review = end.kind === 'handover' ? ReviewHandover.safeParse(end.value) : undefined;
  if (review?.success) return { review: review.data, by: [agent] };
  reviewers.delete(name);
  return { failed: end.kind === 'failed' ? end.why : 'its hand-over cannot be read' };
}

interface Several {
  readonly consensus: ConsensusSettings;
  readonly because: string;
}

async function askSeveral(
  change: UnderReview,
  reviewers: Reviewers,
  { consensus, because }: Several,
): Promise<Reviewed> {
  const { run, task, key, round } = change;
  const endpoints = endpointsFor(run.roles.get('reviewer'), run.settings);
  const asked = votersOf(endpoints, consensus);
  const reviews = await Promise.all(
    asked.map(({ endpoint: model }, at) =>
      ask(change, reviewers, { name: `/vote/${String(at + 1)}`, model }),
    ),
  );
  const votes = reviews.map((reviewed, at) => {
    const gave = 'failed' in reviewed ? undefined : reviewed.by[0]?.endpoint;
    const voter = voterOf(consensus, asked[at]?.endpoint, gave);
    return voteOf(reviewed, { agent: `${key}/reviewer/vote/${String(at + 1)}`, ...voter });
  });
  const done = reviews.flatMap((reviewed) => ('failed' in reviewed ? [] : [reviewed]));
  const judged = consensus.how === 'judged' ? await judge(change, reviewers, done) : undefined;
  if (judged && 'failed' in judged) return judged;
  const counted = tally(votes);
  const verdict = judged?.review.verdict ?? counted.verdict;
  const data: ConsensusData = {
    task,
    round,
    how: consensus.how,
    because,
    votes,
    verdict,
    split: counted.split,
  };
  run.steps.record({ type: 'consensus.reached', key: `${key}/${String(round)}`, data });
  if (done.length === 0) return { failed: `none of ${String(votes.length)} reviewers finished` };
  const comments = [
    ...done.flatMap(({ review }) => differing(review, verdict)),
    ...(judged?.review.comments ?? []),
  ];
  return {
    review: { verdict, comments: comments.slice(0, COMMENTS_MAX) },
    by: [...done, ...(judged ? [judged] : [])].flatMap(({ by }) => by),
  };
}

/** As many as one review may have. */
const COMMENTS_MAX = 100;

/** Remarks of who saw it otherwise say so. */
function differing(
  { verdict: own, comments }: ReviewHandover,
  verdict: ReviewHandover['verdict'],
): readonly ReviewComment[] {
  if (own === verdict) return comments;
  const who = own === 'approve' ? 'a reviewer who approves' : 'a reviewer who asks for changes';
  return comments.map((comment) => ({ ...comment, body: `[${who}] ${comment.body}`.slice(0, 4000) }));
}

const WHY_CHARS = 200;

function voteOf(reviewed: Reviewed, vote: Pick<Vote, 'agent' | 'endpoint' | 'weight'>): Vote {
  if ('failed' in reviewed) return { ...vote, verdict: 'none', why: reviewed.failed.slice(0, WHY_CHARS) };
  const { verdict, comments } = reviewed.review;
  const first = comments.find(({ severity }) => severity === 'blocking') ?? comments[0];
  return {
    ...vote,
    verdict,
    why: first ? `${first.path}:${String(first.line)} ${first.body}`.slice(0, WHY_CHARS) : '',
  };
}

/** One more who reads all votes, not knowing whose they are, and decides. */
function judge(
  change: UnderReview,
  reviewers: Reviewers,
  done: readonly { readonly review: ReviewHandover }[],
): Promise<Reviewed> {
  const { fence } = change.run;
  const told = done.map(({ review: { verdict, comments } }, at) => {
    const lines = comments.map(
      ({ path, line, severity, body }) => `${path}:${String(line)} [${severity}] ${body}`,
    );
    return fence(`reviewer ${String(at + 1)}`, [verdict, ...lines].join('\n'));
  });
  const say = `${change.say(true)}\n\nReviewers before you said:\n${told.join('\n')}\n\nWeigh their arguments, not their number, look for yourself where they differ, and decide.`;
  return ask(change, reviewers, { name: '/judge', say });
}
