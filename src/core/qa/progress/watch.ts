/**
 * Listens to a runner while it runs: how many tests have ended, how they went, which took longest, which have not ended. What it hears
 * is for those who watch or wait; a test may print what it likes, so no verdict rests on it.
 */
import type { TestProgress } from '../../../protocol/test-progress.ts';
import { clean } from '../parse/clean.ts';
import type { Runner, TestStatus } from '../report.ts';
import { goLine } from './go-lines.ts';
import type { EndedTest, LineReader, LineSays } from './line.ts';
import { FAILED, SKIPPED, WORDS, type Words } from './words.ts';

export interface Heard {
  readonly progress: TestProgress;
  /** Tests that ended since it was told last, those that have a name. */
  readonly ended: readonly EndedTest[];
}

export interface TestWatch {
  /** Takes a piece of the output; `undefined` where it tells nothing new. */
  add(text: string, from?: 'stdout' | 'stderr'): Heard | undefined;
  progress(): TestProgress;
  /** Those that took longest, longest first. */
  slowest(): readonly { readonly name: string; readonly ms: number }[];
  /** Those that began and were not heard of again; the file or class where that is all that is told. */
  running(): readonly string[];
}

/** Slowest tests that are kept. */
const SLOWEST_MAX = 3;
/** Tests that may run at once, as far as they are kept. */
const RUNNING_MAX = 200;
/** Longest line that is waited for, in characters. */
const LINE_CHARS_MAX = 10_000;

export function createTestWatch(runner: Runner): TestWatch {
  const words = WORDS[runner];
  const read = runner === 'go' ? goLine(createReader(words)) : createReader(words);
  const rest = new Map<string, string>();
  const running = new Set<string>();
  let slowest: readonly { readonly name: string; readonly ms: number }[] = [];
  let sum = { done: 0, failed: 0 };
  let total: number | undefined;
  let last = '';

  const take = (says: LineSays): readonly EndedTest[] => {
    const { ended, started, holds } = says;
    if (says.total !== undefined) total = words.adds === true ? (total ?? 0) + says.total : says.total;
    if (started !== undefined && running.size < RUNNING_MAX) running.add(started);
    if (holds !== undefined) running.delete(holds);
    const done = says.done ?? (ended === undefined ? 0 : 1);
    const failed = says.failed ?? (ended?.status === 'failed' ? 1 : 0);
    sum = { done: sum.done + done, failed: sum.failed + failed };
    if (ended === undefined) return [];
    running.delete(ended.name);
    const { name, durationMs: ms } = ended;
    if (ms !== undefined)
      slowest = [...slowest, { name, ms }].sort((a, b) => b.ms - a.ms).slice(0, SLOWEST_MAX);
    return [ended];
  };
  const unfinished = () => [...rest.values()].map((line) => signsOf(words, line));
  const progress = (): TestProgress => {
    const more = unfinished();
    const done = sum.done + more.reduce((all, each) => all + each.done, 0);
    const failed = sum.failed + more.reduce((all, each) => all + each.failed, 0);
    const of = total === undefined || total === 0 ? {} : { total: Math.max(total, done) };
    return { unit: words.unit ?? 'tests', done, failed, ...of };
  };
  return {
    add(text, from = 'stdout') {
      const lines = `${rest.get(from) ?? ''}${clean(text)}`.split('\n');
      rest.set(from, (lines.pop() ?? '').slice(-LINE_CHARS_MAX));
      const ended = lines.flatMap((line) => take(read(line)));
      const now = progress();
      const said = JSON.stringify(now);
      if (said === last && ended.length === 0) return undefined;
      last = said;
      return { progress: now, ended };
    },
    progress,
    slowest: () => slowest,
    running: () => [...running, ...unfinished().flatMap(({ name }) => name ?? [])],
  };
}

function createReader(words: Words): LineReader {
  const open: { readonly indent: string; readonly name: string }[] = [];
  let over = false;
  return (line) => {
    over ||= words.over?.test(line) === true;
    if (over) return {};
    const total = totalIn(words, line);
    const opened = words.opened?.exec(line)?.groups;
    if (opened !== undefined) return closes(open, opened) ? {} : opens(open, opened);
    const started = words.started?.exec(line)?.groups?.['name'];
    if (started !== undefined) return { started };
    const signs = signsOf(words, line);
    if (signs.done > 0) return { ...signs, ...total };
    const ended = words.ended?.exec(line)?.groups;
    if (ended === undefined || (words.opened && closes(open, ended))) return { ...total };
    const path = words.opened ? pathOf(open, ended['indent'] ?? '') : [];
    return { ...endOf(ended, path), ...total };
  };
}

type Groups = Readonly<Record<string, string | undefined>>;
type Open = { readonly indent: string; readonly name: string }[];

function opens(open: Open, { indent = '', name = '' }: Groups): LineSays {
  drop(open, indent);
  open.push({ indent, name });
  return {};
}

/** The line that ends what was opened tells it once more. */
function closes(open: Open, { indent = '', name = '' }: Groups): boolean {
  const at = open.findLastIndex((each) => each.indent === indent && each.name === name);
  if (at < 0) return false;
  open.splice(at);
  return true;
}

/** What is not deeper than `indent` has ended. */
function drop(open: Open, indent: string): void {
  const at = open.findIndex((each) => each.indent.length >= indent.length);
  if (at >= 0) open.splice(at);
}

const pathOf = (open: Open, indent: string): readonly string[] =>
  open.filter((each) => each.indent.length < indent.length).map(({ name }) => name);

function totalIn({ total }: Words, line: string): { readonly total?: number } {
  const found = total?.exec(line)?.groups;
  const said = found?.['selected'] ?? found?.['total'];
  return said === undefined ? {} : { total: Number(said) };
}

function endOf(groups: Groups, path: readonly string[]): LineSays {
  const name = [...path, (groups['name'] ?? groups['named'] ?? '').trim()].join(' > ');
  const durationMs = took(groups);
  const several = groups['n'] === undefined ? {} : { done: Number(groups['n']), failed: failedOf(groups) };
  const status = statusOf(groups);
  return { ended: { name, status, ...(durationMs !== undefined && { durationMs }) }, ...several };
}

const failedOf = ({ failed = '0', errors = '0' }: Groups): number => Number(failed) + Number(errors);

function statusOf(groups: Groups): TestStatus {
  const sign = groups['sign'] ?? groups['said'] ?? '';
  if (groups['skip'] !== undefined || SKIPPED.test(sign)) return 'skipped';
  return FAILED.test(sign) || failedOf(groups) > 0 ? 'failed' : 'passed';
}

function took({ ms, s }: Groups): number | undefined {
  if (ms !== undefined) return Number(ms);
  return s === undefined ? undefined : Number(s) * 1000;
}

function signsOf(
  { signs }: Words,
  line: string,
): { readonly done: number; readonly failed: number; readonly name?: string } {
  const groups = signs?.exec(line)?.groups;
  const all = (groups?.['signs'] ?? '').split('');
  const name = groups?.['name'];
  return {
    done: all.length,
    failed: all.filter((sign) => FAILED.test(sign)).length,
    ...(name !== undefined && { name }),
  };
}
