/**
 * Whether the tests load the code that they are to prove: on a fresh checkout of the tree its source code is broken, and the same
 * tests must notice. An installed copy, or a link that leads back, makes tests green whatever the change is. Found once per set-up:
 * what is known to load is kept beside the results of bases.
 */
import type { Enforced } from '../../../protocol/enforced.ts';
import type { GateReport } from '../../../protocol/events.ts';
import type { LoadProbe } from '../../../protocol/test-evidence.ts';
import { decodeUtf8 } from '../../changes/encoding.ts';
import { PortError, type StepContext } from '../../ports.ts';
import { broken, isApart, isSource, startedBy, tellsSetup, testScripts } from '../../qa/probe/files.ts';
import { adviceFor, lostIn, mayBeChance } from '../../qa/probe/read.ts';
import type { TestRun } from '../../qa/run-tests.ts';
import type { Baseline } from './baseline.ts';
import { loadText } from './evidence-text.ts';
import type { Run } from '../run.ts';
import { testIn } from './testing.ts';

/** A change whose tests are green on a fresh checkout of its tree. */
export interface Provable {
  readonly key: string;
  readonly tree: string;
  readonly now: TestRun;
  readonly report: GateReport;
  readonly task?: string | undefined;
}

/** Files that are broken at most; with more, that nothing fails says nothing. */
const FILES_MAX = 20_000;
/** Files that are written at once. */
const AT_ONCE = 16;

/** `undefined` where the change touches no code, or in runs that began before this was looked at. */
export async function probeLoading(
  run: Run,
  baseline: Baseline,
  judged: Provable,
): Promise<LoadProbe | undefined> {
  const wanted = run.settings.qa?.probe;
  if (wanted === undefined) return undefined;
  if (!wanted) return { outcome: 'off', files: 0 };
  const { command, label } = baseline.setup;
  const { key, tree, task } = judged;
  const spec = {
    kind: 'tests' as const,
    title: 'Look whether the tests load the changed code',
    input: { base: baseline.tree, tree, command },
    note: { tool: 'run_tests', args: JSON.stringify({ command: label }) },
    who: { role: 'qa', ...(task !== undefined && { task }) },
    brief: ({ probe }: Looked) => (probe ? loadText(probe) : 'No code was changed.'),
    facts: ({ enforced }: Looked) => ({ ...(enforced && { enforced }) }),
  };
  const { probe } = await run.steps.step<Looked>(`${key}/probe`, spec, (context) =>
    lookIn(run, baseline, { judged, context }),
  );
  return probe;
}

/** The report with what was found; without the proof that the code is loaded, nothing is proved. */
export function withProbe(report: GateReport, probe: LoadProbe | undefined): GateReport {
  if (probe === undefined) return report;
  if (probe.advice === undefined) return { ...report, probe };
  return { ...report, probe, verdict: 'notProved', reasons: [probe.advice, ...report.reasons] };
}

interface Looking {
  readonly judged: Provable;
  readonly context: StepContext;
}

/** Nothing where no code is to be looked at. */
interface Looked {
  readonly probe?: LoadProbe;
  /** What the tests were held to, where they ran. */
  readonly enforced?: Enforced;
}

async function lookIn(run: Run, baseline: Baseline, { judged, context }: Looking): Promise<Looked> {
  const { copies, tests, clock } = run.ports;
  const deltas = await copies.diff(baseline.tree, judged.tree);
  const changed = deltas.map(({ path }) => path).filter(isSource);
  if (changed.length === 0) return {};
  const kept = await keyOf(run, baseline, judged.tree);
  const known = (await tests.recall(kept)) as LoadProbe | undefined;
  if (known?.outcome === 'loaded') return { probe: { ...known, files: 0 } };
  const found = await onFresh(run, baseline, { judged, context, changed });
  if (found.probe?.outcome === 'loaded') await tests.remember(kept, { ...found.probe, takenAt: clock.now() });
  return found;
}

/** Version of what is kept. */
const KEPT = 'probe/1';

/** The same as long as command, packages, programs and what the root says of the set-up are the same. */
async function keyOf(run: Run, { setup: { command, env } }: Baseline, tree: string): Promise<string> {
  const { ports, enforced, settings } = run;
  const { copies, hasher, tests } = ports;
  const told: (readonly [string, string])[] = [];
  for (const name of ((await copies.names(tree, '')) ?? []).filter(tellsSetup))
    told.push([name, hasher.sha256(await textOf(run, tree, name))]);
  const on = [await tests.environment(), enforced?.by, enforced?.network, settings.sandbox.readable];
  return hasher.sha256(JSON.stringify([KEPT, command, env, told, on]));
}

