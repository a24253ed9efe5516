/** Cases of changes that loosen rules, or do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TextChange } from '../../../../../src/core/qa/loosen/change.ts';
import { leftInEnglish } from '../../../protocol/pseudo-told.ts';
import { findLoosened } from '../../../../../src/core/qa/loosen/find.ts';

/** Findings as `kind path:line reason`. */
export function found(...changes: readonly TextChange[]): readonly string[] {
  return findLoosened(changes).map(({ kind, path, line, reason }) => `${kind} ${path}:${line} ${reason}`);
}

/** Tools and levels of rules, which are called so in every language. */
const NAMES = `ESLint TSLint oxlint TypeScript Biome deno lint pyright mypy pylint bandit RuboCop ShellCheck golangci staticcheck gosec Sonar
  clang tidy SwiftLint PHPStan Psalm PHP CodeSniffer Stylelint off info warn error U`;

/** Words of findings that stay English in every language. */
const untold = (change: TextChange): readonly string[] =>
  findLoosened([change]).flatMap(({ reason, rule }) =>
    leftInEnglish(reason, [NAMES, rule, change.path, change.before, change.after].join(' ')),
  );

/** Without `told` there is no finding; with it there is one. */
export type Case = readonly [what: string, path: string, before: string, after: string, told?: RegExp];

export function checkCases(cases: readonly Case[]): void {
  for (const [what, path, before, after, told] of cases)
    test(`${told ? 'found' : 'no finding'}: ${what}`, () => {
      const change = { path, before: before || undefined, after };
      const all = found(change);
      assert.deepEqual(untold(change), []);
      assert.equal(all.length, told ? 1 : 0, all.join('\n'));
      if (told) assert.match(all[0] ?? '', told);
    });
}

export const at = (path: string, before: string | undefined, after: string | undefined): TextChange => ({
  ...{ path, before, after },
});
export const json = (value: unknown): string => JSON.stringify(value, null, 2);
export const ts = (compilerOptions: object, more: object = {}): string => json({ compilerOptions, ...more });
/** A workflow with these lines as steps. */
export const step = (...lines: readonly string[]): string =>
  ['on: [push]', 'jobs:', '  x:', '    steps:', ...lines.map((line) => `      ${line}`), ''].join('\n');
export const CI = '.github/workflows/ci.yml';
