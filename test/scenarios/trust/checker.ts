/**
 * Says what is wrong with a run, by reading its journal and the disk itself: it asks nothing of the program, not even how lines are
 * decoded. What it knows is the format of a line and the promises of src/README.md.
 */
import { createHash } from 'node:crypto';

/** A line as it lies in the file. */
export interface RawLine {
  readonly v: number;
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly key?: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly prev: string;
  readonly sum: string;
}

/** The whole lines of a journal's text; a tail without its newline is left out. */
export function rawLines(text: string): readonly RawLine[] {
  return text.split('\n').slice(0, -1).map(rawLine);
}

/** One that cannot be read has no number, which breaks the chain. */
const UNREADABLE: RawLine = { v: 0, seq: -1, at: 0, type: 'unreadable', data: {}, prev: '', sum: '' };

function rawLine(text: string): RawLine {
  try {
    return JSON.parse(text) as RawLine;
  } catch {
    return UNREADABLE;
  }
}

/** Everything that is wrong with a journal in itself; empty: nothing. */
export function faultsOfJournal(text: string): readonly string[] {
  const lines = rawLines(text);
  return [
    ...chainFaults(lines),
    ...stepFaults(lines),
    ...signalFaults(lines),
    ...recordFaults(lines),
    ...endFaults(lines),
    ...greenFaults(lines),
    ...scopeFaults(lines),
  ];
}

function chainFaults(lines: readonly RawLine[]): string[] {
  return lines.flatMap((line, index) => {
    const { sum, ...rest } = line;
    const former = lines[index - 1];
    const right = createHash('sha256').update(JSON.stringify(rest)).digest('hex');
    return [
      ...(sum === right ? [] : [`line ${line.seq}: its sum is wrong`]),
      ...(line.seq === index + 1 ? [] : [`line ${index + 1}: its number is ${line.seq}`]),
      ...(line.prev === (former?.sum ?? '0'.repeat(64)) ? [] : [`line ${line.seq}: it breaks the chain`]),
    ];
  });
}

/** A step begins before it ends, and begins no more once it has finished (I2). */
function stepFaults(lines: readonly RawLine[]): string[] {
  const faults: string[] = [];
  const open = new Set<string>();
  const finished = new Set<string>();
  for (const { seq, type, key = '' } of lines) {
    if (type === 'step.started') {
      if (finished.has(key)) faults.push(`line ${seq}: the finished step ${key} begins again`);
      open.add(key);
    }
    if (type !== 'step.finished' && type !== 'step.failed') continue;
    if (!open.delete(key)) faults.push(`line ${seq}: the step ${key} ends without having begun`);
    if (type === 'step.finished') finished.add(key);
  }
  return faults;
}

function signalFaults(lines: readonly RawLine[]): string[] {
  const faults: string[] = [];
  const opened = new Set<string>();
  const received = new Set<string>();
  for (const { seq, type, key = '' } of lines) {
    if (type === 'signal.opened') {
      if (opened.has(key)) faults.push(`line ${seq}: ${key} is asked twice`);
      opened.add(key);
    }
    if (type !== 'signal.received') continue;
    if (!opened.has(key)) faults.push(`line ${seq}: ${key} is answered, but was not asked`);
    if (received.has(key)) faults.push(`line ${seq}: ${key} is answered twice`);
    received.add(key);
  }
  return faults;
}

const REPEATED = /^(step|signal)\./;

function recordFaults(lines: readonly RawLine[]): string[] {
  const said = new Set<string>();
  return lines.flatMap(({ seq, type, key }) => {
    if (key === undefined || REPEATED.test(type)) return [];
    const name = `${type} ${key}`;
    if (said.has(name)) return [`line ${seq}: ${name} is said twice`];
    said.add(name);
    return [];
  });
}

const EPILOGUE = /^(undo|later)\//;

function endFaults(lines: readonly RawLine[]): string[] {
  const last = lines.findIndex((line) => line.type === 'run.finished');
  const late =
    last < 0
      ? []
      : lines
          .slice(last + 1)
          .filter(({ type, key = '' }) => type !== 'signal.unknown' && !EPILOGUE.test(key));
  const upgraded = lines.filter((line) => line.type === 'run.upgraded');
  return [
    ...late.map((line) => `line ${line.seq}: ${line.type} after the end of the run`),
    ...upgraded.map((line) => `line ${line.seq}: the program did not fit its own record`),
  ];
}