async function textOf({ ports: { copies } }: Run, tree: string, path: string): Promise<string> {
  const bytes = await copies.read(tree, path);
  return (bytes && decodeUtf8(bytes)) ?? '';
}

/** Breaks a fresh checkout and runs its tests; once more where what failed may have failed by chance. */
async function onFresh(
  run: Run,
  { setup }: Baseline,
  { judged, context: { signal }, changed }: Looking & { readonly changed: readonly string[] },
): Promise<Looked> {
  const { copies, hasher } = run.ports;
  const mark = hasher.sha256(`${run.id}/${judged.key}`);
  const [id, marker] = [`${run.id}-probe-${mark.slice(0, 16)}`, `quartet_probe_${mark.slice(16, 32)}`];
  const copy = await copies.create(id, judged.tree);
  try {
    const starts = startedBy(
      [setup.command, setup.label, ...testScripts(await textOf(run, judged.tree, 'package.json'))].join(' '),
    );
    const found = (await sourcesIn(run, copy.root)).filter((path) => !starts.has(path));
    const chosen = [...new Set([...changed.filter((path) => found.includes(path)), ...found])];
    const files = await breakAll(run, copy.root, { paths: chosen.slice(0, FILES_MAX), marker });
    if (files === 0) return {};
    const again = () => testIn(run, copy.root, { setup, signal, name: id });
    const limitMs = run.settings.limits.testSeconds * 1000;
    const { outcome, enforced } = await outcomeOf(judged, { marker, limitMs, again });
    // Where some files were left whole, the tests may load only those.
    const told = outcome === 'elsewhere' && chosen.length > FILES_MAX ? 'unclear' : outcome;
    const advice = told === 'loaded' ? {} : { advice: adviceFor(told, changed) };
    return { probe: { outcome: told, files, ...advice }, ...(enforced && { enforced }) };
  } finally {
    await copies.discard(id);
  }
}

interface Marked {
  readonly marker: string;
  /** Longest time of one test run. */
  readonly limitMs: number;
  /** Runs the tests on the broken code. */
  readonly again: () => Promise<TestRun>;
}

async function outcomeOf(
  { now: before, report: { flaky = [] } }: Provable,
  { marker, limitMs, again }: Marked,
): Promise<{
  readonly outcome: 'loaded' | 'elsewhere' | 'unclear';
  readonly enforced?: Enforced | undefined;
}> {
  const chance = new Set(flaky.map(({ id }) => id));
  const first = { before, now: await again(), chance, limitMs };
  const { enforced } = first.now;
  const lost = lostIn(first);
  if (lost === undefined) return { outcome: 'unclear', enforced };
  if (lost.size === 0) return { outcome: 'elsewhere', enforced };
  if (!mayBeChance(first, marker)) return { outcome: 'loaded', enforced };
  const second = lostIn({ ...first, now: await again() });
  if (second === undefined) return { outcome: 'unclear', enforced };
  return { outcome: [...lost].some((id) => second.has(id)) ? 'loaded' : 'elsewhere', enforced };
}

/** The source files of a checkout, without what is lent to it. */
async function sourcesIn({ ports: { files } }: Run, root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const look = async (folder: string): Promise<void> => {
    const names = (await files.names(root, folder)) ?? [];
    // An environment of Python, under any name.
    if (names.includes('pyvenv.cfg')) return;
    for (const name of names) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (!name.endsWith('/')) found.push(path);
      else if (!isApart(path.slice(0, -1))) await look(path.slice(0, -1));
    }
  };
  await look('');
  return found.filter(isSource);
}

interface Breaking {
  readonly paths: readonly string[];
  readonly marker: string;
}

/** How many were broken: links, and what is no text, stay. */
async function breakAll(
  { ports: { files } }: Run,
  root: string,
  { paths, marker }: Breaking,
): Promise<number> {
  const breakOne = async (path: string): Promise<number> => {
    const bytes = await files.read(root, path);
    const text = bytes && decodeUtf8(bytes);
    if (text === undefined) return 0;
    await files.write(root, path, new TextEncoder().encode(broken(path, text, marker)));
    return 1;
  };
  const unlessLink = (error: unknown): number => {
    if (error instanceof PortError && error.code === 'path.outside') return 0;
    throw error;
  };
  let count = 0;
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const made = await Promise.all(
      paths.slice(at, at + AT_ONCE).map((path) => breakOne(path).catch(unlessLink)),
    );
    count += made.reduce((sum, each) => sum + each, 0);
  }
  return count;
}
