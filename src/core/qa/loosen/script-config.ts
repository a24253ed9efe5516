/** Configuration that is a program: what its text says of rules and limits. Nothing is run. */
import { commentsIn } from './comments.ts';

const RULE =
  /(?:(["'])(?<quoted>[\w@/-]+)\1|(?<bare>\b[\w]+))\s*:\s*(?:\[\s*)?(?:(["'])(?<level>off|warn|error)\4|(?<number>[012])(?=\s*[,}\]\n]))/g;
const IGNORES = /\b(?:ignores|ignorePatterns|globalIgnores)\b\s*[:(]\s*\[(?<list>[^\]]{0,5000})\]/g;
const PRESET = /\b[\w$]+\.configs(?:\.[\w$-]+|\[\s*["'][^"']+["']\s*\])+/g;

/** ESLint's flat configuration, as its other form says the same. */
export function flatConfigFacts(text: string): unknown {
  const code = commentsIn(text, 'script').code.join('\n');
  const rules = new Map<string, (string | number)[]>();
  for (const { groups } of code.matchAll(RULE)) {
    const { quoted, bare, level, number } = groups ?? {};
    const name = quoted ?? bare ?? '';
    const levels = rules.get(name) ?? [];
    levels.push(level ?? Number(number));
    rules.set(name, levels);
  }
  const ignores = [...code.matchAll(IGNORES)].flatMap(({ groups }) => textsIn(groups?.['list'] ?? ''));
  const presets = [...code.matchAll(PRESET)].map(([preset]) => preset);
  return {
    levels: Object.fromEntries(rules),
    ignorePatterns: ignores,
    extends: presets,
    ...(/\bnoInlineConfig\s*:\s*true\b/.test(code) && { linterOptions: { noInlineConfig: true } }),
  };
}

function textsIn(list: string): readonly string[] {
  return [...list.matchAll(/(["'`])(?<text>(?:\\.|(?!\1).)*)\1/g)].map(
    ({ groups }) => groups?.['text'] ?? '',
  );
}

const METRIC = /\b(?<name>branches|functions|lines|statements)["']?\s*:\s*(?<value>-?\d+(?:\.\d+)?)/g;

/** The limits of a test runner. The rest of its configuration is found whole, whatever changes. */
export function runnerConfigFacts(text: string): unknown {
  const code = commentsIn(text, 'script').code.join('\n');
  const limits = new Map<string, number[]>();
  for (const { groups } of code.matchAll(METRIC)) {
    const { name = '', value = '' } = groups ?? {};
    limits.set(name, [...(limits.get(name) ?? []), Number(value)]);
  }
  return {
    coverageThreshold: Object.fromEntries(limits),
    ...(/\bpassWithNoTests["']?\s*:\s*true\b/.test(code) && { passWithNoTests: true }),
  };
}
