/** The last part of a run: the person reviews the change set, what is accepted is gated once more if it differs, then applied. */
import { ReviewAnswer } from '../../../protocol/answers.ts';
import type { ChangedFile, EventData, GateReport } from '../../../protocol/events.ts';
import { acceptedTree } from './accepting.ts';
import { applyAccepted, applyAnyway, type Accepted } from './applying.ts';
import type { Work } from '../attempt.ts';
import { takeOther } from '../candidates/overrule.ts';
import { changedFiles } from '../merge/differences.ts';
import type { Baseline } from '../gate/baseline.ts';
import { withEvidence } from '../gate/evidence.ts';
import { report, testTree } from '../gate/gate.ts';
import { settle } from '../gate/judging.ts';
import { sendBack } from './sending-back.ts';
import type { Run } from '../run.ts';

/** How a run ends. */
export type Finish = EventData<'run.finished'>;

type Verdict = GateReport['verdict'];

/** What is handed over. */
export interface Delivery {
  readonly work: Work;
  readonly baseline: Baseline;
  /** Tasks that did not end well, in words; none: the whole plan is done. */
  readonly undone: readonly string[];
}

/** Offers the integrated change until the person has decided, and applies what is accepted. */
export async function handOver(first: Delivery): Promise<Finish> {
  const { run } = first.work;
  const sendBacksMax = run.settings.limits.revisions;
  let delivery = first;
  let told: string | undefined;
  let sentBack = 0;
  for (let revision = 1; ; revision++) {
    const { work } = delivery;
    const offer = await offerOf(work, revision);
    if (offer.files.length === 0) return nothingChanged(delivery, revision);
    const answer = await decision(run, offer, told);
    if (answer.decision === 'choose') {
      told = answer.choice && (await takeOther(work, revision, answer.choice));
      continue;
    }
    if (answer.decision !== 'revise') return decide(delivery, offer, answer);
    if (sentBack >= sendBacksMax) {
      run.steps.record({
        type: 'limit.reached',
        key: `handover/${revision}`,
        data: { limit: 'revisions', value: sendBacksMax },
      });
      told = `The change was sent back ${sendBacksMax} times, which is the limit. Take what you want of it, or nothing.`;
      continue;
    }
    sentBack += 1;
    const reworked = await sendBack(work, { revision, base: work.base, tree: offer.tree, answer });
    delivery = { ...delivery, work: reworked.work };
    ({ told } = reworked);
  }
}

/** What is offered to the person. */
interface Offer {
  readonly revision: number;
  readonly tree: string;
  readonly files: readonly ChangedFile[];
  readonly verdict: Verdict;
  /** False where this very tree was not tested: something was taken out of it. */
  readonly isTested: boolean;
}

async function offerOf({ run, base, integration }: Work, revision: number): Promise<Offer> {
  const tree = integration.tree();
  const files = await changedFiles(run, `handover/${revision}/files`, { from: base, to: tree });
  const tested = integration.verdict();
  const verdict = tested?.verdict ?? 'notProved';
  if (files.length > 0)
    run.steps.record({
      type: 'changes.proposed',
      key: `${revision}`,
      data: { revision, base, tree, files, verdict },
    });
  return { revision, tree, files, verdict, isTested: tested !== undefined };
}

const TOOK_NOTHING: Finish = {
  outcome: 'rejected',
  message: 'You took nothing of the change. Your files are as they were.',
  partial: false,
};

async function decide(delivery: Delivery, offer: Offer, answer: ReviewAnswer): Promise<Finish> {
  const { run } = delivery.work;
  run.steps.record({
    type: 'changes.decided',
    key: `${offer.revision}`,
    data: { accepted: answer.accepted, rejected: answer.rejected },
  });
  if (answer.decision === 'discard' || answer.accepted.length === 0) return TOOK_NOTHING;
  return take(delivery, offer, answer);
}

function nothingChanged({ undone }: Delivery, revision: number): Finish {
  if (revision > 1)
    return {
      outcome: 'rejected',
      message:
        'Nothing is left of the change: what you sent back was taken out, and not done in another way.',
      partial: false,
    };
  if (undone.length > 0)
    return { outcome: 'failed', message: `Nothing was changed. ${undone.join(' ')}`, partial: false };
  return { outcome: 'notProved', message: 'The team found nothing to change.', partial: false };
}

