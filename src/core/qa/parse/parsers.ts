/** Which parser reads what. */
import { parseJestJson } from './jest-json.ts';
import { parseJunit } from './junit.ts';
import { parseMochaJson } from './mocha-json.ts';
import { parseNodeEvents } from './node-events.ts';
import { parseNodeSpec } from './node-spec.ts';
import { parsePytest } from './pytest-console.ts';
import { parseJestConsole, parseMochaConsole, parseVitestConsole } from './summaries.ts';
import { parseTap } from './tap.ts';
import { parseUnittest } from './unittest-console.ts';
import { parseUnittestEvents } from './unittest-events.ts';
import type { Runner, TestReport } from '../report.ts';

export interface Parser {
  /** Runners that write this. */
  readonly runners: readonly Runner[];
  /** `undefined` where the text is nothing of its kind. Pure; never throws. */
  readonly parse: (text: string) => TestReport | undefined;
}

/** Formats made for programs. */
export const MACHINE_PARSERS: readonly Parser[] = [
  { runners: ['node'], parse: parseNodeEvents },
  { runners: ['unittest'], parse: parseUnittestEvents },
  { runners: ['jest', 'vitest'], parse: parseJestJson },
  { runners: ['mocha'], parse: parseMochaJson },
  { runners: ['node', 'jest', 'vitest', 'mocha', 'bun', 'pytest', 'unittest'], parse: parseJunit },
  { runners: ['node', 'tap', 'tape', 'ava'], parse: parseTap },
];

/** Text made for people. */
export const CONSOLE_PARSERS: readonly Parser[] = [
  { runners: ['node'], parse: parseNodeSpec },
  { runners: ['pytest'], parse: parsePytest },
  { runners: ['unittest'], parse: parseUnittest },
  { runners: ['jest'], parse: parseJestConsole },
  { runners: ['vitest'], parse: parseVitestConsole },
  { runners: ['mocha'], parse: parseMochaConsole },
];
