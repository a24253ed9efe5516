/**
 * From an author's hand-over to the integrated tree: gate, review, merge. What is found wrong goes back to the author with the
 * evidence, a bounded number of times; each round continues the same conversation.
 */
import type { Blame } from '../../protocol/blame.ts';
import type { GateReport } from '../../protocol/events.ts';
import { DiagnosisHandover, ReviewHandover } from '../../protocol/handover.ts';
import type { Limits } from '../../protocol/settings.ts';
import { tellerOf, type Agent } from '../team/agent.ts';
import { taintOf } from '../tools/outward.ts';
import { changedFiles, diffText, markedFiles } from './merge/differences.ts';
import { withEvidence } from './gate/evidence.ts';
import { report, testPlace } from './gate/gate.ts';
import { tellDone, tellRed } from './agents/notices.ts';
import { partFirst } from './gate/part-first.ts';
import { settle } from './gate/judging.ts';
import { diagnosisText, gateText, remarksText, reviewAgainText, reviewText } from './agents/prompts.ts';
import { recruit } from './agents/recruit.ts';
import { GivenUp } from './journal/cancellable.ts';
import { conflictText, marksText, togetherText } from './merge/together-text.ts';
import { reviewChange, type Reviewers } from './review.ts';
import { keyOf, saidIn, type Attempt, type AttemptEnd, type Author } from './attempt.ts';

/** Rounds that are counted, and the limit that bounds each. */
type Counted = 'gateRounds' | 'reviewRounds' | 'conflictRounds';

/** One attempt on its way through the gates. */
export interface Proving {
  readonly attempt: Attempt;
  readonly author: Author;
  readonly key: string;
  readonly wanted: string;
  readonly used: Record<Counted, number>;
  /** The integration tree that the change was made from, or merged with since. */
  start: string;
  /** The author's latest words. */
  said: string;
  round: number;
  gate: GateReport | undefined;
  /** Files that did not merge: the author was given both sides, marked. */
  conflicted: readonly string[];
  /** What the author was told of the last conflict. */
  conflict?: string;
  /** The last one. */
  review?: ReviewHandover;
  qa: Agent | undefined;
  readonly reviewers: Reviewers;
}

/** Something to mend, or that the change went through. */
export type Passage =
  | { readonly kind: 'passed' }
  | { readonly kind: 'back'; readonly say: string; readonly counts: Counted; readonly why: string };

type Back = Extract<Passage, { readonly kind: 'back' }>;

const PASSED: Passage = { kind: 'passed' };

export async function prove(attempt: Attempt, start: string, author: Author): Promise<AttemptEnd> {
  const proving = beginProof(attempt, start, author);
  return goOn(proving, await passAll(proving));
}

export function beginProof(attempt: Attempt, start: string, author: Author): Proving {
  const { unit } = attempt;
  return {
    attempt,
    author,
    key: keyOf(attempt, unit.id),
    wanted: unit.tasks
      .flatMap((task) => [task.title, task.description, ...task.acceptance, ...(task.files ?? [])])
      .join('\n'),
    used: { gateRounds: 0, reviewRounds: 0, conflictRounds: 0 },
    start,
    conflicted: [],
    said: author.said,
    round: 0,
    gate: undefined,
    qa: undefined,
    reviewers: new Map(),
  };
}

/** Up to the gate and one review, without the merge: what candidates are compared by. */
export async function tryOut(
  proving: Proving,
): Promise<Passage | { readonly kind: 'failed'; readonly why: string }> {
  for (;;) {
    const gate = await passGate(proving);
    if (gate.kind === 'passed') return passReview(proving);
    const failure = await sendBack(proving, gate);
    if (failure) return failure;
  }
}

/** From a passage that was found to the integrated tree. */
export async function goOn(proving: Proving, found: Passage): Promise<AttemptEnd> {
  let passage = found;
  while (passage.kind === 'back') {
    const failure = await sendBack(proving, passage);
    if (failure) return failure;
    passage = await passAll(proving);
  }
  return { kind: 'done' };
}

/** Lets the author work on what was found wrong; a failure where that was once too often, or the author gave up. */
async function sendBack(
  proving: Proving,
  passage: Back,
): Promise<Extract<AttemptEnd, { readonly kind: 'failed' }> | undefined> {
  const { attempt, author } = proving;
  const { work } = attempt;
  if (exhausted(proving, passage.counts, work.run.settings.limits)) {
    if (passage.counts === 'conflictRounds') await askForAnotherPlan(proving, passage);
    return { kind: 'failed', why: passage.why };
  }
  attempt.tell('working', passage.why);
  proving.round += 1;
  const end = await author.agent.work(passage.say, proving.round);
  if (end.kind === 'failed') return { kind: 'failed', why: end.why };
  proving.said = saidIn(end);
  work.results.set(author.task.id, { text: proving.said, teller: tellerOf(author.agent) });
  return undefined;
}

/** Characters of what a planner is told of a conflict. */
const CONFLICT_CHARS = 4000;

