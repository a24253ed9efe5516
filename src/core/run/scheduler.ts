/**
 * Starts what is ready, by priority and longest remaining path, at most `concurrency` at once; units whose file scopes overlap never
 * run together. Plain async code: what it decides follows from the order in which units end and plans change, which the journal keeps.
 */
import { remainingPath, type Unit } from './graph.ts';
import { createPatience } from './patience.ts';
import { overlaps } from './scopes.ts';

export type UnitEnd = 'done' | 'failed' | 'skipped' | 'blocked';

export interface ScheduleOptions {
  readonly concurrency: number;
  /** How many work on a unit at once; absent: one. What is more than `concurrency` starts when nothing else runs. */
  readonly weight?: (unit: Unit) => number;
  /** Units that are done already. */
  readonly done?: readonly string[];
  /** Units that failed, and are not tried again. */
  readonly failed?: readonly string[];
  /** What a unit may write, as globs. */
  readonly scopeOf: (unit: Unit) => readonly string[];
  /** Works on a unit; must not reject for an expected outcome. What a unit that was given up comes to is not heard. */
  readonly run: (unit: Unit) => Promise<'done' | 'failed'>;
  /** Called once for a unit that was ready and passed over so often that its files are kept free from now on. */
  readonly starved?: (unit: Unit, times: number) => void;
  /** Called when a unit ends without having run. */
  readonly passedOver: (unit: Unit, end: 'skipped' | 'blocked', because: string) => void;
}

/** Units beyond these, in order of rank, are not looked at for starvation: they come nearer. */
const LOOKED_MAX = 64;

type EndOf = (task: string) => UnitEnd | undefined;

interface Standing {
  readonly ends: Map<string, UnitEnd>;
  readonly running: ReadonlyMap<string, Unit>;
  readonly endOf: EndOf;
}

/** Units at work. */
export interface Schedule {
  /** How each unit ended, once all have. */
  readonly ended: Promise<ReadonlyMap<string, UnitEnd>>;
  /** How a task's unit ended; undefined while it has not, or where there is none. */
  endOf(task: string): UnitEnd | undefined;
  /** The unit of a task that is being worked on. */
  runningWith(task: string): Unit | undefined;
  /** Goes on with other units. `again`: tasks whose unit begins anew, whatever it came to or is doing. */
  revise(units: readonly Unit[], again: ReadonlySet<string>): void;
  /** Works on so many at once from here on. */
  atOnce(concurrency: number): void;
}

/** Runs all units to their end and says how each ended. */
export function schedule(
  units: readonly Unit[],
  options: ScheduleOptions,
): Promise<ReadonlyMap<string, UnitEnd>> {
  return startSchedule(units, options).ended;
}

export function startSchedule(first: readonly Unit[], options: ScheduleOptions): Schedule {
  let { concurrency } = options;
  let [units, ranked] = [first, rank(first)];
  let ends = endedBefore(options);
  const running = new Map<string, Unit>();
  const patience = createPatience(options);
  let unitOf = byTask(units);
  const endNow: EndOf = (task) => ends.get(unitOf.get(task)?.id ?? '');
  let settle: { resolve: (ends: ReadonlyMap<string, UnitEnd>) => void; reject: (error: unknown) => void };
  const ended = new Promise<ReadonlyMap<string, UnitEnd>>((resolve, reject) => {
    settle = { resolve, reject };
  });

  const start = (unit: Unit): void => {
    running.set(unit.id, unit);
    patience.started(unit);
    options.run(unit).then((end) => {
      if (running.get(unit.id) !== unit) return;
      running.delete(unit.id);
      ends.set(unit.id, end);
      startReady();
    }, settle.reject);
  };
  const startReady = (): void => {
    passOver(ranked, { ends, running, endOf: endNow }, options);
    let looked = 0;
    for (const unit of ranked) {
      const isFull = load(running, options) >= concurrency;
      if (isFull && looked >= LOOKED_MAX) break;
      const isOpen = !ends.has(unit.id) && !running.has(unit.id);
      if (!isOpen || !isReady(unit, endNow)) continue;
      looked += 1;
      patience.look(unit, running);
      if (isFull || patience.isReserved(unit)) continue;
      const mayStart = isFree(unit, running, options.scopeOf);
      if (mayStart && fits(unit, running, { ...options, concurrency })) start(unit);
    }
    if (ends.size === units.length) settle.resolve(ends);
    else if (running.size === 0) settle.reject(new Error('The scheduler has units left that can never run.'));
  };
  startReady();
  return {
    ended,
    endOf: endNow,
    runningWith: (task) => [...running.values()].find((unit) => holds(unit, task)),
    revise(next, again) {
      const isAgain = (unit: Unit): boolean => unit.tasks.some(({ id }) => again.has(id));
      const former = { unitOf, ends };
      for (const unit of [...running.values()]) if (isAgain(unit)) running.delete(unit.id);
      // A unit that is worked on is the same under its new name: what it does does not depend on the plan around it.
      [units, ranked] = [next.map((unit) => running.get(unit.id) ?? unit), rank(next)];
      ranked = ranked.map((unit) => running.get(unit.id) ?? unit);
      unitOf = byTask(units);
      ends = new Map(
        units.flatMap((unit) => {
          const end = isAgain(unit)
            ? undefined
            : former.ends.get(former.unitOf.get(unit.tasks[0]?.id ?? '')?.id ?? '');
          return end === 'done' || end === 'failed' ? [[unit.id, end] as const] : [];
        }),
      );
      startReady();
    },
    atOnce(count) {
      concurrency = count;
      startReady();
    },
  };
}

