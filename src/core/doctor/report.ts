/** Findings as people read them: at a terminal, and as a document. */
import type { Finding, Level } from './judge.ts';

const MARKS: Readonly<Record<Level, string>> = { ok: 'ok', warning: 'warning', problem: 'PROBLEM' };

/** "All is well.", or how much is not. */
export function summary(findings: readonly Finding[]): string {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const many = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  if (problems + warnings === 0) return 'All is well.';
  if (problems === 0) return `Runs can start; ${many(warnings, 'warning')}.`;
  return `${many(problems, 'problem')}${warnings === 0 ? '' : `, ${many(warnings, 'warning')}`}.`;
}

export function asText(findings: readonly Finding[]): string {
  const lines = findings.map(({ level, area, text, advice }) => {
    const first = `${MARKS[level].padEnd(7)}  ${area}: ${text}`;
    return advice === undefined ? first : `${first}\n         → ${advice}`;
  });
  return [...lines, '', summary(findings)].join('\n');
}

const SIGNS: Readonly<Record<Level, string>> = { ok: '✓', warning: '⚠', problem: '✗' };

export function asMarkdown(findings: readonly Finding[]): string {
  const areas = [...new Set(findings.map(({ area }) => area))];
  const parts = areas.map((area) => {
    const lines = findings.filter((finding) => finding.area === area).map(markdownLine);
    return [`## ${area}`, '', ...lines].join('\n');
  });
  return [`# Quartet: Doctor`, '', summary(findings), '', parts.join('\n\n'), ''].join('\n');
}

const markdownLine = ({ level, text, advice }: Finding): string =>
  [
    `- ${SIGNS[level]} ${escaped(text)}`,
    ...(advice === undefined ? [] : [`  - **What to do:** ${escaped(advice)}`]),
  ].join('\n');

/** Words of servers and names of files are text, not markup. An underscore within a word is none anyway. */
const escaped = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*[\]<>#|]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (sign) => `\\${sign}`);
