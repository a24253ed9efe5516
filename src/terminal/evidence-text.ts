/** What a gate has to show beside its verdict, in lines. */
import { commandIn } from '../core/qa/checks/check.ts';
import { loadText, unknownText } from '../core/run/gate/evidence-text.ts';
import { plainText } from '../core/policy/terminal-text.ts';
import type { EventData, GateReport, TestNote } from '../protocol/events.ts';
import type { CheckReport, LineCoverage, TestProof } from '../protocol/test-evidence.ts';

const ROWS_MAX = 20;

/** None where there is nothing but the verdict. */
export function evidenceLines({
  checks = [],
  loosened = [],
  proof,
  probe,
  coverage,
  takenAt,
}: GateReport): readonly string[] {
  return [
    ...(takenAt === undefined
      ? []
      : [
          `  The base was not run again: its results are of ${new Date(takenAt).toISOString().slice(0, 16)}.`,
        ]),
    ...checks.map(checkLine),
    ...loosenedLines(loosened),
    ...(proof === undefined ? [] : proofLines(proof)),
    ...(probe === undefined ? [] : [`  ${loadText(probe)}`]),
    ...(coverage === undefined ? [] : coverageLines(coverage)),
  ];
}

function checkLine(check: CheckReport): string {
  const { kind, verdict, blocks, mended, still } = check;
  const said = { clean: 'nothing new', same: 'as on the base', worse: 'worse', unknown: 'not comparable' }[
    verdict
  ];
  const counts = [...(mended > 0 ? [`${mended} mended`] : []), ...(still > 0 ? [`${still} as before`] : [])];
  const told = verdict === 'worse' && !blocks ? ', told only' : '';
  return `  ${kind.padEnd(5)} ${commandIn(check)}: ${[said + told, ...counts].join(', ')}`;
}

function loosenedLines(loosened: NonNullable<GateReport['loosened']>): readonly string[] {
  if (loosened.length === 0) return [];
  const more = loosened.length - ROWS_MAX;
  return [
    '  Rules of the project that are looser now:',
    ...loosened
      .slice(0, ROWS_MAX)
      .map(
        ({ path, line, reason, blocks }) => `    ${path}:${line}: ${reason}${blocks ? '' : ' (asked for)'}`,
      ),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

/** Each new test, before and after the change. */
function proofLines({ tests, passToPass }: TestProof): readonly string[] {
  const more = tests.length - ROWS_MAX;
  return [
    '  Without the change, and with it:',
    ...tests.slice(0, ROWS_MAX).map(({ id, base, now }) => `    ${base.padEnd(7)} ${now.padEnd(7)} ${id}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
    ...(passToPass > 0 ? [`    ${passToPass} of the changed files pass both times`] : []),
  ];
}

function coverageLines({ covered, total, files, why }: LineCoverage): readonly string[] {
  if (why !== undefined) return [`  Coverage: ${unknownText(why)}`];
  if (total === 0) return [];
  const percent = Math.floor((100 * covered) / total);
  const missed = files
    .filter(({ missed: lines }) => lines.length > 0)
    .map(({ path, missed: lines }) => `    ${path}: not reached: ${rangesOf(lines)}`);
  return [`  Tests reach ${covered} of ${total} changed lines (${percent} %).`, ...missed.slice(0, ROWS_MAX)];
}

/** `1-3, 7`. Lines ascend. */
function rangesOf(lines: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last?.to === line - 1) last.to = line;
    else ranges.push({ from: line, to: line });
  }
  return ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ');
}

/** Of a run of the tests alone: every test that fails, with what it says. The base is the same run and tells nothing more. */
export function aloneText({ scope, report }: EventData<'gate.finished'>): string | undefined {
  if (scope === 'baseline') return undefined;
  const failing = [...report.newlyFailing, ...report.stillFailing];
  return plainText(failing.map(failureText).join('\n')) || undefined;
}

const PART_CHARS_MAX = 2000;

function failureText({ id, file, line, message, expected, actual }: TestNote): string {
  const place = file === undefined ? '' : `\n  ${file}${line === undefined ? '' : `:${line}`}`;
  const parts = [
    ...(message === undefined ? [] : [indented(message)]),
    ...(expected === undefined ? [] : [indented(`expected: ${expected}`)]),
    ...(actual === undefined ? [] : [indented(`actual:   ${actual}`)]),
  ];
  return [`\u2717 ${id}${place}`, ...parts].join('\n');
}

function indented(text: string): string {
  return text
    .trim()
    .slice(0, PART_CHARS_MAX)
    .replace(/^(?=.)/gm, '  ');
}
