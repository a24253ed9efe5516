/** What other assistants are told of a run: what stands in its record, in words, and no more than that. */
import { plainText } from '../../core/policy/terminal-text.ts';
import type { GateReport } from '../../protocol/events.ts';
import type { RunEntry, RunView } from '../../protocol/view.ts';

const FILES_MAX = 50;
const NOTES_MAX = 20;
const TEXT_CHARS = 8000;
const ENTRIES_MAX = 10;

const cut = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max)} […]`);

/** A goal that another assistant wrote, as the person sees it before they let it: nothing hidden in it or behind blanks. */
export const goalAsSeen = (text: string): string =>
  plainText(text)
    .replace(
      /[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u3164\uffa0]|[\ufe00-\ufe0f]{2,}|[\u200c\u200d]{2,}/gu,
      '',
    )
    .replace(/[^\S\n]{20,}/gu, ' ')
    .replace(/\n\s*\n\s*\n/gu, '\n\n')
    .trim();

/** How the run stands and what it waits for. */
export function statusText(view: RunView): string {
  const open = view.tasks.map(({ spec, state }) => `- ${spec.title}: ${state}`);
  const needs = view.needs.map(({ ask }) => `- ${ask.title}`);
  return [
    `Run ${view.id}: ${cut(view.goal, 300)}`,
    `Status: ${view.status}${view.demo ? ' (a script speaks for the models)' : ''}`,
    ...(view.finished
      ? [
          `Outcome: ${view.finished.outcome}${view.finished.partial ? ', partial' : ''}. ${view.finished.message}`,
        ]
      : []),
    ...(view.paused ? [`Paused: ${view.paused.reason}. ${view.paused.message}`] : []),
    ...section('Tasks', open),
    ...section('Waits for the person, in the Quartet panel', needs),
  ].join('\n');
}

/** What it found, changed and proved. */
export function findingsText(view: RunView): string {
  const { answer, summary, changes, evidence } = view;
  const files = changes?.files.map(
    ({ path, kind, additions, deletions }) =>
      `- ${kind} ${path} (+${String(additions)} -${String(deletions)})`,
  );
  const report = evidence.accepted ?? evidence.integrated ?? evidence.baseline;
  return [
    statusText(view),
    ...(answer ? [`\nAnswer:\n${cut(answer.text, TEXT_CHARS)}`, ...section('Sources', answer.sources)] : []),
    ...(summary ? [`\nSummary: ${summary.title}\n${cut(summary.body, TEXT_CHARS)}`] : []),
    ...section(
      `Change set, ${changes?.applied ? 'applied' : 'not applied'}`,
      files?.slice(0, FILES_MAX) ?? [],
    ),
    ...(report
      ? [
          '',
          ...gateText(
            report,
            (evidence.integrated ?? evidence.accepted) ? 'on the result' : 'on the workspace as it was',
          ),
        ]
      : []),
  ].join('\n');
}

const section = (title: string, rows: readonly string[]): readonly string[] =>
  rows.length === 0 ? [] : [`\n${title}:`, ...rows];

function gateText(report: GateReport, where: string): readonly string[] {
  const { passed, failed, skipped } = report.totals;
  const failing = [...report.newlyFailing, ...report.stillFailing].slice(0, NOTES_MAX);
  return [
    `Tests ${where}: ${report.verdict}; ${String(passed)} passed, ${String(failed)} failed, ${String(skipped)} skipped.`,
    ...report.reasons.map((reason) => `- ${reason}`),
    ...failing.map(
      ({ id, message }) => `- failing: ${id}${message === undefined ? '' : `: ${cut(message, 300)}`}`,
    ),
  ];
}

export function listText(entries: readonly RunEntry[]): string {
  if (entries.length === 0) return 'There is no run in this workspace yet.';
  const rows = entries
    .slice(0, ENTRIES_MAX)
    .map(({ id, status, goal }) => `- ${id}: ${status}: ${cut(goal, 200)}`);
  return ['Runs, newest first:', ...rows].join('\n');
}
