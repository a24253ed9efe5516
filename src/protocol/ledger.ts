/** Sums over a run's ledger: pure functions of its rows, the same for every door. */
import type { LedgerRow } from './view.ts';

/** The sum of some rows. */
export interface LedgerSum {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly calls: number;
  /** Null as soon as a part of it has no known price. */
  readonly costUsd: number | null;
  /** Of the tokens, those held for calls that were cut off. */
  readonly cutOffTokens: number;
}

const NOTHING: LedgerSum = { inputTokens: 0, outputTokens: 0, calls: 0, costUsd: 0, cutOffTokens: 0 };

export const sumOf = (rows: readonly LedgerRow[]): LedgerSum => rows.reduce(plus, NOTHING);

/** Tokens of a sum, in and out. */
export const tokensOf = (sum: LedgerSum): number => sum.inputTokens + sum.outputTokens;

/** Rows summed by one of their words, the dearest first; what has none of it is left out. */
export function ledgerBy(
  rows: readonly LedgerRow[],
  word: 'role' | 'agent' | 'task' | 'endpoint',
): readonly (LedgerSum & { readonly name: string })[] {
  const sums = new Map<string, LedgerSum>();
  for (const row of rows) {
    const name = word === 'endpoint' && row.endpoint === '' ? 'unknown' : row[word];
    if (name !== undefined) sums.set(name, plus(sums.get(name) ?? NOTHING, row));
  }
  return [...sums]
    .map(([name, sum]) => ({ name, ...sum }))
    .sort((a, b) => (b.costUsd ?? 0) - (a.costUsd ?? 0) || tokensOf(b) - tokensOf(a));
}

const plus = (sum: LedgerSum, row: LedgerRow): LedgerSum => ({
  inputTokens: sum.inputTokens + row.inputTokens,
  outputTokens: sum.outputTokens + row.outputTokens,
  calls: sum.calls + row.calls,
  costUsd: sum.costUsd === null || row.costUsd === null ? null : sum.costUsd + row.costUsd,
  cutOffTokens: sum.cutOffTokens + (row.cutOff ? row.inputTokens + row.outputTokens : 0),
});
