/**
 * Writing an accepted change into the person's workspace (I5): only onto the text it was seen against. Where the workspace has moved
 * on, a three-way merge; a conflict is the person's to resolve.
 */
import { ApplyAnswer } from '../../../protocol/answers.ts';
import type { EventData, GateReport } from '../../../protocol/events.ts';
import { hasConflictMarks } from '../../changes/marks.ts';
import type { TreeChange, TreeConflict } from '../../ports.ts';
import type { Baseline } from '../gate/baseline.ts';
import { withEvidence } from '../gate/evidence.ts';
import { report, testTree } from '../gate/gate.ts';
import { settle } from '../gate/judging.ts';
import type { Run } from '../run.ts';

/** An accepted change: from the base of the run to `tree`. */
export interface Accepted {
  /** Where its keys begin. */
  readonly prefix: string;
  readonly revision: number;
  readonly base: string;
  readonly tree: string;
  readonly baseline: Baseline;
  readonly goal: string;
  /** What the gates of the run found flaky. */
  readonly flaky: GateReport['flaky'];
}

export type Applied =
  | { readonly kind: 'applied'; readonly report: GateReport | undefined; readonly left: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string };

/** How often the workspace may move while it is being written to. */
const TRIES = 3;

export async function applyAccepted(run: Run, accepted: Accepted): Promise<Applied> {
  for (let n = 1; n <= TRIES; n++) {
    const key = `${accepted.prefix}/${accepted.revision}/${n}`;
    const now = await lookAgain(run, key, accepted.base);
    const target = await targetOn(run, key, { accepted, now });
    if (target.kind === 'refused') return target;
    const written = await writeTree(run, key, {
      now,
      tree: target.tree,
      title: 'Apply the change to your workspace',
    });
    if (written) {
      const data = { files: filesOf(written, target.left), tested: target.report?.verdict !== 'red' };
      run.steps.record({ type: 'changes.applied', key, data });
      return { kind: 'applied', report: target.report, left: target.left };
    }
  }
  return {
    kind: 'refused',
    why: 'Your files kept changing while the change was being applied. Nothing was written; save them and apply again.',
  };
}

/** The workspace as it is now, as a tree beside `like`. */
export function lookAgain(run: Run, key: string, like: string): Promise<string> {
  const { workspace, copies } = run.ports;
  return run.steps.step<string>(
    `${key}/look`,
    { kind: 'base', title: 'Look at the workspace again', input: null },
    async () => {
      const { tree } = await copies.takeBase(await workspace.unsaved(), like);
      await copies.retain(run.id, [tree]);
      return tree;
    },
  );
}

interface Target {
  readonly kind: 'target';
  readonly tree: string;
  readonly report: GateReport | undefined;
  /** Paths left as they are because they conflict. */
  readonly left: readonly string[];
}

/** The tree to write: the accepted one, or its merge with what changed meanwhile, gated again. */
async function targetOn(
  run: Run,
  key: string,
  { accepted, now }: { accepted: Accepted; now: string },
): Promise<Target | { kind: 'refused'; why: string }> {
  if (now === accepted.base) return { kind: 'target', tree: accepted.tree, report: undefined, left: [] };
  const merged = await mergeWith(run, key, { base: accepted.base, theirs: accepted.tree, now });
  const conflicts = merged.conflicts.map((conflict) => conflict.path);
  const said = conflicts.length === 0 ? NO_CONFLICT : await leaveOut(run, key, { merged, now });
  if (!said.apply)
    return {
      kind: 'refused',
      why: `Nothing was applied: ${conflicts.join(', ')} changed while the run worked, in ways that conflict.`,
    };
  const resolved = Object.entries(said.resolved ?? {}).filter(
    ([path, text]) => conflicts.includes(path) && !hasConflictMarks(text),
  );
  const left = conflicts.filter((path) => !resolved.some(([other]) => other === path));
  const tree = await withResolved(run, key, { tree: merged.tree, resolved });
  const { baseline } = accepted;
  const test = {
    key: `${key}/gate`,
    title: 'Run the tests on the merged result',
    tree,
    setup: baseline.setup,
  };
  const tested = await testTree(run, test);
  const settled = await settle(run, baseline, {
    key: test.key,
    now: tested,
    wanted: accepted.goal,
    before: accepted.flaky,
    again: (more) => testTree(run, { ...test, ...more }),
  });
  const found = await withEvidence(run, baseline, {
    key: test.key,
    now: tested,
    report: settled,
    tree,
  });
  report(run, { scope: 'accepted', round: accepted.revision * 10 + 5, report: found }, `${key}/gate`);
  if (found.verdict === 'red' && !(await applyAnyway(run, `${key}/red`, found)))
    return {
      kind: 'refused',
      why: 'The accepted change is red together with what changed meanwhile. Nothing was applied.',
    };
  return { kind: 'target', tree, report: found, left };
}