async function decision(
  run: Run,
  { revision, files }: Offer,
  told: string | undefined,
): Promise<ReviewAnswer> {
  const { approvals, interactive } = run.settings;
  const all = files.map((file) => file.path);
  if (!approvals.changes || !interactive)
    return { decision: 'apply', accepted: all, rejected: [], edited: {} };
  const value = await run.steps.signal(`review/${revision}`, {
    kind: 'review',
    title: `Review ${files.length === 1 ? 'one changed file' : `${files.length} changed files`}`,
    options: ['Apply', 'Revise', 'Discard'],
    ...(told !== undefined && { detail: told }),
  });
  return ofOffer(ReviewAnswer.parse(value), all);
}

/**
 * The answer as far as it is about what was offered. To apply, what was not accepted is left out, also where it was not rejected in so
 * many words (I5): a person's files change by what they accepted and nothing else.
 */
function ofOffer(answer: ReviewAnswer, all: readonly string[]): ReviewAnswer {
  const edited = Object.entries(answer.edited).filter(([path]) => all.includes(path));
  const rejected = answer.rejected.filter(({ path }) => all.includes(path));
  const accepted = answer.accepted.filter((path) => all.includes(path));
  const about = { ...answer, accepted, rejected, edited: Object.fromEntries(edited) };
  if (answer.decision !== 'apply') return about;
  const taken = new Set([...accepted, ...edited.map(([path]) => path)]);
  const whole = new Set(rejected.filter(({ hunk }) => hunk === undefined).map(({ path }) => path));
  const silent = all.filter((path) => !taken.has(path) && !whole.has(path));
  return { ...about, accepted: [...taken], rejected: [...rejected, ...silent.map((path) => ({ path }))] };
}

async function take(delivery: Delivery, offer: Offer, answer: ReviewAnswer): Promise<Finish> {
  const { work, baseline, undone } = delivery;
  const { run, base } = work;
  const { revision } = offer;
  const tree = await acceptedTree(run, { revision, base, tree: offer.tree, answer });
  if (tree === base) return TOOK_NOTHING;
  let { verdict } = offer;
  if (tree !== offer.tree || !offer.isTested) {
    const test = {
      key: `handover/${revision}/gate`,
      title: 'Run the tests on what you accepted',
      tree,
      setup: baseline.setup,
    };
    const now = await testTree(run, test);
    const settled = await settle(run, baseline, {
      key: test.key,
      now,
      wanted: run.goal,
      before: work.integration.verdict()?.flaky,
      again: (more) => testTree(run, { ...test, ...more }),
    });
    const found = await withEvidence(run, baseline, { key: test.key, now, report: settled, tree });
    report(run, { scope: 'accepted', round: revision * 10, report: found });
    verdict = found.verdict;
    if (verdict === 'red' && !(await applyAnyway(run, `apply/${revision}`, found))) {
      return {
        outcome: 'failed',
        message: 'What was accepted is red without the rest, so nothing was applied.',
        partial: false,
      };
    }
  }
  if (!run.settings.apply)
    return finishOf(verdict, undone, 'The change set is accepted and waits to be applied.');
  const accepted: Accepted = {
    prefix: 'apply',
    revision,
    base,
    tree,
    baseline,
    goal: run.goal,
    flaky: work.integration.verdict()?.flaky,
  };
  const applied = await applyAccepted(run, accepted);
  if (applied.kind === 'refused') return { outcome: 'failed', message: applied.why, partial: false };
  if (applied.left.length > 0) {
    const message = `Applied without ${applied.left.join(', ')}: what you changed there conflicts. That part of the goal is open.`;
    return { outcome: 'failed', message, partial: true };
  }
  return finishOf(applied.report?.verdict ?? verdict, undone, 'The change is in your workspace.');
}

function finishOf(verdict: Verdict, undone: readonly string[], what: string): Finish {
  if (undone.length > 0)
    return {
      outcome: 'failed',
      message: `${what} It is a part of the goal only. ${undone.join(' ')}`,
      partial: true,
    };
  if (verdict === 'green') return { outcome: 'done', message: `${what} The tests prove it.`, partial: false };
  const why = verdict === 'red' ? 'The tests are red for it.' : 'It is not proved by tests.';
  return { outcome: 'notProved', message: `${what} ${why}`, partial: false };
}
