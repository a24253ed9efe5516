/** Which parser reads what. The order is that of trust among equals. */
import { parseNodeEvents } from './node-events.ts';
import type { Runner, TestReport } from '../report.ts';

interface Parser {
  /** Runners that write this. */
  readonly runners: readonly Runner[];
  /** `undefined` where the text is nothing of its kind. Pure; never throws. */
  readonly parse: (text: string) => TestReport | undefined;
}

/** Formats made for programs. */
export const MACHINE_PARSERS: readonly Parser[] = [{ runners: ['node'], parse: parseNodeEvents }];

/** Text made for people. */
export const CONSOLE_PARSERS: readonly Parser[] = [];
