/** What a run came to, from its record alone: for whoever sums it up, and instead of a summary where nobody is asked for one. Markdown. */
import type { GateReport } from '../../protocol/events.ts';
import { evidenceText } from './gate/evidence-text.ts';

export interface Outcomes {
  /** What each task's author said as it handed over, by the task's id. */
  readonly results: ReadonlyMap<string, { readonly text: string }>;
  readonly verdict: GateReport | undefined;
  /** Tasks that were not done, a sentence each. */
  readonly undone: readonly string[];
}

export function outcomesText({ results, verdict, undone }: Outcomes): string {
  const passing = verdict?.newlyPassing ?? [];
  return [
    ...[...results].map(([task, { text }]) => `**${task}**: ${text}`),
    ...(verdict ? [testsText(verdict), ...evidenceText(verdict)] : []),
    ...(passing.length > 0 ? [`Newly passing:\n${passing.map((test) => `- ${test}`).join('\n')}`] : []),
    ...(undone.length > 0 ? [`**Not done**: ${undone.join(' ')}`] : []),
  ].join('\n\n');
}

function testsText({ verdict, totals, reasons }: GateReport): string {
  const { passed, failed } = totals;
  return `**Tests**: ${verdict === 'notProved' ? 'not proved' : verdict}; ${passed} passed, ${failed} failed. ${reasons.slice(0, 3).join(' ')}`;
}