const NO_CONFLICT: ApplyAnswer = { apply: true };

/** The merged tree with the texts that the person made of conflicting files. */
async function withResolved(
  run: Run,
  key: string,
  { tree, resolved }: { tree: string; resolved: readonly (readonly [string, string])[] },
): Promise<string> {
  if (resolved.length === 0) return tree;
  const { copies } = run.ports;
  const input = { tree, resolved };
  return run.steps.step<string>(
    `${key}/resolved`,
    { kind: 'tree', title: 'Put in what you made of the conflicts', input },
    async () => {
      const files = resolved.map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
      const composed = await copies.compose(tree, new Map(files));
      await copies.retain(run.id, [composed]);
      return composed;
    },
  );
}

export interface MergedTree {
  readonly tree: string;
  /** With both versions marked; absent in runs that began before there was one. */
  readonly marked?: string;
  readonly conflicts: readonly TreeConflict[];
}

/** A change from `base` to `theirs`, merged with the workspace; conflicting files stay as the person has them. */
export function mergeWith(
  run: Run,
  key: string,
  { base, theirs, now }: { base: string; theirs: string; now: string },
): Promise<MergedTree> {
  const { copies } = run.ports;
  const input = { base, ours: now, theirs };
  return run.steps.step<MergedTree>(
    `${key}/merge`,
    { kind: 'merge', title: 'Merge with what changed meanwhile', input },
    async () => {
      const { tree, conflicts } = await copies.merge(input.base, input.ours, input.theirs);
      const kept = new Map<string, Uint8Array | undefined>();
      for (const { path } of conflicts) kept.set(path, await copies.read(now, path));
      const result = kept.size === 0 ? tree : await copies.compose(tree, kept);
      await copies.retain(run.id, [result, tree]);
      return { tree: result, conflicts, ...(kept.size > 0 && { marked: tree }) };
    },
  );
}

async function leaveOut(
  run: Run,
  key: string,
  { merged: { conflicts, marked }, now }: { merged: MergedTree; now: string },
): Promise<ApplyAnswer> {
  const paths = conflicts.map((conflict) => conflict.path);
  const value = await run.steps.signal(`${key}/conflict`, {
    kind: 'apply',
    title: `${conflicts.length === 1 ? 'A file' : `${conflicts.length} files`} changed while the run worked, in ways that conflict`,
    detail: `${conflicts.map((conflict) => `${conflict.path}: ${conflict.why}`).join('\n')}\n\nYour versions stay as they are. Apply everything else?`,
    options: ['Apply the rest', 'Apply nothing'],
    ...(marked !== undefined && { conflict: { ours: now, marked, paths } }),
  });
  return ApplyAnswer.parse(value);
}

/** A person may apply what is red, with that label; without one it is refused. */
export async function applyAnyway(run: Run, name: string, found: GateReport): Promise<boolean> {
  if (!run.settings.interactive) return false;
  const value = await run.steps.signal(name, {
    kind: 'apply',
    title: 'The tests are red for what you accepted. Apply it anyway?',
    detail: found.reasons.join('\n'),
    options: ['Apply anyway', 'Do not apply'],
  });
  return ApplyAnswer.parse(value).apply;
}

export interface WrittenFile {
  readonly path: string;
  readonly how: 'written' | 'deleted';
}

/** Writes all that differs between two trees, or nothing; undefined where the workspace moved meanwhile. */
export async function writeTree(
  run: Run,
  key: string,
  { now, tree, title }: { now: string; tree: string; title: string },
): Promise<readonly WrittenFile[] | undefined> {
  const { copies, workspace } = run.ports;
  const spec = {
    kind: 'apply' as const,
    title,
    input: { now, tree },
    note: { now, tree },
  };
  const output = await run.steps.step<{ moved: boolean; files: WrittenFile[] }>(key, spec, async () => {
    const deltas = await copies.diff(now, tree);
    const changes: TreeChange[] = [];
    for (const { path, newMode } of deltas) {
      const [before, after] = await Promise.all([copies.read(now, path), copies.read(tree, path)]);
      changes.push({ path, before, after, ...(newMode !== undefined && { mode: newMode }) });
    }
    const { ok } = await workspace.apply(changes);
    return {
      moved: !ok,
      files: changes.map((change) => ({ path: change.path, how: change.after ? 'written' : 'deleted' })),
    };
  });
  return output.moved ? undefined : output.files;
}

export function filesOf(
  written: readonly WrittenFile[],
  left: readonly string[],
): EventData<'changes.applied'>['files'] {
  const conflicts = left.map((path) => ({ path, how: 'conflict' as const, note: 'left as you have it' }));
  return [...written, ...conflicts];
}
