/** Runs the tests in a folder, apart from what runs beside it. Called inside steps. */
import type { LineCoverage } from '../../../protocol/test-evidence.ts';
import { findReports } from '../../qa/find-reports.ts';
import { runTests, type RunTestsOptions, type TestRun, type TestShell } from '../../qa/run-tests.ts';
import type { TestSetup } from '../../qa/test-setup.ts';
import { redactAll } from '../../policy/redact.ts';
import type { SuiteTurn } from '../../ports.ts';
import { confinementOf } from '../confinement.ts';
import { portsOf } from './copy-ports.ts';
import type { Covering } from './cover.ts';
import type { Run } from '../run.ts';
import { testsLabel } from './tests-label.ts';

/** A test run with the lines of the change that it reached, where that was asked for and could be told. */
export interface CoveredRun extends TestRun {
  readonly coverage?: LineCoverage;
}

/** What a test run in a folder needs to know. */
export interface TestingIn {
  readonly setup: TestSetup;
  readonly signal: AbortSignal;
  /** Names the folder for reports. */
  readonly name: string;
  /** Key of the step, for those who watch; absent: what its tests say while they run is of no interest. */
  readonly key?: string | undefined;
  readonly filter?: string | undefined;
  readonly files?: readonly string[] | undefined;
  readonly names?: readonly string[] | undefined;
  /** The lines of a change that are reached are looked for. */
  readonly covering?: Covering | undefined;
}

/** Runs the tests in a folder. Called inside a step. */
export async function testIn(
  run: Run,
  cwd: string,
  { setup, signal, name, key, filter, files: some, names, covering }: TestingIn,
): Promise<CoveredRun> {
  const { files } = run.ports;
  const turn = await turnOf(run, signal);
  try {
    const reportsDir = await files.scratch(name);
    const shell = shellFor(run, { reportsDir, cwd });
    const result = await runTests(setup, shell, {
      cwd,
      reportsDir,
      timeoutMs: run.settings.limits.testSeconds * 1000,
      signal,
      env: { ...(await apart(run, cwd, reportsDir)), ...covering?.env },
      ...(filter !== undefined && { filter }),
      ...(some && { files: some }),
      ...(names && { names }),
      ...hearing(run, key),
    });
    const isGood = result.exitCode === 0 && result.report.status === 'complete';
    if (!isGood) await assertRoom(run, reportsDir);
    const coverage = await covering?.read({ shell, cwd, reportsDir });
    const note = turn?.beside;
    return {
      ...redactAll(result, run.redactor),
      ...(coverage && { coverage }),
      ...(note !== undefined && { note }),
    };
  } finally {
    await turn?.end();
    await files.discardScratch(name);
  }
}

function hearing({ id, ports: { onTests } }: Run, key: string | undefined): Pick<RunTestsOptions, 'onHeard'> {
  if (onTests === undefined || key === undefined) return {};
  return { onHeard: (heard) => onTests({ run: id, key, ...heard }) };
}

/** Suites share the machine. */
async function turnOf({ ports, settings: { qa } }: Run, signal: AbortSignal): Promise<SuiteTurn | undefined> {
  return qa && ports.tests.turn(qa.suites, signal);
}

/** What keeps suites of two working copies apart that run at once; documented for people who write tests. */
async function apart(run: Run, cwd: string, reportsDir: string): Promise<Readonly<Record<string, string>>> {
  const { ports, settings, enforced } = run;
  if (settings.qa === undefined) return {};
  const own = portsOf(run, cwd);
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
    run: (command, { cwd, env, timeoutMs, signal, onOutput }) =>
      shell.run(
        {
          ...{ command, cwd, env, timeoutMs, outputChars: 4_000_000, label: testsLabel(run.id) },
          confined: confinementOf(run, [cwd, places.reportsDir]),
          ...(onOutput && { onOutput }),
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
