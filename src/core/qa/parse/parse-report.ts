/** The one door to all parsers: from what a command wrote to one report. */
import { clean, relativeTo } from './clean.ts';
import { UNTOLD } from './jest-json.ts';
import { CONSOLE_PARSERS, MACHINE_PARSERS } from './parsers.ts';
import type { Parser } from './parsers.ts';
import { mergeReports, noReport, totalOf } from '../report.ts';
import type { Runner, TestReport } from '../report.ts';

export interface ReportInput {
  /** Absent or `unknown`: every parser is tried. */
  readonly runner?: Runner;
  readonly stdout: string;
  readonly stderr: string;
  /** Report files that were there after the run. */
  readonly reports: readonly { readonly path: string; readonly text: string }[];
  /** How many report files the runner was asked for. With fewer, console text may accuse but cannot acquit. */
  readonly asked?: number;
  /** Absolute folder of the run; paths below it become relative. */
  readonly root?: string;
}

/**
 * Machine formats are preferred: report files, then such text on stdout. Console text is the fallback. Never throws for any
 * text. A report that was asked for and is missing or unreadable makes the result `truncated` or `none`: a test can print
 * whatever it likes.
 */
export function parseReport(input: ReportInput): TestReport {
  const runner = input.runner ?? 'unknown';
  const asked = input.asked ?? 0;
  const own = (text: string): string => relativeTo(input.root, text);
  const files = mergeReports(input.reports.map(({ path, text }) => readFile(runner, path, own(text))));
  const texts = (): readonly string[] => {
    const stdout = own(clean(input.stdout));
    const stderr = own(clean(input.stderr));
    // What says nothing is not read again together with what does.
    if (stderr.trim() === '') return [stdout];
    return stdout.trim() === '' ? [stderr] : [stdout, stderr, `${stdout}\n${stderr}`];
  };
  if (files?.status === 'complete' && input.reports.length >= asked) {
    const untold = files.errors.some((error) => error.message === UNTOLD);
    return named(untold ? told(files, richest(allOf(CONSOLE_PARSERS, runner, texts()))) : files, runner);
  }

  const spoken = soleSpeaker(runner, allOf([...MACHINE_PARSERS, ...CONSOLE_PARSERS], runner, texts()));
  if (asked === 0) return named(spoken ?? noReport(runner), runner);
  return named(unproved(files, spoken), runner);
}

/** Puts the console's words where the report has none. */
function told(files: TestReport, spoken: TestReport | undefined): TestReport {
  const errors = files.errors.map((error) => {
    const same = spoken?.errors.find((other) => other.file === error.file);
    return error.message === UNTOLD && same !== undefined ? { ...error, ...same } : error;
  });
  return { ...files, errors };
}

/** A file we asked for may be of any machine format. */
function readFile(runner: Runner, path: string, text: string): TestReport {
  const report = richest(allOf(MACHINE_PARSERS, 'unknown', [text]));
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return report ?? { ...noReport(runner, `The report ${name} cannot be read.`), status: 'truncated' };
}

/** Without the reports asked for, a run that found no test at all is believed; one that says that tests passed is not. */
function unproved(files: TestReport | undefined, spoken: TestReport | undefined): TestReport {
  const best = files !== undefined && totalOf(files.totals) > 0 ? files : (spoken ?? files);
  const what =
    'The runner did not write the report it was asked for: it ended early, or does not know the flag.';
  if (best === undefined) return { ...noReport('unknown'), notes: [what] };
  const foundNothing = totalOf(best.totals) + best.errors.length === 0;
  if (files === undefined && best.status === 'complete' && foundNothing) return best;
  const notes = files === undefined ? [...best.notes, what] : best.notes;
  return { ...best, status: best.status === 'none' ? 'none' : 'truncated', notes };
}

type Parsers = readonly Parser[];

/** What the known runner's parsers found; where it is not known, what any did. */
function allOf(parsers: Parsers, runner: Runner, texts: readonly string[]): readonly TestReport[] {
  const own = parsers.filter(({ runners }) => runner === 'unknown' || runners.includes(runner));
  return own.flatMap(({ parse }) => texts.flatMap((text) => parse(text) ?? []));
}

/** Text in which several runners seem to speak is the whole truth of none. */
function soleSpeaker(runner: Runner, reports: readonly TestReport[]): TestReport | undefined {
  const best = richest(reports);
  if (best === undefined || runner !== 'unknown') return best;
  const kin = (its: Runner): string => (/^(tap|tape|ava|node)$/.test(its) ? 'tap' : its);
  const speakers = new Set(reports.filter((its) => totalOf(its.totals) > 0).map((its) => kin(its.runner)));
  if (speakers.size <= 1 || best.status !== 'complete') return best;
  const note = `Several runners seem to speak in the output: ${[...speakers].join(', ')}.`;
  return { ...best, status: 'truncated', notes: [...best.notes, note] };
}

function richest(reports: readonly TestReport[]): TestReport | undefined {
  return reports.reduce<TestReport | undefined>(
    (best, report) => (best === undefined || weight(report) > weight(best) ? report : best),
    undefined,
  );
}

/** A whole report before a cut one, one that accuses before one that does not, then the one that says most, and calls tests by file. */
function weight(report: TestReport): number {
  const whole = { complete: 2e12, truncated: 1e12, none: 0 }[report.status];
  const broken = report.totals.failed + report.errors.length > 0 ? 1e11 : 0;
  const placed = [...report.tests, ...report.errors].filter((its) => its.file !== undefined).length;
  // A part of the tests has to be called as the whole calls them.
  const named = report.tests.filter(({ id, file }) => file !== undefined && id.startsWith(file)).length;
  return whole + broken + totalOf(report.totals) + report.tests.length + (placed + named) / 1000;
}

function named(report: TestReport, runner: Runner): TestReport {
  return runner === 'unknown' || report.runner === runner ? report : { ...report, runner };
}
