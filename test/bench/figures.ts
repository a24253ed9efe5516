/** Figures that a bench prints, and what they are held against. */

import { readFileSync } from 'node:fs';

/** At least, or at most, this much. */
export interface Goal {
  readonly min?: number;
  readonly max?: number;
}

/** Prints a figure; a goal that it misses makes the bench end with 1. */
export function figure(what: string, value: number, unit: string, goal?: Goal): void {
  const met = goal === undefined || (value >= (goal.min ?? -Infinity) && value <= (goal.max ?? Infinity));
  if (!met) process.exitCode = 1;
  const shown = `${value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)} ${unit}`;
  const wanted = goal === undefined ? '' : `  ${met ? 'met' : 'MISSED'}: ${wantedText(goal)} ${unit}`;
  console.log(`  ${what.padEnd(58)} ${shown.padStart(16)}${wanted}`);
}

function wantedText({ min, max }: Goal): string {
  return min === undefined ? `at most ${max ?? ''}` : `at least ${min}`;
}

/** Milliseconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The middle of several measurements. */
export async function median(times: number, measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let n = 0; n < times; n++) values.push(await measure());
  return middle(values);
}

export function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Most memory that this process ever had, in megabytes. */
export function peakMb(): number {
  // What the system counts for a process begins with its parent's; Linux also tells that of the program alone.
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  const own = /^VmHWM:\s+(\d+) kB$/mu.exec(status)?.[1];
  return (own === undefined ? process.resourceUsage().maxRSS : Number(own)) / 1024;
}
