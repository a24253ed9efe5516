/** A check of a change held against the same check of its base: only what is new counts. */
import type { Finding } from './check.ts';

/** One run of a check on one tree. Plain JSON. */
export interface CheckRun {
  /** `null`: ended by a signal or by its time limit. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly findings: readonly Finding[];
  /** The end of its output. */
  readonly output: string;
  readonly durationMs: number;
}

/** `unknown`: it does not run here, on the base either, or says nothing that could be compared. */
export type CheckVerdict = 'clean' | 'same' | 'worse' | 'unknown';

export interface CheckComparison {
  readonly verdict: CheckVerdict;
  /** What the base does not have. */
  readonly fresh: readonly Finding[];
  /** How many findings of the base are gone. */
  readonly mended: number;
  /** How many are as on the base. */
  readonly still: number;
  /** One sentence for people. */
  readonly reason: string;
}

/** Exit codes of a program that is not there or cannot be started. */
const MISSING: readonly (number | null)[] = [126, 127, 9009];
const MISSING_WORDS =
  /could not determine executable|No module named ['"]?(mypy|ruff|flake8|pyright|basedpyright)|no such command|is not installed for the toolchain|not recognized as an internal|is not in the .*registry|missing script|Command "[\w./-]+" not found|go: no such tool/i;

export function compareChecks(base: CheckRun, now: CheckRun): CheckComparison {
  const { fresh, mended, still } = difference(base.findings, now.findings);
  const counted = { fresh, mended, still };
  if (isMissing(base)) return { ...counted, verdict: 'unknown', reason: 'It does not run here.' };
  if (now.exitCode === 0 && fresh.length === 0)
    return { ...counted, verdict: 'clean', reason: mended > 0 ? `${mended} mended.` : 'Nothing new.' };
  if (now.timedOut || now.exitCode === null) {
    const ended = !base.timedOut && base.exitCode !== null;
    const reason = `It did not come to an end${ended ? ', and did on the base' : ''}.`;
    return { ...counted, verdict: ended ? 'worse' : 'unknown', reason };
  }
  if (now.exitCode !== 0 && base.exitCode === 0)
    return {
      ...counted,
      verdict: 'worse',
      reason: `It fails and did not on the base. ${lastLine(now)}`.trimEnd(),
    };
  // What is only warned of does not fail, and is no worse for that.
  if (now.exitCode === 0) return { ...counted, verdict: 'same', reason: `${fresh.length} new warnings.` };
  const errors = fresh.filter(({ warning }) => warning !== true).length;
  if (errors > 0)
    return {
      ...counted,
      verdict: 'worse',
      reason: `${errors} new ${errors === 1 ? 'finding' : 'findings'}.`,
    };
  if (fresh.length > 0) return { ...counted, verdict: 'same', reason: `${fresh.length} new warnings.` };
  if (now.findings.length === 0)
    return {
      ...counted,
      verdict: 'unknown',
      reason: `It fails as on the base, in words that cannot be compared.`,
    };
  return { ...counted, verdict: 'same', reason: `${still} as on the base.` };
}

/** Lines move; path, rule and message stay. */
const keyOf = ({ path, rule = '', message }: Finding): string => `${path}\n${rule}\n${message}`;

function difference(
  base: readonly Finding[],
  now: readonly Finding[],
): Pick<CheckComparison, 'fresh' | 'mended' | 'still'> {
  const left = new Map<string, number>();
  for (const each of base) left.set(keyOf(each), (left.get(keyOf(each)) ?? 0) + 1);
  const fresh = now.filter((each) => {
    const count = left.get(keyOf(each)) ?? 0;
    if (count > 0) left.set(keyOf(each), count - 1);
    return count === 0;
  });
  const mended = [...left.values()].reduce((sum, count) => sum + count, 0);
  return { fresh, mended, still: now.length - fresh.length };
}

function isMissing({ exitCode, output }: CheckRun): boolean {
  return MISSING.includes(exitCode) || (exitCode !== 0 && MISSING_WORDS.test(output));
}

function lastLine({ output, findings }: CheckRun): string {
  if (findings.length > 0) return '';
  return output.trim().split('\n').at(-1)?.trim().slice(0, 200) ?? '';
}
