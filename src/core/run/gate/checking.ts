/** Type checks, lint and builds of a change, held against the same of its base: only what is new counts. */
import type { CheckReport } from '../../../protocol/test-evidence.ts';
import { compareChecks } from '../../qa/checks/compare.ts';
import type { Baseline } from './baseline.ts';
import { checkOnce, type Checked } from './check-once.ts';
import type { Run } from '../run.ts';

/** Findings of a check that are journaled with a gate. */
const LISTED_MAX = 20;

/** Every check that was found and is not off, one after the other. */
export async function checkAll(
  run: Run,
  baseline: Baseline,
  checked: Checked,
): Promise<readonly CheckReport[]> {
  const weights = run.settings.qa?.checks;
  const reports: CheckReport[] = [];
  for (const check of baseline.setup.checks ?? []) {
    const weight = weights?.[check.kind] ?? 'off';
    if (weight === 'off') continue;
    const base = await baseline.check(check);
    const now = await checkOnce(run, check, { ...checked, key: `${checked.key}/check/${check.kind}` });
    const { fresh, ...found } = compareChecks(base, now);
    const findings = fresh.slice(0, LISTED_MAX).map((each) => ({ ...each }));
    const { kind, command } = check;
    const { durationMs } = now;
    reports.push({ kind, command, ...found, findings, durationMs, blocks: weight === 'block' });
  }
  return reports;
}
