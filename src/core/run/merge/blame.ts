/**
 * Green alone and red together: which task that was merged meanwhile a change cannot stand beside, found by trying the change on
 * what was merged, half by half, and what both of them touch.
 */
import { SharedFile, type Blame } from '../../../protocol/blame.ts';
import type { GateReport } from '../../../protocol/events.ts';
import type * as z from 'zod';
import { decodeUtf8 } from '../../changes/encoding.ts';
import { lineChanges } from '../../changes/line-diff.ts';
import { merge3 } from '../../changes/merge3.ts';
import { splitLines } from '../../changes/text-form.ts';
import type { Baseline } from '../gate/baseline.ts';
import { testTree } from '../gate/gate.ts';
import type { Run } from '../run.ts';

/** Something that was integrated: the trees before and after. */
export interface Merge {
  readonly unit: string;
  readonly before: string;
  readonly after: string;
}

/** The change that does not fit, and what was merged since it began. */
export interface Suspects {
  readonly unit: string;
  /** Of its merge. */
  readonly key: string;
  readonly start: string;
  readonly tree: string;
  readonly since: readonly Merge[];
}

/** Times that the tests are run to tell tasks apart; more tasks than these can part are blamed together. */
const TRIES_MAX = 4;
/** Files and tests that are named. */
const NAMED_MAX = 20;

/** Why the integrated tree is red; undefined where nothing else was merged meanwhile. */
export async function blameRed(
  run: Run,
  baseline: Baseline,
  suspects: Suspects,
  report: GateReport,
): Promise<Blame | undefined> {
  if (suspects.since.length === 0) return undefined;
  const tests = report.newlyFailing.map(({ id }) => id);
  const culprits = await narrowed(run, baseline, suspects, new Set(tests));
  return told(run, suspects, { culprits, kind: 'red', tests: tests.slice(0, NAMED_MAX) });
}

/** Who else changed the lines that do not merge. */
export async function blameConflict(
  run: Run,
  suspects: Suspects,
  paths: readonly string[],
): Promise<Blame | undefined> {
  if (suspects.since.length === 0) return undefined;
  return told(run, suspects, { culprits: suspects.since, kind: 'conflict', tests: [], only: paths });
}

/** The one merge from which on the tests fail with the change; all of them where trying does not tell. */
async function narrowed(
  run: Run,
  baseline: Baseline,
  { unit, key, start, tree, since }: Suspects,
  failing: ReadonlySet<string>,
): Promise<readonly Merge[]> {
  let [good, bad] = [0, since.length];
  for (let tried = 1; bad - good > 1 && tried <= TRIES_MAX; tried++) {
    const middle = Math.floor((good + bad) / 2);
    const onto = since[middle - 1]?.after ?? start;
    const together = await merged(run, `${key}/blame/${tried}`, { base: start, ours: onto, theirs: tree });
    if (together === undefined) return since.slice(good, bad);
    const now = await testTree(run, {
      key: `${key}/blame/${tried}/gate`,
      title: 'Find out which change it does not stand beside',
      tree: together,
      setup: baseline.setup,
      who: { role: 'qa', task: unit },
    });
    if (now.report.status !== 'complete') return since.slice(good, bad);
    const fails = now.report.tests.some(({ id, status }) => status === 'failed' && failing.has(id));
    if (fails) bad = middle;
    else good = middle;
  }
  return since.slice(good, bad);
}

async function merged(
  run: Run,
  key: string,
  input: { readonly base: string; readonly ours: string; readonly theirs: string },
): Promise<string | undefined> {
  const { copies } = run.ports;
  const spec = { kind: 'merge' as const, title: 'Merge with a part of what was merged', input };
  const { tree, conflicts } = await run.steps.step<{ tree: string; conflicts: number }>(
    key,
    spec,
    async () => {
      const found = await copies.merge(input.base, input.ours, input.theirs);
      await copies.retain(run.id, [found.tree]);
      return { tree: found.tree, conflicts: found.conflicts.length };
    },
  );
  return conflicts === 0 ? tree : undefined;
}

interface Finding {
  readonly culprits: readonly Merge[];
  readonly kind: Blame['kind'];
  readonly tests: readonly string[];
  /** Only who changed one of these is to blame. */
  readonly only?: readonly string[];
}

interface Touched {
  readonly mine: readonly string[];
  readonly theirs: readonly { readonly unit: string; readonly paths: readonly string[] }[];
  readonly shared: readonly z.infer<typeof SharedFile>[];
  /** Units whose lines do not merge with the change's; absent where that is not the question, or was not yet told. */
  readonly guilty?: readonly string[];
}

