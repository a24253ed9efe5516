/**
 * The gate: runs the project's own tests and compares with the baseline. A model's word never turns it green. The test command comes
 * from the base; the verdict that counts is taken on a fresh checkout of exactly the recorded tree.
 */
import type { EventData } from '../../../protocol/events.ts';
import type { Loosening, TextChange } from '../../qa/loosen/change.ts';
import { findLoosened } from '../../qa/loosen/find.ts';
import { steersTests } from '../../qa/runner-files.ts';
import type { TestRun } from '../../qa/run-tests.ts';
import type { TestSetup } from '../../qa/test-setup.ts';
import { findWeakened, type Weakening } from '../../qa/weaken/find.ts';
import type { Actor } from '../../../protocol/events.ts';
import { redactAll } from '../../policy/redact.ts';
import { decodeUtf8 } from '../../changes/encoding.ts';
import type { StepContext } from '../../ports.ts';
import type { CopyPlace } from '../place.ts';
import type { Run } from '../run.ts';
import { v8Covering, type Covering } from './cover.ts';
import { testIn, type CoveredRun } from './testing.ts';

/** Findings about tests that are kept per run. */
const LISTED_MAX = 50;

/** A part of the tests: these test files, what has this file or name, or one of these names, where the runner can. */
export interface Focus {
  readonly files?: readonly string[] | undefined;
  readonly names?: readonly string[] | undefined;
  readonly filter?: string | undefined;
}

/** Results of earlier runs of a tree; both are called inside steps. */
export interface KeptRuns {
  recall(test: KeptTest): Promise<GateRun | undefined>;
  remember(test: KeptTest, result: GateRun): Promise<void>;
}

export interface KeptTest {
  readonly tree: string;
  readonly setup: TestSetup;
}

export interface TreeTest {
  readonly key: string;
  readonly title: string;
  readonly tree: string;
  /** The base, where a change to how tests are run matters for the verdict. */
  readonly base?: string;
  readonly setup: TestSetup;
  readonly who?: Actor;
  readonly focus?: Focus;
  /** The base against which lines count as changed: which of them are reached is looked for. */
  readonly since?: string;
  /** Results of earlier runs may be taken instead. */
  readonly kept?: KeptRuns;
}

/** Runs the tests on a fresh checkout of a recorded tree. */
export function testTree(run: Run, test: TreeTest): Promise<GateRun> {
  const id = `${run.id}-gate-${test.tree.slice(0, 12)}-${run.ports.hasher.sha256(test.key).slice(0, 8)}`;
  return run.steps.step<GateRun>(test.key, specOf(test), async ({ signal, key }) => {
    const kept = await test.kept?.recall(test);
    if (kept !== undefined) return kept;
    const copy = await run.ports.copies.create(id, test.tree);
    try {
      const { setup, focus } = test;
      const covering = coveringOf(run, test);
      const result = await testIn(run, copy.root, { setup, signal, name: id, key, ...focus, covering });
      await test.kept?.remember(test, result);
      return { ...result, ...(await changesToTests(run, test.base, test.tree)) };
    } finally {
      await run.ports.copies.discard(id);
    }
  });
}

/** Runs the tests in an agent's working copy. What they write there is no part of the change: the copy is put back. */
export async function testPlace(
  run: Run,
  place: CopyPlace,
  test: Omit<TreeTest, 'tree' | 'kept'>,
): Promise<GateRun> {
  const spec = specOf({ ...test, tree: place.tree() });
  const effect = async ({ signal, key }: StepContext): Promise<GateRun> => {
    const copy = await place.open();
    // What an agent left running must not make its own tests pass.
    await run.ports.shell.background.endAll(copy.root);
    const name = `${run.id}-${run.ports.hasher.sha256(test.key).slice(0, 16)}`;
    const { setup, focus } = test;
    const covering = coveringOf(run, { ...test, tree: place.tree() });
    const result = await testIn(run, copy.root, { setup, signal, name, key, ...focus, covering });
    return { ...result, ...(await changesToTests(run, test.base, place.tree())) };
  };
  const result = await run.steps.step(test.key, spec, effect);
  place.spoilt();
  return result;
}

function coveringOf(run: Run, { since, tree, setup }: TreeTest): Covering | undefined {
  if (since === undefined || run.settings.qa?.coverage !== true) return undefined;
  return v8Covering(run, setup, { base: since, tree });
}

function specOf(test: TreeTest) {
  return {
    kind: 'tests' as const,
    title: test.title,
    input: { tree: test.tree, command: test.setup.command, ...test.focus },
    note: { tool: 'run_tests', args: JSON.stringify({ command: test.setup.label }) },
    who: test.who ?? { role: 'qa' },
    brief: (output: TestRun) => summaryOf(output),
    facts: ({ enforced }: TestRun) => ({ ...(enforced && { enforced }) }),
  };
}

/** One line for people. */
function summaryOf(result: TestRun): string {
  const { passed, failed, skipped } = result.report.totals;
  return result.end === 'noRunner'
    ? result.why
    : `${passed} passed, ${failed} failed, ${skipped} skipped\n\n${result.output}`;
}

/** A test run, and what the tree changes about the tests themselves. */
export interface GateRun extends CoveredRun {
  /** Files that change how tests are run. */
  readonly steering?: readonly string[];
  readonly weakened?: readonly Weakening[];
  /** Where the change loosens the project's own rules; absent in records of before that was looked for. */
  readonly loosened?: readonly Loosening[];
  /** The results are of an earlier run, taken then; milliseconds since 1970. */
  readonly takenAt?: number;
}

/** What differs between a base and a tree about the tests themselves, and about the rules of the project. Called inside a step. */
async function changesToTests(
  run: Run,
  base: string | undefined,
  tree: string,
): Promise<Pick<GateRun, 'steering' | 'weakened' | 'loosened'>> {
  if (base === undefined) return {};
  const { copies } = run.ports;
  const text = async (from: string, path: string): Promise<string | undefined> => {
    const bytes = await copies.read(from, path);
    return bytes && decodeUtf8(bytes);
  };
  const steering: string[] = [];
  const weakened: Weakening[] = [];
  const changes: TextChange[] = [];
  for (const { path } of await copies.diff(base, tree)) {
    const [before, after] = [await text(base, path), await text(tree, path)];
    changes.push({ path, before, after });
    if (steersTests(path, before, after)) steering.push(path);
    weakened.push(...findWeakened(path, before, after));
  }
  const found = { weakened: weakened.slice(0, LISTED_MAX), loosened: findLoosened(changes) };
  return { steering, ...redactAll(found, run.redactor) };
}

/** Journals a gate's outcome, under a key of its own where its round does not tell it from all others. */
export function report(
  run: Run,
  data: EventData<'gate.finished'>,
  key = `${data.scope}/${data.task ?? ''}/${data.round}`,
): void {
  run.steps.record({ type: 'gate.finished', key, data });
}
