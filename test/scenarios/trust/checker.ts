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
export function faultsOfJournal(lines: readonly RawLine[]): readonly string[] {
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

/** What a person says without being asked. */
const AT_ANY_TIME = /^change\//;

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
    if (!opened.has(key) && !AT_ANY_TIME.test(key))
      faults.push(`line ${seq}: ${key} is answered, but was not asked`);
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
  readonly gate?: 'own' | { readonly with: string };
}

/** What a task may write: plain paths, or everything. */
type Scope = readonly string[] | 'all';

const READERS: readonly string[] = ['researcher', 'reviewer'];

const scopeOf = ({ role, files }: PlannedTask): Scope => (READERS.includes(role) ? [] : (files ?? 'all'));

function overlap(a: Scope, b: Scope): boolean {
  if (a === 'all') return b.length > 0;
  return b === 'all' ? a.length > 0 : a.some((path) => b.includes(path));
}

/** Two tasks that may write the same file are never both at work, unless they are gated together, one after the other. */
function scopeFaults(lines: readonly RawLine[]): string[] {
  const faults: string[] = [];
  let plan: readonly PlannedTask[] = [];
  let units = new Map<string, string>();
  const working = new Set<string>();
  for (const { seq, type, data } of lines) {
    if (type === 'plan.decided') {
      plan = (data['plan'] as { readonly tasks: readonly PlannedTask[] }).tasks;
      units = unitsIn(plan);
    }
    if (type !== 'task.changed') continue;
    const id = String(data['task']);
    if (['done', 'failed', 'blocked', 'skipped'].includes(String(data['state']))) working.delete(id);
    else working.add(id);
    const mine = plan.find((task) => task.id === id);
    const clash = plan.find(
      (task) =>
        working.has(id) &&
        working.has(task.id) &&
        units.get(task.id) !== units.get(id) &&
        mine !== undefined &&
        overlap(scopeOf(mine), scopeOf(task)),
    );
    if (clash) faults.push(`line ${seq}: ${id} and ${clash.id} both work on the same file`);
  }
  return faults;
}

/** Tasks that are gated together have one name in common. */
function unitsIn(plan: readonly PlannedTask[]): Map<string, string> {
  const units = new Map(plan.map(({ id }) => [id, id]));
  for (const { id, gate } of plan) {
    if (gate === undefined || gate === 'own') continue;
    const [mine, other] = [units.get(id), units.get(gate.with) ?? ''];
    for (const [task, unit] of units) if (unit === mine) units.set(task, other);
  }
  return units;
}

/** What a journal that grows says of steps: which have begun and not ended, and which model calls are answered. */
export class StepsInJournal {
  readonly #calls = new Map<string, string>();
  readonly #paid = new Set<string>();
  readonly #open = new Map<string, string>();
  #read = 0;
  #last = '';

  /** Reads on; a journal that was cut is read anew. */
  catchUp(journal: string): this {
    if (!journal.startsWith(this.#last, this.#read - this.#last.length)) this.#forget();
    const end = journal.lastIndexOf('\n') + 1;
    if (end <= this.#read) return this;
    const fresh = journal.slice(this.#read, end);
    for (const line of rawLines(fresh)) this.#take(line);
    this.#last = fresh.slice(-80);
    this.#read = end;
    return this;
  }

  isPaid(call: string): boolean {
    return this.#paid.has(call);
  }

  isAsked(call: string): boolean {
    return [...this.#open.keys()].some((key) => this.#calls.get(key) === call);
  }

  /** Whether a step of one of these kinds has begun and not ended. */
  isOpen(...kinds: readonly string[]): boolean {
    return [...this.#open.values()].some((kind) => kinds.includes(kind));
  }

  #take({ type, key = '', data }: RawLine): void {
    if (type === 'step.started') {
      this.#open.set(key, String(data['kind']));
      if (data['kind'] === 'model') this.#calls.set(key, callOf(key, data));
    }
    if (type !== 'step.finished' && type !== 'step.failed') return;
    this.#open.delete(key);
    const call = this.#calls.get(key);
    if (type === 'step.finished' && call !== undefined) this.#paid.add(call);
  }

  #forget(): void {
    for (const kept of [this.#calls, this.#paid, this.#open]) kept.clear();
    this.#read = 0;
    this.#last = '';
  }
}

/** A call as whoever answers it sees it: `<role>/<task>/<attempt>/<turn>`. */
function callOf(key: string, data: RawLine['data']): string {
  const who = (data['who'] ?? {}) as { role?: string; task?: string; attempt?: number };
  const turn = /turn\/(\d+)\/model$/.exec(key)?.[1] ?? '';
  return `${who.role ?? ''}/${who.task ?? ''}/${who.attempt ?? 1}/${turn}`;
}

const SPEC_LINE = /^([^:]+): (\S+) (has|lacks) (.+)$/;

/** Names of the tests of `*.spec` files that pass on some files. */
function passingTests(files: ReadonlyMap<string, string>): ReadonlySet<string> {
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
