/**
 * Which lines of a change its tests reach, where the runner has to be asked. That is a run of its own on a fresh checkout, once the
 * tests are green: what it says of the tests counts for nothing, since to measure them may change how they come out.
 */
import type { LineCoverage } from '../../../protocol/test-evidence.ts';
import type { Enforced } from '../../../protocol/enforced.ts';
import type { StepContext } from '../../ports.ts';
import { decodeUtf8 } from '../../changes/encoding.ts';
import { coverageOf, isCovered, type ChangedSource } from '../../qa/coverage/changed.ts';
import { lackOf, runnerName } from '../../qa/coverage/lacking.ts';
import { below } from '../../qa/coverage/lines.ts';
import { moduleOf } from '../../qa/coverage/go-profile.ts';
import { PYTHON_COVER, pythonSettings } from '../../qa/coverage/python-cover.ts';
import { linesHit, readCoverage } from '../../qa/coverage/report.ts';
import type { TestRun } from '../../qa/run-tests.ts';
import type { CoverageCommands, TestSetup } from '../../qa/test-setup.ts';
import type { Run } from '../run.ts';
import type { Baseline } from './baseline.ts';
import { REPORTS_MAX, sourcesOf, type Where } from './cover.ts';
import { unknownText } from './evidence-text.ts';
import { testIn } from './testing.ts';

/** Suites that take longer are not run once more for this, in milliseconds. */
const SUITE_MS_MAX = 300_000;

/** A change whose tests are green. */
export interface Coverable {
  readonly key: string;
  readonly tree: string;
  readonly now: TestRun;
  readonly task?: string | undefined;
}

/** Nothing where no line of the change could be reached. */
interface Looked {
  readonly coverage?: LineCoverage;
  readonly enforced?: Enforced;
}

/** `undefined` where the runner cannot be asked, or no line of the change could be reached. */
export async function coverByRun(
  run: Run,
  baseline: Baseline,
  judged: Coverable,
): Promise<LineCoverage | undefined> {
  const { coverage: asked, label } = baseline.setup;
  if (asked === undefined || run.settings.qa?.coverage !== true) return undefined;
  const { key, tree, task } = judged;
  const spec = {
    kind: 'tests' as const,
    title: 'Look which changed lines the tests reach',
    input: { base: baseline.tree, tree, commands: asked.commands },
    note: { tool: 'run_tests', args: JSON.stringify({ command: label }) },
    who: { role: 'qa', ...(task !== undefined && { task }) },
    brief: ({ coverage }: Looked) => briefOf(coverage),
    facts: ({ enforced }: Looked) => ({ ...(enforced && { enforced }) }),
  };
  const { coverage } = await run.steps.step<Looked>(`${key}/coverage`, spec, (context) =>
    lookIn(run, baseline, { judged, asked, context }),
  );
  return coverage;
}

function briefOf(coverage: LineCoverage | undefined): string {
  if (coverage === undefined) return 'No line that runs was changed.';
  const { covered, total, why } = coverage;
  return why === undefined ? `Tests reach ${covered} of ${total} changed lines.` : unknownText(why);
}

interface Looking {
  readonly judged: Coverable;
  readonly asked: CoverageCommands;
  readonly context: StepContext;
}

async function lookIn(run: Run, { tree: base, setup }: Baseline, looking: Looking): Promise<Looked> {
  const { judged, asked, context } = looking;
  const { tree, now } = judged;
  const covers = { base, tree };
  const sources = await sourcesOf(run, covers, (path) => isCovered(path, asked.format));
  if (sources.length === 0) return {};
  if ((now.durationMs ?? 0) > SUITE_MS_MAX)
    return notKnown('the tests take too long to be run once more for it.');
  const id = `${run.id}-cover-${run.ports.hasher.sha256(judged.key).slice(0, 16)}`;
  const names = asked.format === 'go' ? await goNames(run, tree, sources) : new Map<string, string>();
  const copy = await run.ports.copies.create(id, tree);
  try {
    let found: Looked = {};
    for (const command of asked.commands) {
      const asking = { command, asked, sources, names };
      const result = await testIn(run, copy.root, {
        setup: measured(setup, asking, copy.root),
        signal: context.signal,
        name: id,
        files: sources.map(({ path }) => path),
        covering: {
          env: { COVERAGE_FILE: '{reports}/coverage.data' },
          read: (where) => readIn(asking, where),
        },
      });
      const { enforced } = result;
      found = { ...judgedRun(result, { now, setup }), ...(enforced && { enforced }) };
      if (result.coverage !== undefined || lackOf(result.output) === undefined) break;
    }
    return found;
  } finally {
    await run.ports.copies.discard(id);
  }
}