/** A writing task is done only after a gate on the integrated tree that was not red. */
function greenFaults(lines: readonly RawLine[]): string[] {
  const faults: string[] = [];
  const passed = new Set<string>();
  const merged = new Set<string>();
  for (const { seq, type, data } of lines) {
    const task = String(data['task']);
    if (type === 'merge.finished') {
      merged.add(task);
      passed.delete(task);
    }
    if (type === 'gate.finished' && data['scope'] === 'integrated') {
      if (verdictOf(data) === 'red') passed.delete(task);
      else passed.add(task);
    }
    if (type === 'task.changed' && data['state'] === 'done' && merged.has(task) && !passed.has(task))
      faults.push(`line ${seq}: ${task} is done without a gate that it passed`);
  }
  return faults;
}

export function verdictOf(gate: RawLine['data']): unknown {
  return (gate['report'] as Record<string, unknown>)['verdict'];
}

interface PlannedTask {
  readonly id: string;
  readonly role: string;
  readonly files?: readonly string[];
}

function tasksOf(decided: RawLine['data']): readonly PlannedTask[] {
  return (decided['plan'] as { readonly tasks: readonly PlannedTask[] }).tasks;
}

/** Two tasks that may write the same file are never both at work. Scopes are plain paths here. */
function scopeFaults(lines: readonly RawLine[]): string[] {
  const faults: string[] = [];
  const scopes = new Map<string, readonly string[]>();
  const working = new Set<string>();
  for (const { seq, type, data } of lines) {
    if (type === 'plan.decided') for (const { id, files } of tasksOf(data)) scopes.set(id, files ?? []);
    if (type !== 'task.changed') continue;
    const task = String(data['task']);
    if (['done', 'failed', 'blocked', 'skipped'].includes(String(data['state']))) working.delete(task);
    else working.add(task);
    const mine = scopes.get(task) ?? [];
    const others = [...working].filter((other) => other !== task);
    const clash = others.find((other) => mine.some((path) => scopes.get(other)?.includes(path)));
    if (clash !== undefined) faults.push(`line ${seq}: ${task} and ${clash} both work on the same file`);
  }
  return faults;
}

/** Keys of the model calls whose replies are in a journal. */
export function paidCalls(text: string): ReadonlySet<string> {
  const calls = new Map<string, string>();
  const paid = new Set<string>();
  for (const { type, key = '', data } of rawLines(text)) {
    if (type === 'step.started' && data['kind'] === 'model') calls.set(key, callOf(key, data));
    const call = calls.get(key);
    if (type === 'step.finished' && call !== undefined) paid.add(call);
  }
  return paid;
}

/** A call as whoever answers it sees it: `<role>/<task>/<attempt>/<turn>`. */
function callOf(key: string, data: RawLine['data']): string {
  const who = (data['who'] ?? {}) as { role?: string; task?: string; attempt?: number };
  const turn = /turn\/(\d+)\/model$/.exec(key)?.[1] ?? '';
  return `${who.role ?? ''}/${who.task ?? ''}/${who.attempt ?? 1}/${turn}`;
}

const SPEC_LINE = /^([^:]+): (\S+) (has|lacks) (.+)$/;

/** Names of the tests of `*.spec` files that pass on some files. */
export function passingTests(files: ReadonlyMap<string, string>): ReadonlySet<string> {
  const passing = new Set<string>();
  for (const [path, text] of files) {
    if (!path.endsWith('.spec')) continue;
    for (const line of text.split('\n')) {
      const [, name = '', file = '', verb, wanted = ''] = SPEC_LINE.exec(line) ?? [];
      const found = files.get(file)?.includes(wanted) ?? false;
      if (name !== '' && found === (verb === 'has')) passing.add(name);
    }
  }
  return passing;
}

/** What passed before and does not now: nothing may be called green for which this is not empty. */
export function brokenTests(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly string[] {
  const passing = passingTests(now);
  return [...passingTests(before)].filter((name) => !passing.has(name));
}
