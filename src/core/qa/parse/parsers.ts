/** Which parser reads what. */
import { parseCargo } from './cargo-console.ts';
import { parseGo } from './go-console.ts';
import { parseGoJson } from './go-json.ts';
import { parseJestJson } from './jest-json.ts';
import { parseJunit } from './junit.ts';
import { parseMinitest } from './minitest-console.ts';
import { parseMochaJson } from './mocha-json.ts';
import {
  parseBunConsole,
  parseCtestConsole,
  parseMavenConsole,
  parsePhpunitConsole,
  parsePlaywrightConsole,
  parseRspecConsole,
} from './more-summaries.ts';
import { parseNextest } from './nextest-console.ts';
import { parseNodeEvents } from './node-events.ts';
import { parseNodeSpec } from './node-spec.ts';
import { parsePlaywrightJson } from './playwright-json.ts';
import { parsePytest } from './pytest-console.ts';
import { parseRspecJson } from './rspec-json.ts';
import { parseJestConsole, parseMochaConsole, parseVitestConsole } from './summaries.ts';
import { parseTap } from './tap.ts';
import { parseTrx } from './trx.ts';
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
  { runners: ['rspec'], parse: parseRspecJson },
  { runners: ['playwright'], parse: parsePlaywrightJson },
  { runners: ['go'], parse: parseGoJson },
  { runners: ['dotnet'], parse: parseTrx },
  {
    runners: [
      ...([
        'node',
        'jest',
        'vitest',
        'mocha',
        'bun',
        'pytest',
        'unittest',
        'maven',
        'gradle',
        'phpunit',
      ] as const),
      ...(['ctest', 'cargo', 'nextest', 'rspec', 'minitest', 'playwright'] as const),
    ],
    parse: parseJunit,
  },
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
  { runners: ['go'], parse: parseGo },
  { runners: ['cargo'], parse: parseCargo },
  { runners: ['nextest'], parse: parseNextest },
  { runners: ['minitest'], parse: parseMinitest },
  { runners: ['bun'], parse: parseBunConsole },
  { runners: ['playwright'], parse: parsePlaywrightConsole },
  { runners: ['rspec'], parse: parseRspecConsole },
  { runners: ['phpunit'], parse: parsePhpunitConsole },
  { runners: ['ctest'], parse: parseCtestConsole },
  { runners: ['maven'], parse: parseMavenConsole },
];