const notKnown = (why: string): Looked => ({ coverage: { covered: 0, total: 0, files: [], why } });

interface Asking {
  readonly command: string;
  readonly asked: CoverageCommands;
  readonly sources: readonly ChangedSource[];
  /** What the report calls a file, where that is not its path. */
  readonly names: ReadonlyMap<string, string>;
}

/** The set-up with a command that measures. It runs everything: what it is told of files is what is measured. */
function measured(
  { only: _, ...setup }: TestSetup,
  { command, asked, sources }: Asking,
  root: string,
): TestSetup {
  if (asked.format !== 'python') return { ...setup, command };
  const paths = sources.map(({ path }) => path);
  const helpers = [
    { path: '{reports}/cover.py', text: PYTHON_COVER },
    { path: '{reports}/coverage.rc', text: pythonSettings(paths, root) },
  ];
  return { ...setup, command, helpers: [...(setup.helpers ?? []), ...helpers] };
}

/** A run that came out worse than the one without measuring reached other lines: it says nothing. */
function judgedRun(
  { coverage, end, report, output, exitCode }: TestRun & { readonly coverage?: LineCoverage },
  { now, setup: { runner } }: { readonly now: TestRun; readonly setup: TestSetup },
): Looked {
  const name = runnerName(runner);
  if (end === 'timedOut') return notKnown('the tests came to no end in their time while they were measured.');
  const lack = coverage === undefined ? lackOf(output) : undefined;
  if (lack !== undefined) return notKnown(lack);
  if (report.totals.passed < now.report.totals.passed)
    return notKnown('the tests came out otherwise while they were measured.');
  if (coverage === undefined)
    return notKnown(`${name} reported nothing of the changed files (exit code ${String(exitCode)}).`);
  return coverage.total === 0 ? {} : { coverage };
}

/** `undefined` where there is no report, or none that tells of a changed file. */
async function readIn(
  { asked: { format, reports }, sources, names }: Asking,
  { shell, cwd, reportsDir }: Where,
): Promise<LineCoverage | undefined> {
  const found = await shell.findReports(reportsDir, reports);
  const told: ReadonlyMap<string, ReadonlyMap<number, number>>[] = [];
  for (const name of found.slice(0, REPORTS_MAX)) {
    const text = await shell.readReport(`${reportsDir.replaceAll('\\', '/')}/${name}`);
    const hits = text === undefined ? [] : [...readCoverage(format, text)];
    const own = hits.flatMap(([path, lines]) => {
      const its = format === 'go' ? path : below(cwd, path);
      return its === undefined ? [] : [[its, lines] as const];
    });
    told.push(new Map(own));
  }
  const of = (path: string) => told.map((report) => report.get(names.get(path) ?? path));
  if (!sources.some(({ path }) => of(path).some((lines) => lines !== undefined))) return undefined;
  const coverage = coverageOf(sources, ({ path, after = '' }) => linesHit(after, format, of(path)));
  return coverage ?? { covered: 0, total: 0, files: [] };
}

/** Go's reports name files by their module. */
async function goNames(
  { ports: { copies } }: Run,
  tree: string,
  sources: readonly ChangedSource[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const { path } of sources) {
    const folders = path.split('/').slice(0, -1);
    for (let depth = folders.length; depth >= 0; depth--) {
      const folder = folders.slice(0, depth).join('/');
      const bytes = await copies.read(tree, folder === '' ? 'go.mod' : `${folder}/go.mod`);
      const text = bytes && decodeUtf8(bytes);
      if (text === undefined) continue;
      const module = moduleOf(text);
      const rest = folder === '' ? path : path.slice(folder.length + 1);
      if (module !== undefined) names.set(path, `${module}/${rest}`);
      break;
    }
  }
  return names;
}