function endedBefore({ done = [], failed = [] }: ScheduleOptions): Map<string, UnitEnd> {
  return new Map<string, UnitEnd>([
    ...done.map((id) => [id, 'done'] as const),
    ...failed.map((id) => [id, 'failed'] as const),
  ]);
}

function rank(units: readonly Unit[]): readonly Unit[] {
  const path = remainingPath(units);
  return [...units].sort((a, b) => b.priority - a.priority || (path.get(b.id) ?? 0) - (path.get(a.id) ?? 0));
}

const holds = (unit: Unit, task: string): boolean => unit.tasks.some(({ id }) => id === task);

type Weighing = Pick<ScheduleOptions, 'weight' | 'concurrency'>;

function load(running: ReadonlyMap<string, Unit>, { weight = () => 1 }: Weighing): number {
  return [...running.values()].reduce((sum, unit) => sum + weight(unit), 0);
}

function fits(unit: Unit, running: ReadonlyMap<string, Unit>, options: Weighing): boolean {
  const { weight = () => 1, concurrency } = options;
  return running.size === 0 || load(running, options) + weight(unit) <= concurrency;
}

/** Ends units that cannot run any more, until there is no further one. */
function passOver(
  units: readonly Unit[],
  { ends, running, endOf }: Standing,
  options: ScheduleOptions,
): void {
  for (let found = true; found;) {
    found = false;
    for (const unit of units) {
      if (ends.has(unit.id) || running.has(unit.id)) continue;
      const verdict = hindrance(unit, endOf);
      if (!verdict) continue;
      ends.set(unit.id, verdict.end);
      options.passedOver(unit, verdict.end, verdict.because);
      found = true;
    }
  }
}

const byTask = (units: readonly Unit[]): ReadonlyMap<string, Unit> =>
  new Map(units.flatMap((unit) => unit.tasks.map(({ id }) => [id, unit] as const)));

/** Why a unit cannot run: a condition that did not come true, or a dependency that failed. */
function hindrance(unit: Unit, endOf: EndOf): { end: 'skipped' | 'blocked'; because: string } | undefined {
  for (const task of unit.tasks) {
    const { when } = task;
    const watched = when && endOf(when.task);
    if (watched !== undefined && !meets(watched, when?.is)) {
      return { end: 'skipped', because: `it was to run only if ${when?.task ?? ''} is ${when?.is ?? ''}` };
    }
    const failed = task.depends_on.find((id) => {
      const end = endOf(id);
      return end !== undefined && end !== 'done' && id !== when?.task;
    });
    if (failed !== undefined) return { end: 'blocked', because: `${failed} is ${endOf(failed) ?? 'open'}` };
  }
  return undefined;
}

function meets(end: UnitEnd, wanted: 'done' | 'failed' | 'skipped' | undefined): boolean {
  return end === wanted || (end === 'blocked' && wanted === 'skipped');
}

function isReady(unit: Unit, endOf: EndOf): boolean {
  return unit.dependsOn.every((id) => endOf(id) !== undefined);
}

function isFree(
  unit: Unit,
  running: ReadonlyMap<string, Unit>,
  scopeOf: ScheduleOptions['scopeOf'],
): boolean {
  const scope = scopeOf(unit);
  return ![...running.values()].some((other) => overlaps(scope, scopeOf(other)));
}
