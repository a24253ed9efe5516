/** Type checks, lint and builds of a change, held against the same of its base: only what is new counts. */
import type { CheckReport } from '../../../protocol/test-evidence.ts';
import { checkKey, type Check } from '../../qa/checks/check.ts';
import { compareChecks } from '../../qa/checks/compare.ts';
import { dependOnChange, touchedBy } from '../../qa/checks/touched.ts';
import type { Baseline } from './baseline.ts';
import { checkOnce, type Checked } from './check-once.ts';
import type { Run } from '../run.ts';

/** Findings of a check that are journaled with a gate. */
const LISTED_MAX = 20;

/** What was asked, and how much of what the change touches was not. */
export interface CheckedAll {
  readonly checks: readonly CheckReport[];
  readonly left: number;
}

/** Every check that was found, is not off and is touched by the change, one after the other. */
export async function checkAll(run: Run, baseline: Baseline, checked: Checked): Promise<CheckedAll> {
  const weights = run.settings.qa?.checks;
  const { chosen, left } = await chosenFor(run, baseline, checked);
  const checks: CheckReport[] = [];
  for (const check of chosen) {
    const base = await baseline.check(check);
    const key = `${checked.key}/check/${checkKey(check)}`;
    const now = await checkOnce(run, check, { ...checked, key });
    const { fresh, ...found } = compareChecks(base, now);
    const findings = fresh.slice(0, LISTED_MAX).map(({ path, line, rule, message }) => {
      return { path, line, message, ...(rule !== undefined && { rule }) };
    });
    const { kind, command, folder } = check;
    const its = { kind, command, ...(folder !== undefined && { folder }) };
    const blocks = weights?.[kind] === 'block';
    checks.push({ ...its, ...found, findings, durationMs: now.durationMs, blocks });
  }
  return { checks, left };
}

interface Chosen {
  readonly chosen: readonly Check[];
  readonly left: number;
}

/** Where packages have checks of their own, what changed tells which are asked; that is a step. */
async function chosenFor(
  run: Run,
  { setup, tree: base }: Baseline,
  { key, tree, task }: Checked,
): Promise<Chosen> {
  const { qa } = run.settings;
  const on = (setup.checks ?? []).filter(({ kind }) => (qa?.checks[kind] ?? 'off') !== 'off');
  if (qa === undefined || !dependOnChange(on)) return { chosen: on, left: 0 };
  const found = await run.steps.step<{ readonly asked: readonly string[]; readonly left: number }>(
    `${key}/checks`,
    { kind: 'detect', title: 'Choose the checks', input: { base, tree }, ...whoIs(task) },
    async () => {
      const { copies } = run.ports;
      const paths = (await copies.diff(base, tree)).map(({ path }) => path);
      const { chosen, left } = touchedBy(on, paths, qa.checksMax);
      const there: Check[] = [];
      // A package that the change removes has nothing to be asked.
      for (const check of chosen)
        if (check.folder === undefined || (await copies.names(tree, check.folder))?.length) there.push(check);
      return { asked: there.map(checkKey), left: left.length };
    },
  );
  if (found.left > 0) {
    const data = {
      limit: 'qa.checksMax',
      value: qa.checksMax,
      who: { role: 'qa', ...(task !== undefined && { task }) },
    };
    run.steps.record({ type: 'limit.reached', key: `${key}/checks`, data });
  }
  const byKey = new Map(on.map((check) => [checkKey(check), check]));
  return { chosen: found.asked.flatMap((key) => byKey.get(key) ?? []), left: found.left };
}

function whoIs(task: string | undefined) {
  return { who: { role: 'qa', ...(task !== undefined && { task }) } };
}
