/** The last part of a run: the person reviews the change set, what is accepted is gated once more if it differs, then applied. */
import { ReviewAnswer } from '../../protocol/answers.ts';
import type { ChangedFile, EventData, GateReport } from '../../protocol/events.ts';
import type { PlanSpec, TaskSpec } from '../../protocol/plan.ts';
import { applyAccepted, applyAnyway, type Accepted } from './applying.ts';
import type { Work } from './attempt.ts';
import { takeOther } from './candidates/overrule.ts';
import { changedFiles } from './differences.ts';
import { report, testTree, type Baseline } from './gate.ts';
import { settle } from './judging.ts';
import { unitsOf } from './graph.ts';
import { sentBackText } from './prompts.ts';
import type { Run } from './run.ts';
import { workOn } from './work.ts';

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
export async function handOver(delivery: Delivery): Promise<Finish> {
  const { work } = delivery;
  const { run } = work;
  for (let revision = 1; ; revision++) {
    const tree = work.integration.tree();
    const files = await changedFiles(run, `handover/${revision}/files`, { from: work.base, to: tree });
    if (files.length === 0) return nothingChanged(delivery);
    const verdict = work.integration.verdict()?.verdict ?? 'notProved';
    run.steps.record({
      type: 'changes.proposed',
      key: `${revision}`,
      data: { revision, base: work.base, tree, files, verdict },
    });
    const answer = await decision(run, revision, files);
    if (answer.decision === 'revise') {
      await revise(delivery, revision, answer);
      continue;
    }
    if (answer.decision === 'choose') {
      if (answer.choice) await takeOther(work, revision, answer.choice);
      continue;
    }
    run.steps.record({
      type: 'changes.decided',
      key: `${revision}`,
      data: { accepted: answer.accepted, rejected: answer.rejected },
    });
    if (answer.decision === 'discard' || answer.accepted.length === 0) {
      return {
        outcome: 'rejected',
        message: 'You took nothing of the change. Your files are as they were.',
        partial: false,
      };
    }
    return take(delivery, { revision, tree, verdict, answer });
  }
}

function nothingChanged({ undone }: Delivery): Finish {
  if (undone.length > 0)
    return { outcome: 'failed', message: `Nothing was changed. ${undone.join(' ')}`, partial: false };
  return { outcome: 'notProved', message: 'The team found nothing to change.', partial: false };
}

async function decision(run: Run, revision: number, files: readonly ChangedFile[]): Promise<ReviewAnswer> {
  const { approvals, interactive } = run.settings;
  const all = files.map((file) => file.path);
  if (!approvals.changes || !interactive)
    return { decision: 'apply', accepted: all, rejected: [], edited: {} };
  const value = await run.steps.signal(`review/${revision}`, {
    kind: 'review',
    title: `Review ${files.length === 1 ? 'one changed file' : `${files.length} changed files`}`,
    options: ['Apply', 'Revise', 'Discard'],
  });
  return ReviewAnswer.parse(value);
}

interface Taking {
  readonly revision: number;
  readonly tree: string;
  readonly verdict: Verdict;
  readonly answer: ReviewAnswer;
}

async function take(delivery: Delivery, taking: Taking): Promise<Finish> {
  const { work, baseline, undone } = delivery;
  const { run, base } = work;
  const tree = await acceptedTree(run, base, taking);
  let verdict = taking.verdict;
  if (tree !== taking.tree) {
    const test = {
      key: `handover/${taking.revision}/gate`,
      title: 'Run the tests on what you accepted',
      tree,
      setup: baseline.setup,
    };
    const found = await settle(run, baseline, {
      key: test.key,
      now: await testTree(run, test),
      wanted: run.goal,
      before: work.integration.verdict()?.flaky,
      again: (more) => testTree(run, { ...test, ...more }),
    });
    report(run, { scope: 'accepted', round: taking.revision * 10, report: found });
    verdict = found.verdict;
    if (verdict === 'red' && !(await applyAnyway(run, `apply/${taking.revision}`, found))) {
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
    revision: taking.revision,
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

/** The proposed tree without rejected files and with texts that the person edited. */
async function acceptedTree(run: Run, base: string, { revision, tree, answer }: Taking): Promise<string> {
  const edited = Object.entries(answer.edited);
  if (answer.rejected.length === 0 && edited.length === 0) return tree;
  const { copies } = run.ports;
  const input = { base, tree, rejected: answer.rejected.map((file) => file.path), edited: answer.edited };
  return run.steps.step<string>(
    `handover/${revision}/accepted`,
    { kind: 'tree', title: 'Put together what you accepted', input },
    async () => {
      const files = new Map<string, Uint8Array | undefined>();
      for (const path of input.rejected) files.set(path, await copies.read(base, path));
      for (const [path, text] of edited) files.set(path, new TextEncoder().encode(text));
      const composed = await copies.compose(tree, files);
      await copies.retain(run.id, [composed]);
      return composed;
    },
  );
}

/** What was sent back becomes a task of its own, with the person's reasons. */
async function revise({ work }: Delivery, revision: number, answer: ReviewAnswer): Promise<void> {
  const { run, plan } = work;
  const task: TaskSpec = {
    id: `revision-${revision}`,
    title: 'Rework what was sent back',
    description: sentBackText(answer.rejected),
    role: 'coder',
    depends_on: [],
    acceptance: [],
    priority: 0,
    gate: 'own',
    // One goes on with what is there: the person has seen it.
    candidates: 1,
  };
  const changed: PlanSpec = { ...plan, tasks: [...plan.tasks, task] };
  run.steps.record({
    type: 'plan.decided',
    key: task.id,
    data: { revision: revision + 1000, approved: true, by: 'person', plan: changed },
  });
  const [unit] = unitsOf({ summary: '', tasks: [task] });
  if (unit) await workOn({ ...work, plan: changed }, unit);
}
