/** Findings as people read them: at a terminal, and as a document. */
import { inEnglish, type Words } from '../../protocol/words.ts';
import type { Finding, Level } from './finding.ts';

const MARKS: Readonly<Record<Level, string>> = { ok: 'ok', warning: 'warning', problem: 'PROBLEM' };

/** "All is well.", or how much is not. */
export function summary(findings: readonly Finding[], t: Words = inEnglish): string {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const warned = warnings === 1 ? t('1 warning') : t('{0} warnings', warnings);
  if (problems === 0) return warnings === 0 ? t('All is well.') : t('Runs can start; {0}.', warned);
  const stopped = problems === 1 ? t('1 problem') : t('{0} problems', problems);
  return `${[stopped, ...(warnings === 0 ? [] : [warned])].join(', ')}.`;
}

export function asText(findings: readonly Finding[]): string {
  const lines = findings.map(({ level, area, text, advice }) => {
    const first = `${MARKS[level].padEnd(7)}  ${area}: ${text}`;
    return advice === undefined ? first : `${first}\n         → ${advice}`;
  });
  return [...lines, '', summary(findings)].join('\n');
}

const SIGNS: Readonly<Record<Level, string>> = { ok: '✓', warning: '⚠', problem: '✗' };

export function asMarkdown(findings: readonly Finding[], t: Words = inEnglish): string {
  const areas = [...new Set(findings.map(({ area }) => area))];
  const parts = areas.map((area) => {
    const lines = findings.filter((finding) => finding.area === area);
    return [`## ${headings(t)[area]}`, '', ...lines.map((each) => markdownLine(each, t))].join('\n');
  });
  return [`# Quartet: ${t('Doctor')}`, '', summary(findings, t), '', parts.join('\n\n'), ''].join('\n');
}

const headings = (t: Words): Readonly<Record<Finding['area'], string>> => ({
  Versions: t('Versions'),
  Folder: t('Folder'),
  Tools: t('Tools'),
  Storage: t('Storage'),
  Models: t('Models'),
  Network: t('Network'),
  Tests: t('Tests'),
  Team: t('Team'),
  Project: t('Project'),
  Runs: t('Runs'),
});

const markdownLine = ({ level, text, advice }: Finding, t: Words): string =>
  [
    `- ${SIGNS[level]} ${escaped(text)}`,
    ...(advice === undefined ? [] : [`  - **${t('What to do:')}** ${escaped(advice)}`]),
  ].join('\n');

/** Words of servers and names of files are text, not markup. An underscore within a word is none anyway. */
const escaped = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*[\]<>#|]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (sign) => `\\${sign}`);
