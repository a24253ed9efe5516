/**
 * The merge queue: what is approved is integrated one after the other, by three-way merge, and the gate runs again on the integrated
 * tree, since both can be green alone and red together.
 */
import type { Blame } from '../../../protocol/blame.ts';
import type { GateReport } from '../../../protocol/events.ts';
import type { TreeConflict } from '../../ports.ts';
import type { Baseline } from '../gate/baseline.ts';
import { blameConflict, blameRed, type Merge } from './blame.ts';
import { report, testTree } from '../gate/gate.ts';
import { withEvidence } from '../gate/evidence.ts';
import { settle } from '../gate/judging.ts';
import type { Run } from '../run.ts';

/** The tree that holds everything integrated so far. */
export interface Integration {
  /** The tree now. */
  tree(): string;
  /** The latest verdict on it; undefined until something was integrated. */
  verdict(): GateReport | undefined;
  /** What these units changed, in the order in which they were merged; what a former life of the run merged is not known. */
  changesOf(units: readonly string[]): readonly Merge[];
  /** Queues a change made from `start`. */
  add(change: Change): Promise<Merged>;
}

export interface Change {
  readonly unit: string;
  /** Which try this is; part of its keys. */
  readonly key: string;
  readonly start: string;
  readonly tree: string;
  /** Text in which tests that must turn may be named. */
  readonly wanted: string;
  /** What its own gate found. */
  readonly gate: GateReport | undefined;
  /** Asked before it becomes part of the tree: nobody may want it any more. */
  readonly isGivenUp: () => boolean;
}

/** `tree` is what the author goes on from where it was not merged. `start` is what it was merged with; `blame`: whose change it does not stand beside. */
export type Merged =
  | { readonly kind: 'given-up' }
  | { readonly kind: 'merged'; readonly tree: string; readonly report: GateReport }
  | {
      readonly kind: 'conflict';
      readonly tree: string;
      readonly start: string;
      readonly conflicts: readonly TreeConflict[];
      readonly blame: Blame | undefined;
    }
  | {
      readonly kind: 'red';
      readonly tree: string;
      readonly start: string;
      readonly report: GateReport;
      readonly blame: Blame | undefined;
    };

/** `from` is the base, or what a former life had integrated. */
export function createIntegration(
  run: Run,
  from: { readonly tree: string; readonly verdict: GateReport | undefined },
  baseline: Promise<Baseline>,
): Integration {
  let { tree, verdict } = from;
  let queue: Promise<unknown> = Promise.resolve();
  let round = 0;
  const merges: Merge[] = [];

  /** What was merged since a change began; where it began as nobody here left it, nothing is known. */
  const since = (start: string): readonly Merge[] => {
    const at = merges.findIndex(({ before }) => before === start);
    return at < 0 ? [] : merges.slice(at);
  };

  const integrate = async (change: Change): Promise<Merged> => {
    if (change.isGivenUp()) return { kind: 'given-up' };
    const start = tree;
    const merged = await merge(run, change, start);
    const { conflicts } = merged;
    run.steps.record({
      type: 'merge.finished',
      key: change.key,
      data: { task: change.unit, tree: merged.tree, conflicts: conflicts.map((conflict) => conflict.path) },
    });
    const suspects = { ...change, since: since(change.start) };
    if (conflicts.length > 0) {
      const paths = conflicts.map(({ path }) => path);
      const blame = await blameConflict(run, suspects, paths);
      return { kind: 'conflict', tree: merged.tree, start, conflicts, blame };
    }
    const base = await baseline;
    const found = await gateOf(run, base, { change, tree: merged.tree, verdict });
    round += 1;
    report(run, { scope: 'integrated', task: change.unit, round, report: found });
    if (change.isGivenUp()) return { kind: 'given-up' };
    if (found.verdict === 'red') {
      const blame = await blameRed(run, base, suspects, found);
      return { kind: 'red', tree: merged.tree, start, report: found, blame };
    }
    merges.push({ unit: change.unit, before: start, after: merged.tree });
    tree = merged.tree;
    verdict = found;
    return { kind: 'merged', tree, report: found };
  };

  return {
    tree: () => tree,
    verdict: () => verdict,
    changesOf: (units) => merges.filter(({ unit }) => units.includes(unit)),
    add(change) {
      // Where one fails for reasons of the machine the run pauses: what stands behind it must not be merged with a tree that lacks it.
      const result = queue.then(() => integrate(change));
      queue = result;
      result.catch(() => undefined);
      return result;
    },
  };
}

interface Merging {
  readonly change: Change;
  readonly tree: string;
  /** On what was integrated before. */
  readonly verdict: GateReport | undefined;
}

/** The gate on the merged tree. */
async function gateOf(run: Run, base: Baseline, { change, tree, verdict }: Merging): Promise<GateReport> {
  const test = {
    key: `${change.key}/gate`,
    title: 'Run the tests on the integrated tree',
    tree,
    setup: base.setup,
  };
  const who = { role: 'qa', task: change.unit };
  const now = await testTree(run, { ...test, who, since: base.tree });
  const settled = await settle(run, base, {
    key: test.key,
    now,
    wanted: change.wanted,
    before: [...(verdict?.flaky ?? []), ...(change.gate?.flaky ?? [])],
    again: (more) => testTree(run, { ...test, who, ...more }),
  });
  const report = await withEvidence(run, base, {
    key: test.key,
    now,
    report: settled,
    tree,
    task: change.unit,
    earlier: change.gate && { tree: change.tree, report: change.gate },
  });
  const weakened = soFar(verdict?.weakened, change.gate?.weakened);
  const loosened = soFar(verdict?.loosened, change.gate?.loosened);
  return { ...report, ...(weakened.length > 0 && { weakened }), ...(loosened.length > 0 && { loosened }) };
}

interface Finding {
  readonly path: string;
  readonly reason: string;
}

/** What tasks were asked to demand less of is judged by their own gates; people see it of the whole. */
function soFar<T extends Finding>(before: readonly T[] = [], own: readonly T[] = []): T[] {
  const all = [...before, ...own].map((each) => [`${each.path}\n${each.reason}`, each] as const);
  return [...new Map(all).values()].slice(0, FINDINGS_MAX);
}

const FINDINGS_MAX = 50;

interface MergeResult {
  readonly tree: string;
  readonly conflicts: readonly TreeConflict[];
}

async function merge(run: Run, change: Change, ours: string): Promise<MergeResult> {
  if (ours === change.start) return { tree: change.tree, conflicts: [] };
  const input = { base: change.start, ours, theirs: change.tree };
  return run.steps.step<MergeResult>(
    change.key,
    { kind: 'merge', title: `Merge ${change.unit}`, input, note: { theirs: change.tree } },
    async () => {
      const merged = await run.ports.copies.merge(input.base, input.ours, input.theirs);
      await run.ports.copies.retain(run.id, [merged.tree]);
      return { tree: merged.tree, conflicts: merged.conflicts };
    },
  );
}
