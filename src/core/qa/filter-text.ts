/** Names of tests as runners take them to narrow a run. What is no plain text to a runner fits more rather than nothing. */
import type { Runner } from './report.ts';

/** They take regular expressions. */
const EXPRESSIONS = new Set<Runner>(
  'node jest vitest mocha bun playwright ctest phpunit'.split(' ') as Runner[],
);
const SPECIAL = /[.*+?^${}()|[\]\\/"]/g;

/** What tells one test from the others of its file: of a name in a report, the part that the runner looks for. */
export function nameFor(runner: Runner, name: string): string {
  const path = name.split(' > ');
  // Go's begin with their package, and it looks for tests inside of others by the whole way there.
  if (runner === 'go') return path.slice(path.length > 1 ? 1 : 0).join('/');
  const leaf = path.at(-1) ?? name;
  return runner === 'ava' ? (leaf.split(' \u203a ').at(-1) ?? leaf) : leaf;
}

/** A text that names are to hold, as the runner is given it. */
export function filterText(runner: Runner, text: string): string {
  if (EXPRESSIONS.has(runner)) return text.replace(SPECIAL, '.');
  if (runner === 'ava') return text.replace(/[*!]/g, '');
  if (runner === 'pytest') return words(text);
  if (runner !== 'go') return text;
  // It writes blanks as underscores.
  const parts = text.split('/').map((part) => part.replace(SPECIAL, '.').replace(/\s/g, '.'));
  return parts.join('/');
}

/** pytest reads an expression: its own words and signs are no part of names there. */
function words(text: string): string {
  const found = text.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
  return found.filter((word) => !/^(and|or|not|None|True|False)$/.test(word)).join(' and ');
}
