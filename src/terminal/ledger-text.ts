/** A run's ledger in lines: who spent what, where. */
import { ledgerBy, sumOf, tokensOf, type LedgerSum } from '../protocol/ledger.ts';
import type { BudgetLimits } from '../protocol/settings.ts';
import type { RunView } from '../protocol/view.ts';

const WORDS = ['role', 'task', 'agent', 'endpoint'] as const;

/** US dollars; an unknown cost says so. */
export const costText = (usd: number | null): string =>
  usd === null ? 'cost unknown' : `$${usd.toFixed(4)}`;

/** Tables by role, task, agent and endpoint, and the sum against the budget. */
export function ledgerText(view: Pick<RunView, 'ledger' | 'budget'>): string {
  const { ledger, budget } = view;
  if (ledger.length === 0) return 'No model was asked yet.';
  const tables = WORDS.flatMap((word) => {
    const rows = ledgerBy(ledger, word);
    return rows.length === 0 ? [] : [table(word, rows)];
  });
  return [...tables, totalText(sumOf(ledger), budget)].join('\n\n');
}

/** What a machine reads: the rows and their sums. */
export function ledgerJson({ id, ledger, budget }: Pick<RunView, 'id' | 'ledger' | 'budget'>): string {
  const by = Object.fromEntries(WORDS.map((word) => [word, ledgerBy(ledger, word)]));
  return JSON.stringify({ run: id, total: sumOf(ledger), budget, by, rows: ledger });
}

function table(word: string, rows: readonly (LedgerSum & { readonly name: string })[]): string {
  const cells = [
    [`by ${word}`, 'calls', 'tokens in', 'out', 'cost'],
    ...rows.map((row) => [
      row.name,
      String(row.calls),
      String(row.inputTokens),
      String(row.outputTokens),
      `${costText(row.costUsd)}${row.cutOffTokens > 0 ? '  (part of it was held for calls that were cut off)' : ''}`,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  '),
    )
    .join('\n');
}

function totalText(sum: LedgerSum, { costUsdMax, tokensMax }: BudgetLimits): string {
  const cost = costUsdMax === undefined ? '' : ` of $${costUsdMax.toFixed(4)}`;
  const tokens = tokensMax === undefined ? '' : ` of ${tokensMax}`;
  return `In all: ${sum.calls} calls, ${tokensOf(sum)}${tokens} tokens, ${costText(sum.costUsd)}${cost}.`;
}