/** Two changes that do not go together, whatever the author of the later one does, may be parted wrongly. */
async function askForAnotherPlan(proving: Proving, { why }: Back): Promise<void> {
  const { attempt, key, said, conflict = '' } = proving;
  const { work, unit, number, candidate } = attempt;
  if (candidate) return;
  const evidence = `${why} Its author could not solve that.\nWhat its author was told:\n${conflict}\nWhat its author says:\n${said}`;
  await work.replan?.ask({
    task: unit.id,
    attempt: number,
    key: `${key}/conflict`,
    evidence: evidence.slice(0, CONFLICT_CHARS),
  });
  if (work.isGivenUp()) throw new GivenUp('The plan was changed.');
}

function exhausted(proving: Proving, counts: Counted, limits: Limits): boolean {
  proving.used[counts] += 1;
  if (proving.used[counts] <= limits[counts]) return false;
  const data = { limit: counts, value: limits[counts], who: proving.author.agent.who };
  proving.attempt.work.run.steps.record({ type: 'limit.reached', key: `${proving.key}/${counts}`, data });
  return true;
}

async function passAll(proving: Proving): Promise<Passage> {
  for (const pass of [passMarks, passGate, passReview, passMerge]) {
    const passage = await pass(proving);
    if (passage.kind === 'back') return passage;
  }
  return PASSED;
}

/** Both sides of a conflict must not reach the tree: tests need not notice the marks. */
async function passMarks(proving: Proving): Promise<Passage> {
  const { attempt, key, round, conflicted } = proving;
  if (conflicted.length === 0) return PASSED;
  const marked = await markedFiles(
    attempt.work.run,
    `${key}/marks/${round}`,
    attempt.place.tree(),
    conflicted,
  );
  if (marked.length > 0)
    return back('conflictRounds', marksText(marked), 'Marks of a conflict were left in it.');
  proving.conflicted = [];
  return PASSED;
}

/** The tests in the author's working copy. QA is asked only when they are red; green costs no model call. */
async function passGate(proving: Proving): Promise<Passage> {
  const { attempt, key, round } = proving;
  const { run, baseline } = attempt.work;
  attempt.tell('testing');
  const base = await baseline;
  const who = { role: 'qa', task: attempt.unit.id, ...ofCandidate(attempt) };
  const test = { base: proving.start, setup: base.setup, who };
  const gate = `${key}/gate/${round}`;
  const first = await partFirst(run, base, { ...test, key: gate, place: attempt.place });
  if (first.report) return judged(proving, first.report);
  const whole = { ...test, key: gate, title: 'Run the tests', since: base.tree };
  const now = await testPlace(run, attempt.place, whole);
  const settled = await settle(run, base, {
    key: gate,
    now,
    wanted: proving.wanted,
    before: [...(proving.gate?.flaky ?? []), ...first.flaky],
    again: (more) => testPlace(run, attempt.place, { ...test, ...more }),
  });
  const found = await withEvidence(run, base, {
    key: gate,
    now,
    report: settled,
    tree: attempt.place.tree(),
    task: attempt.unit.id,
    place: attempt.place,
  });
  return judged(proving, found);
}

/** A gate's report is told; red goes back to the author. */
async function judged(proving: Proving, found: GateReport): Promise<Passage> {
  const { attempt, round } = proving;
  const { run } = attempt.work;
  const at = { task: attempt.unit.id, round: attempt.number * 1000 + round, ...ofCandidate(attempt) };
  const change = { from: proving.start, to: attempt.place.tree() };
  report(run, { scope: 'task', ...at, report: found, change }, reportKey(attempt, at.round));
  proving.gate = found;
  if (found.verdict !== 'red') return PASSED;
  if (proving.used.gateRounds >= run.settings.limits.gateRounds) return back('gateRounds', '', whyRed(found));
  return back('gateRounds', gateText(found, await diagnose(proving, found), run.fence), whyRed(found));
}

const ofCandidate = ({ candidate }: Attempt) => candidate && { candidate: candidate.number };

const reportKey = ({ unit, candidate }: Attempt, round: number): string =>
  `task/${unit.id}/${candidate ? `cand/${candidate.number}/` : ''}${round}`;

function back(counts: Counted, say: string, why: string): Passage {
  return { kind: 'back', counts, say, why };
}

function whyRed(found: GateReport): string {
  return `The gate is red: ${found.reasons.slice(0, 2).join(' ')}`;
}

