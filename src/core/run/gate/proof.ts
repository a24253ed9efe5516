/** Whether new tests prove anything: they are run on the base, with nothing but the change's test files put there. */
import type { TestProof } from '../../../protocol/test-evidence.ts';
import type { TestResult, TestStatus } from '../../qa/report.ts';
import type { TestRun } from '../../qa/run-tests.ts';
import type { TestSetup } from '../../qa/test-setup.ts';
import { isTestFile } from '../../qa/weaken/languages.ts';
import type { Baseline } from './baseline.ts';
import { testTree } from './gate.ts';
import type { Run } from '../run.ts';

/** Tests that are told one by one. */
const LISTED_MAX = 50;

/** What changed, by what it is. */
interface Parts {
  readonly tests: readonly string[];
  readonly others: number;
}

/** A change as the gate saw it. */
export interface Changed {
  readonly key: string;
  readonly tree: string;
  readonly task?: string | undefined;
  readonly now: TestRun;
}

/** `undefined` where the change brings no tests, or nothing but tests. */
export async function proveTests(
  run: Run,
  baseline: Baseline,
  { key, tree, task, now }: Changed,
): Promise<TestProof | undefined> {
  const mixed = await run.steps.step<Parts & { readonly tree: string }>(
    `${key}/proof/tree`,
    { kind: 'tree', title: 'Put the new tests on the base', input: { base: baseline.tree, tree } },
    () => testsOnBase(run, baseline.tree, tree),
  );
  if (mixed.tests.length === 0 || mixed.others === 0) return undefined;
  const { setup } = baseline;
  const base = await testTree(run, {
    key: `${key}/proof`,
    title: 'Run the new tests on the base',
    tree: mixed.tree,
    setup,
    who: { role: 'qa', ...(task !== undefined && { task }) },
    ...(takesTestFiles(setup) && { focus: { files: mixed.tests.filter(isCode) } }),
  });
  return tableOf(baseline.run, base, { now, files: mixed.tests });
}

/** A runner that is told names calls tests otherwise where it runs some files: then all run. */
const takesTestFiles = ({ only }: TestSetup): boolean =>
  only?.files !== undefined && only.unit !== 'packages' && only.names === undefined;

const isCode = (path: string): boolean => /\.([cm]?[jt]sx?|py|rb|php)$/.test(path);

async function testsOnBase(run: Run, base: string, tree: string): Promise<Parts & { readonly tree: string }> {
  const { copies } = run.ports;
  const deltas = await copies.diff(base, tree);
  const tests = deltas.map(({ path }) => path).filter(isTestFile);
  const others = deltas.length - tests.length;
  if (tests.length === 0 || others === 0) return { tests, others, tree: base };
  const files = new Map<string, Uint8Array | undefined>();
  for (const path of tests) files.set(path, await copies.read(tree, path));
  const mixed = await copies.compose(base, files);
  await copies.retain(run.id, [mixed]);
  return { tests, others, tree: mixed };
}

/** Tests that the change brought, or that it turned; what passes on both and was there before is counted. */
function tableOf(
  former: TestRun,
  base: TestRun,
  { now, files }: { readonly now: TestRun; readonly files: readonly string[] },
): TestProof {
  const there = new Set(former.report.tests.map(({ id }) => id));
  const onBase = new Map(base.report.tests.map((test) => [test.id, test.status]));
  const rows = now.report.tests
    .filter((test) => isOf(test, files) || !there.has(test.id))
    .map((test) => ({ id: test.id, now: test.status, base: onBase.get(test.id) ?? missing(base, test) }));
  const told = rows.filter((row) => !there.has(row.id) || row.base !== row.now);
  return {
    tests: told.slice(0, LISTED_MAX),
    passToPass: rows.filter((row) => row.base === 'passed' && row.now === 'passed').length,
  };
}

function isOf({ file }: TestResult, files: readonly string[]): boolean {
  return file !== undefined && files.includes(file);
}

/** A file that does not load on the base fails there: it needs what the change brings. */
function missing({ report, end }: TestRun, { file }: TestResult): TestStatus | 'absent' {
  const broken = report.errors.some((error) => error.file === undefined || error.file === file);
  const loads = report.tests.some((test) => file !== undefined && test.file === file);
  return end === 'exited' && broken && !loads ? 'failed' : 'absent';
}
