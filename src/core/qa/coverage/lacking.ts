/** What a runner says that cannot tell coverage, in words for people. */
import type { Runner } from '../report.ts';

interface Lack {
  readonly sign: RegExp;
  readonly why: string;
}

const LACKS: readonly Lack[] = [
  {
    sign: /unrecognized arguments:.*--cov/,
    why: 'pytest has no plugin for it here: install pytest-cov where the tests run.',
  },
  {
    sign: /No module named ['"]?coverage\b/,
    why: 'Python has no package for it here: install coverage (or pytest-cov) where the tests run.',
  },
  {
    sign: /@vitest\/coverage-/,
    why: 'Vitest has no package for it here: install @vitest/coverage-v8 in the version of Vitest.',
  },
  {
    sign: /Cannot find module ['"]babel-plugin-istanbul/,
    why: 'Jest has no package for it here: install babel-plugin-istanbul.',
  },
  { sign: /no such tool "(cover|covdata)"/, why: 'this Go has no tool for it.' },
];

/** Why the runner could not tell, where its output says so; else `undefined`. */
export function lackOf(output: string): string | undefined {
  return LACKS.find(({ sign }) => sign.test(output))?.why;
}

const NAMES: Partial<Record<Runner, string>> = { go: 'go test', jest: 'Jest', vitest: 'Vitest', bun: 'Bun' };

/** What people call it. */
export const runnerName = (runner: Runner): string => NAMES[runner] ?? runner;