async function diagnose(proving: Proving, found: GateReport): Promise<DiagnosisHandover | undefined> {
  const { attempt, key, round } = proving;
  const { run, baseline } = attempt.work;
  if (run.mode === 'quick') return undefined;
  const place = attempt.place;
  proving.qa ??= recruit(run, {
    role: 'qa',
    key: `${key}/qa`,
    attempt: attempt.number,
    place,
    task: attempt.unit.id,
    candidate: attempt.candidate?.number,
    scope: [],
    baseline: await baseline,
  });
  const diff = await diffText(run, `${key}/gate/${round}/diff`, { from: proving.start, to: place.tree() });
  const facts = { task: attempt.unit.id, attempt: attempt.number, report: found, diff };
  const end = await proving.qa.work(diagnosisText(facts, run.fence), round);
  const diagnosis = end.kind === 'handover' ? DiagnosisHandover.safeParse(end.value) : undefined;
  if (!diagnosis?.success) return undefined;
  const data = {
    from: 'qa',
    to: proving.author.task.role,
    text: diagnosis.data.summary,
    task: attempt.unit.id,
    ...taintOf(proving.qa.taint),
  };
  proving.author.agent.hearFrom(proving.qa);
  const id = `${key}/diagnosis/${round}`;
  run.steps.record({ type: 'message.posted', key: id, data });
  const { agent } = proving.author.agent.who;
  run.steps.record({ type: 'message.delivered', key: id, data: { agent, messages: [id] } });
  run.team.bus.pass({ ...data, id });
  return diagnosis.data;
}

/** A model reads the diff and the evidence. Quick edits go without; the gate stays. */
async function passReview(proving: Proving): Promise<Passage> {
  const { attempt, key, round } = proving;
  const { run, baseline } = attempt.work;
  if (run.mode === 'quick' || !proving.gate) return PASSED;
  attempt.tell('reviewing');
  const place = attempt.place;
  const diff = await diffText(run, `${key}/review/${round}/diff`, { from: proving.start, to: place.tree() });
  const evidence = { diff, report: proving.gate, result: proving.said, fence: run.fence };
  const trees = { from: proving.start, to: place.tree() };
  const change = {
    run,
    task: attempt.unit.id,
    authors: [proving.author.agent],
    key,
    round,
    files: () => changedFiles(run, `${key}/review/${round}/files`, trees),
    gate: proving.gate,
    recruit: {
      attempt: attempt.number,
      place,
      task: attempt.unit.id,
      candidate: attempt.candidate?.number,
      scope: [],
      baseline: await baseline,
    },
    say: (isNew: boolean) =>
      isNew
        ? reviewText(proving.author.task, attempt.number, evidence)
        : reviewAgainText(diff, proving.said, run.fence),
  };
  const reviewed = await reviewChange(change, proving.reviewers);
  if ('failed' in reviewed) return noReview(proving, reviewed.failed);
  const { review, by } = reviewed;
  run.steps.record({
    type: 'review.finished',
    key: `${key}/${round}`,
    data: {
      task: attempt.unit.id,
      ...ofCandidate(attempt),
      round,
      verdict: review.verdict,
      comments: review.comments,
    },
  });
  proving.review = review;
  if (review.verdict === 'approve') return PASSED;
  for (const reviewer of by) proving.author.agent.hearFrom(reviewer);
  return back('reviewRounds', remarksText(review.comments), 'The reviewer asks for changes.');
}

/** A reviewer that cannot review does not approve. */
function noReview(proving: Proving, why: string): Passage {
  proving.reviewers.clear();
  proving.used.reviewRounds = Number.MAX_SAFE_INTEGER - 1;
  return back('reviewRounds', '', `The review could not be finished: ${why}`);
}

/** The merge queue, and the gate on what comes of it. */
export async function passMerge(proving: Proving): Promise<Passage> {
  const { attempt, round } = proving;
  attempt.tell('integrating');
  const { unit, number, candidate } = attempt;
  const key = `integrate/${unit.id}/${number}${candidate ? `.${candidate.number}` : ''}.${round}`;
  const change = {
    unit: unit.id,
    key,
    start: proving.start,
    tree: attempt.place.tree(),
    wanted: proving.wanted,
    gate: proving.gate,
    isGivenUp: attempt.work.isGivenUp,
  };
  const merged = await attempt.work.integration.add(change);
  if (merged.kind === 'given-up') throw new GivenUp('The task was given up before it was merged.');
  const told = { attempt, key, author: proving.author };
  if (merged.kind === 'merged') {
    attempt.tell('done');
    tellDone(told, proving.said);
    return PASSED;
  }
  attempt.place.moveTo(merged.tree);
  proving.start = merged.start;
  const site = attempt.work.sites.get(attempt.unit.id);
  if (site) site.start = merged.start;
  if (merged.kind === 'conflict') {
    proving.conflicted = merged.conflicts.map(({ path }) => path);
    proving.conflict = conflictText(attempt.work, merged.conflicts, merged.blame);
    return back(
      'conflictRounds',
      proving.conflict,
      merged.blame
        ? `It conflicts with ${merged.blame.with.join(', ')}.`
        : 'It conflicts with what was merged meanwhile.',
    );
  }
  tellRed(told, merged.report);
  return back(
    'gateRounds',
    `${togetherText(attempt.work, merged.blame)}\n\n${gateText(merged.report, undefined, attempt.work.run.fence)}`,
    whyTogether(merged.report, merged.blame),
  );
}

const whyTogether = (report: GateReport, blame: Blame | undefined): string =>
  blame ? `It is red together with ${blame.with.join(', ')}. ${report.reasons[0] ?? ''}` : whyRed(report);
