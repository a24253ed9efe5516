/**
 * The gate: runs the project's own tests and compares with the baseline. A model's word never turns it green. The test command comes
 * from the base; the verdict that counts is taken on a fresh checkout of exactly the recorded tree.
 */
import type { EventData } from '../../protocol/events.ts';
import { findReports } from '../qa/find-reports.ts';
import { steersTests } from '../qa/runner-files.ts';
import { runTests, type TestRun, type TestShell } from '../qa/run-tests.ts';
import type { TestSetup } from '../qa/test-setup.ts';
import { findWeakened, type Weakening } from '../qa/weaken/find.ts';
import type { Actor } from '../../protocol/events.ts';
import { redactAll } from '../policy/redact.ts';
import { decodeUtf8 } from '../changes/encoding.ts';
import type { StepContext } from '../ports.ts';
import { confinementOf } from './confinement.ts';
import type { CopyPlace } from './place.ts';
import type { Run } from './run.ts';

/** Findings about tests that are kept per run. */
const LISTED_MAX = 50;

/** A part of the tests: these test files, or what has this file or name, where the runner can. */
export interface Focus {
  readonly files?: readonly string[] | undefined;
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
  /** Results of earlier runs may be taken instead. */
  readonly kept?: KeptRuns;
}

/** Runs the tests on a fresh checkout of a recorded tree. */
export function testTree(run: Run, test: TreeTest): Promise<GateRun> {
  const id = `${run.id}-gate-${test.tree.slice(0, 12)}-${run.ports.hasher.sha256(test.key).slice(0, 8)}`;
  return run.steps.step<GateRun>(test.key, specOf(test), async ({ signal }) => {
    const kept = await test.kept?.recall(test);
    if (kept !== undefined) return kept;
    const copy = await run.ports.copies.create(id, test.tree);
    try {
      const { setup, focus } = test;
      const result = await testIn(run, copy.root, { setup, signal, name: id, ...focus });
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
  const effect = async ({ signal }: StepContext): Promise<GateRun> => {
    const copy = await place.open();
    // What an agent left running must not make its own tests pass.
    await run.ports.shell.background.endAll(copy.root);
    const name = `${run.id}-${run.ports.hasher.sha256(test.key).slice(0, 16)}`;
    const { setup, focus } = test;
    const result = await testIn(run, copy.root, { setup, signal, name, ...focus });
    return { ...result, ...(await changesToTests(run, test.base, place.tree())) };
  };
  const result = await run.steps.step(test.key, spec, effect);
  place.spoilt();
  return result;
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

/** What a test run in a folder needs to know. */
export interface TestingIn {
  readonly setup: TestSetup;
  readonly signal: AbortSignal;
  /** Names the folder for reports. */
  readonly name: string;
  readonly filter?: string | undefined;
  readonly files?: readonly string[] | undefined;
}

/** Runs the tests in a folder. Called inside a step. */
export async function testIn(
  run: Run,
  cwd: string,
  { setup, signal, name, filter, files: some }: TestingIn,
): Promise<TestRun> {
  const { files } = run.ports;
  const done = await turnOf(run, signal);
  try {
    const reportsDir = await files.scratch(name);
    const result = await runTests(setup, shellFor(run, { reportsDir, cwd }), {
      cwd,
      reportsDir,
      timeoutMs: run.settings.limits.testSeconds * 1000,
      signal,
      env: await apart(run, cwd, reportsDir),
      ...(filter !== undefined && { filter }),
      ...(some && { files: some }),
    });
    const isGood = result.exitCode === 0 && result.report.status === 'complete';
    if (!isGood) await assertRoom(run, reportsDir);
    return redactAll(result, run.redactor);
  } finally {
    done();
    await files.discardScratch(name);
  }
}

/** Suites share the machine. */
async function turnOf({ ports, settings: { qa } }: Run, signal: AbortSignal): Promise<() => void> {
  return qa === undefined ? () => undefined : ports.tests.turn(qa.suites, signal);
}

/** Ports that a working copy has for itself: this many, from one of so many places. */
const PORTS_EACH = 50;
const PORT_PLACES = 400;
const PORT_FIRST = 21_000;

/** What keeps suites of two working copies apart that run at once; documented for people who write tests. */
async function apart(run: Run, cwd: string, reportsDir: string): Promise<Readonly<Record<string, string>>> {
  const { ports, settings, enforced } = run;
  if (settings.qa === undefined) return {};
  const place = Number.parseInt(ports.hasher.sha256(cwd).slice(0, 8), 16) % PORT_PLACES;
  const own = {
    QUARTET_PORT_BASE: String(PORT_FIRST + place * PORTS_EACH),
    QUARTET_PORTS: String(PORTS_EACH),
  };
  // In the sandbox every command has a folder for temporary files of its own.
  if (enforced?.by !== 'none') return own;
  await ports.files.write(reportsDir, `${TEMPORARY}/.kept`, new Uint8Array());
  const folder = `${reportsDir}/${TEMPORARY}`;
  return { ...own, TMPDIR: folder, TEMP: folder, TMP: folder };
}

const TEMPORARY = 'tmp';

/** Tests need less than this to tell how they went, in bytes. */
const ROOM_BYTES = 64 * 1024;
const ROOM_NAME = 'what-tests-write';

/** On a full disk tests fail and reports are cut off: that is no result, and nothing to compare with later. Errors: `storage.full`. */
async function assertRoom({ ports: { files } }: Run, folder: string): Promise<void> {
  await files.write(folder, ROOM_NAME, new Uint8Array(ROOM_BYTES));
  await files.remove(folder, ROOM_NAME);
}

/** Reports lie in the folder made for them, or where the runner puts them in the working copy. */
function shellFor(run: Run, places: { readonly reportsDir: string; readonly cwd: string }): TestShell {
  const { files, shell } = run.ports;
  const within = (path: string): readonly [root: string, path: string] => {
    const root = path.startsWith(places.reportsDir.replaceAll('\\', '/')) ? places.reportsDir : places.cwd;
    return [root, path.slice(root.length).replace(/^[/\\]+/, '')];
  };
  return {
    run: (command, { cwd, env, timeoutMs, signal }) =>
      shell.run(
        {
          ...{ command, cwd, env, timeoutMs, outputChars: 4_000_000, label: 'tests' },
          confined: confinementOf(run, [cwd, places.reportsDir]),
        },
        signal,
      ),
    findReports: (root, pattern) => findReports(pattern, (folder) => files.names(root, folder)),
    async readReport(path) {
      const bytes = await files.read(...within(path));
      return bytes && new TextDecoder().decode(bytes);
    },
    async removeReport(path) {
      if (await files.stat(...within(path))) await files.remove(...within(path));
    },
    writeHelper: (path, text) => files.write(...within(path), new TextEncoder().encode(text)),
  };
}

/** A test run, and what the tree changes about the tests themselves. */
export interface GateRun extends TestRun {
  /** Files that change how tests are run. */
  readonly steering?: readonly string[];
  readonly weakened?: readonly Weakening[];
  /** The results are of an earlier run, taken then; milliseconds since 1970. */
  readonly takenAt?: number;
}

/** What differs between a base and a tree about the tests themselves. Called inside a step. */
async function changesToTests(
  run: Run,
  base: string | undefined,
  tree: string,
): Promise<Pick<GateRun, 'steering' | 'weakened'>> {
  if (base === undefined) return {};
  const { copies } = run.ports;
  const text = async (from: string, path: string): Promise<string | undefined> => {
    const bytes = await copies.read(from, path);
    return bytes && decodeUtf8(bytes);
  };
  const steering: string[] = [];
  const weakened: Weakening[] = [];
  for (const { path } of await copies.diff(base, tree)) {
    const [before, after] = [await text(base, path), await text(tree, path)];
    if (steersTests(path, before, after)) steering.push(path);
    weakened.push(...findWeakened(path, before, after));
  }
  return { steering, weakened: redactAll(weakened.slice(0, LISTED_MAX), run.redactor) };
}

/** Journals a gate's outcome, under a key of its own where its round does not tell it from all others. */
export function report(
  run: Run,
  data: EventData<'gate.finished'>,
  key = `${data.scope}/${data.task ?? ''}/${data.round}`,
): void {
  run.steps.record({ type: 'gate.finished', key, data });
}
