/** What a gate found beside its tests, as hand-overs tell it to people and models. Markdown. */
import type { GateReport } from '../../../protocol/events.ts';
import type { LoadProbe } from '../../../protocol/test-evidence.ts';
import { commandIn } from '../../qa/checks/check.ts';

/** Rows of the table of new tests. */
const ROWS_MAX = 20;
const SAID = { clean: 'nothing new', same: 'as on the base', worse: 'worse', unknown: 'not comparable' };

/** Paragraphs; none where there is nothing but the tests. */
export function evidenceText({
  checks = [],
  loosened = [],
  proof,
  probe,
  coverage,
}: GateReport): readonly string[] {
  return [
    ...(checks.length > 0
      ? [`**Checks**: ${checks.map((check) => `\`${commandIn(check)}\` ${SAID[check.verdict]}`).join('; ')}.`]
      : []),
    ...(loosened.length > 0 ? [loosenedText(loosened)] : []),
    ...(proof && proof.tests.length > 0 ? [proofText(proof)] : []),
    ...(probe ? [`**Code under test**: ${loadText(probe)}`] : []),
    ...(coverage && coverage.total > 0
      ? [`**Coverage**: tests reach ${coverage.covered} of ${coverage.total} changed lines.`]
      : []),
    ...(coverage?.why === undefined ? [] : [`**Coverage**: ${unknownText(coverage.why)}`]),
  ];
}

function loosenedText(loosened: NonNullable<GateReport['loosened']>): string {
  const rows = loosened.slice(0, ROWS_MAX).map(({ path, line, reason }) => `- ${path}:${line}: ${reason}`);
  const more = loosened.length - rows.length;
  return [
    '**Rules of the project that are looser now**:',
    ...rows,
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join('\n');
}

/** Why it is not known which changed lines the tests reach. */
export const unknownText = (why: string): string =>
  `which changed lines the tests reach is not known: ${why}`;

/** Whether the tests load the changed code, in a sentence. */
export function loadText({ outcome, files, takenAt }: LoadProbe): string {
  if (outcome === 'off')
    return 'Whether the tests load the changed code was not looked at: that is turned off.';
  if (outcome === 'unclear')
    return 'Whether the tests load the changed code is not known: with broken code they came to no end.';
  const broken = files === 1 ? 'one file' : `${files} files`;
  if (outcome === 'elsewhere')
    return `The tests do not load the changed code: they pass although ${broken} of it cannot run.`;
  if (takenAt === undefined)
    return `The tests load the changed code: with ${broken} of it broken on purpose they fail.`;
  const when = new Date(takenAt).toISOString().slice(0, 10);
  return `The tests load the code of the workspace: with the same set-up they failed on broken code on ${when}.`;
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
