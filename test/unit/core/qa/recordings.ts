/** Real outputs of real runners, recorded once, with the paths of the machine replaced. See test/fixtures/reports/README.md. */
import { readFileSync, readdirSync } from 'node:fs';
import { parseReport } from '../../../../src/core/qa/parse/parse-report.ts';
import type { TestRun } from '../../../../src/core/qa/run-tests.ts';
import type { Runner, TestReport } from '../../../../src/core/qa/report.ts';

export interface Recording {
  readonly name: string;
  readonly runner: Runner;
  readonly command: string;
  readonly asked: number;
  readonly root: string;
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly reports: readonly { readonly path: string; readonly text: string }[];
}

const FOLDER = new URL('../../../fixtures/reports/', import.meta.url);

export const RECORDINGS: readonly Recording[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Recording);

export function recording(name: string): Recording {
  const found = RECORDINGS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no recording ${name}`);
  return found;
}

export function reportOf(its: Recording): TestReport {
  const { runner, stdout, stderr, reports, asked, root } = its;
  return parseReport({ runner, stdout, stderr, reports, asked, root });
}

/** The run that a recording is the output of. */
export function runOf(its: Recording, exitCode: number | null = its.exitCode): TestRun {
  return {
    end: its.timedOut ? 'timedOut' : exitCode === null ? 'killed' : 'exited',
    label: its.command,
    command: its.command,
    exitCode,
    report: reportOf(its),
    output: its.stdout.slice(-1000),
    why: 'recorded',
  };
}
