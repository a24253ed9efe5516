/** Summaries that a run makes of its own record, where no model was asked for better words. */
import type { RunView } from './view.ts';

/** How paragraphs about evidence begin in them; which core writes so. */
const OF_EVIDENCE =
  /^(?:\*\*(?:Tests|Checks|Rules of the project that are looser now|Code under test|Coverage)\*\*:|\| New or turned test \||Newly passing:|\d+ tests of the changed files )/u;

/** The summary without what views show as evidence in their own words. What a model wrote stays as it is. */
export function summaryOf({ summary, tasks }: Pick<RunView, 'summary' | 'tasks'>): RunView['summary'] {
  if (!summary || !tasks.some(({ spec }) => summary.body.startsWith(`**${spec.id}**: `))) return summary;
  const kept = summary.body.split('\n\n').filter((paragraph) => !OF_EVIDENCE.test(paragraph.trim()));
  return { ...summary, body: kept.join('\n\n') };
}
