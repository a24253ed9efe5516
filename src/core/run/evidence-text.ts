/** What a gate found beside its tests, as hand-overs tell it to people and models. Markdown. */
import type { GateReport } from '../../protocol/events.ts';

/** Rows of the table of new tests. */
const ROWS_MAX = 20;
const SAID = { clean: 'nothing new', same: 'as on the base', worse: 'worse', unknown: 'not comparable' };

/** Paragraphs; none where there is nothing but the tests. */
export function evidenceText({ checks = [], proof, coverage }: GateReport): readonly string[] {
  return [
    ...(checks.length > 0
      ? [`**Checks**: ${checks.map(({ command, verdict }) => `\`${command}\` ${SAID[verdict]}`).join('; ')}.`]
      : []),
    ...(proof && proof.tests.length > 0 ? [proofText(proof)] : []),
    ...(coverage && coverage.total > 0
      ? [`**Coverage**: tests reach ${coverage.covered} of ${coverage.total} changed lines.`]
      : []),
  ];
}

/** Each new test without the change and with it: what fails to pass proves the change. */
function proofText({ tests, passToPass }: NonNullable<GateReport['proof']>): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const rows = tests.slice(0, ROWS_MAX).map(({ id, base, now }) => `| ${cell(id)} | ${base} | ${now} |`);
  const more = tests.length - ROWS_MAX;
  return [
    '| New or turned test | without the change | with it |\n|---|---|---|',
    ...rows,
    ...(more > 0 ? [`| and ${more} more | | |`] : []),
    ...(passToPass > 0 ? [`\n${passToPass} tests of the changed files pass both times.`] : []),
  ].join('\n');
}