async function told(run: Run, suspects: Suspects, finding: Finding): Promise<Blame> {
  const { unit, key, start, tree } = suspects;
  const { culprits, only } = finding;
  const input = { start, tree, culprits: culprits.map(({ before, after }) => ({ before, after })), only };
  const touched = await run.steps.step<Touched>(
    `${key}/blame`,
    { kind: 'diff', title: 'See what both changes touch', input },
    () => touchedBy(run, suspects, finding),
  );
  const besides = only
    ? touched.theirs.filter(({ paths }) => paths.some((path) => only.includes(path)))
    : touched.theirs;
  const guilty = besides.filter((each) => touched.guilty?.includes(each.unit));
  const others = [guilty, besides, touched.theirs].find(({ length }) => length > 0) ?? [];
  const blame: Blame = {
    task: unit,
    with: others.map((each) => each.unit),
    kind: finding.kind,
    tests: [...finding.tests],
    shared: [...touched.shared],
    files: touched.mine.slice(0, NAMED_MAX),
    otherFiles: [...new Set(others.flatMap(({ paths }) => paths))].slice(0, NAMED_MAX),
  };
  run.steps.record({ type: 'blame.found', key, data: blame });
  return blame;
}

/** Called inside a step. */
async function touchedBy(
  { ports }: Run,
  { start, tree }: Suspects,
  { culprits, only }: Finding,
): Promise<Touched> {
  const { copies } = ports;
  const pathsOf = async (from: string, to: string): Promise<string[]> =>
    (await copies.diff(from, to)).map(({ path }) => path);
  const mine = await pathsOf(start, tree);
  const theirs = await Promise.all(
    culprits.map(async ({ unit, before, after }) => ({ unit, paths: await pathsOf(before, after) })),
  );
  const shared: z.infer<typeof SharedFile>[] = [];
  const guilty = new Set<string>();
  for (const path of mine.filter((each) => only?.includes(each) ?? true)) {
    const touching = culprits.filter((_, at) => theirs[at]?.paths.includes(path));
    const clashing = only ? await clashingIn(copies, path, { start, tree, touching }) : [];
    for (const { unit } of clashing) guilty.add(unit);
    const other = clashing[0] ?? touching[0];
    if (!other || shared.length >= NAMED_MAX) continue;
    const linesIn = (from: string, to: string) => changedLines(copies, path, { from, to });
    shared.push({
      path,
      lines: await linesIn(start, tree),
      otherLines: await linesIn(other.before, other.after),
    });
  }
  return { mine, theirs, shared, ...(only && { guilty: [...guilty] }) };
}

/** Of those who touched a file one after the other, whose lines do not merge with the change's: what conflicts differs once they are in. */
async function clashingIn(
  copies: Run['ports']['copies'],
  path: string,
  { start, tree, touching }: Pick<Suspects, 'start' | 'tree'> & { readonly touching: readonly Merge[] },
): Promise<readonly Merge[]> {
  const [base, mine] = [await textIn(copies, start, path), await textIn(copies, tree, path)];
  const clashing: Merge[] = [];
  let before = '[]';
  for (const merge of touching) {
    const merged = merge3(base, await textIn(copies, merge.after, path), mine);
    const places = merged.ok
      ? []
      : merged.conflicts.map(({ oursLines, theirsLines, baseLines }) => [oursLines, theirsLines, baseLines]);
    const now = JSON.stringify(places);
    if (now !== before && places.length > 0) clashing.push(merge);
    before = now;
  }
  return clashing;
}

/** Empty where there is no such text. */
async function textIn(copies: Run['ports']['copies'], tree: string, path: string): Promise<string> {
  const bytes = await copies.read(tree, path);
  return (bytes && decodeUtf8(bytes)) ?? '';
}

/** The lines of a file that changed between two trees, as they stand in the second. */
async function changedLines(
  copies: Run['ports']['copies'],
  path: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<string> {
  const [before, after] = await Promise.all([from, to].map((tree) => textIn(copies, tree, path)));
  const changes = lineChanges(splitLines(before ?? ''), splitLines(after ?? ''));
  const ranges = changes.slice(0, NAMED_MAX).map(({ newStart, newEnd }) => {
    if (newEnd <= newStart) return `${Math.max(1, newStart)}`;
    return newEnd - newStart === 1 ? `${newEnd}` : `${newStart + 1}-${newEnd}`;
  });
  return ranges.length === 0 ? '1' : ranges.join(', ');
}
