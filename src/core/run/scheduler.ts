/**
 * Starts what is ready, by priority and longest remaining path, at most `concurrency` at once; units whose file scopes overlap never
 * run together. Plain async code: what it decides follows from the order in which units end, which the journal keeps.
 */
import { remainingPath, type Unit } from './graph.ts';
import { TEAM_LIMITS } from '../limits.ts';
import { overlaps } from './scopes.ts';

export type UnitEnd = 'done' | 'failed' | 'skipped' | 'blocked';

export interface ScheduleOptions {
  readonly concurrency: number;
  /** How many work on a unit at once; absent: one. What is more than `concurrency` starts when nothing else runs. */
  readonly weight?: (unit: Unit) => number;
  /** Units that are done already. */
  readonly done?: readonly string[];
  /** What a unit may write, as globs. */
  readonly scopeOf: (unit: Unit) => readonly string[];
  /** Works on a unit; must not reject for an expected outcome. */
  readonly run: (unit: Unit) => Promise<'done' | 'failed'>;
  /** Called once for a unit that was ready and passed over so often that its files are kept free from now on. */
  readonly starved?: (unit: Unit, times: number) => void;
  /** Called when a unit ends without having run. */
  readonly passedOver: (unit: Unit, end: 'skipped' | 'blocked', because: string) => void;
}

/** Units beyond these, in order of rank, are not looked at for starvation: they come nearer. */
const LOOKED_MAX = 64;

/** Runs all units to their end and says how each ended. What an end costs does not grow with the number of units. */
export async function schedule(
  units: readonly Unit[],
  options: ScheduleOptions,
): Promise<ReadonlyMap<string, UnitEnd>> {
  const progress = createProgress(units, options);
  const running = new Map<string, Unit>();
  const patience = createPatience(options);
  return new Promise((resolve, reject) => {
    const startReady = (): void => {
      for (const unit of [...startable()]) start(unit);
      for (const unit of progress.ready(LOOKED_MAX)) patience.look(unit, running);
      if (progress.ends.size === units.length) resolve(progress.ends);
      else if (running.size === 0) reject(new Error('The scheduler has units left that can never run.'));
    };
    function* startable(): Generator<Unit> {
      const chosen = new Map(running);
      for (const unit of progress.ready()) {
        if (load(chosen, options) >= options.concurrency) return;
        if (patience.isReserved(unit)) continue;
        if (!isFree(unit, chosen, options.scopeOf) || !fits(unit, chosen, options)) continue;
        chosen.set(unit.id, unit);
        yield unit;
      }
    }
    const start = (unit: Unit): void => {
      running.set(unit.id, unit);
      progress.begun(unit);
      patience.started(unit);
      options.run(unit).then((end) => {
        running.delete(unit.id);
        progress.ended(unit, end);
        startReady();
      }, reject);
    };
    startReady();
  });
}

/** How far the units are. */
interface Progress {
  readonly ends: ReadonlyMap<string, UnitEnd>;
  /** Those that wait for nothing but room, by rank; at most `max`. */
  ready(max?: number): Iterable<Unit>;
  begun(unit: Unit): void;
  /** Ends it, and whatever cannot run any more because of that. */
  ended(unit: Unit, end: UnitEnd): void;
}

function createProgress(units: readonly Unit[], { done = [], passedOver }: ScheduleOptions): Progress {
  const rank = ranksOf(units);
  const unitOf = new Map(units.flatMap((unit) => unit.tasks.map(({ id }) => [id, unit] as const)));
  const dependents = dependentsOf(units, unitOf);
  const open = new Map(
    units.map((unit) => [unit.id, new Set(unit.dependsOn.map((id) => unitOf.get(id)?.id ?? id))]),
  );
  const ends = new Map<string, UnitEnd>();
  const ready: Unit[] = [];
  const add = (unit: Unit): void => {
    ready.splice(placeOf(ready, rank.get(unit.id) ?? 0, rank), 0, unit);
  };
  const endOf = (task: string): UnitEnd | undefined => ends.get(unitOf.get(task)?.id ?? '');
  const pass = (unit: Unit): void => {
    const verdict = ends.has(unit.id) ? undefined : hindrance(unit, endOf);
    if (!verdict) return;
    const at = ready.indexOf(unit);
    if (at >= 0) ready.splice(at, 1);
    passedOver(unit, verdict.end, verdict.because);
    finish(unit, verdict.end);
  };
  const finish = (unit: Unit, end: UnitEnd): void => {
    ends.set(unit.id, end);
    for (const dependent of dependents.get(unit.id) ?? []) {
      const left = open.get(dependent.id);
      if (!left?.delete(unit.id)) continue;
      pass(dependent);
      if (left.size === 0 && !ends.has(dependent.id)) add(dependent);
    }
  };
  const isDone = new Set(done);
  for (const id of done) ends.set(id, 'done');
  for (const unit of units) if (!isDone.has(unit.id) && open.get(unit.id)?.size === 0) add(unit);
  for (const unit of units) if (isDone.has(unit.id)) finish(unit, 'done');
  return {
    ends,
    *ready(max = ready.length) {
      for (let at = 0; at < Math.min(max, ready.length); at++) {
        const unit = ready[at];
        if (unit) yield unit;
      }
    },
    begun(unit) {
      const at = placeOf(ready, rank.get(unit.id) ?? 0, rank);
      if (ready[at] === unit) ready.splice(at, 1);
    },
    ended: finish,
  };
}

/** The place of each unit in the order in which they go. */
function ranksOf(units: readonly Unit[]): ReadonlyMap<string, number> {
  const path = remainingPath(units);
  const ranked = [...units].sort(
    (a, b) => b.priority - a.priority || (path.get(b.id) ?? 0) - (path.get(a.id) ?? 0),
  );
  return new Map(ranked.map((unit, at) => [unit.id, at]));
}

function dependentsOf(
  units: readonly Unit[],
  unitOf: ReadonlyMap<string, Unit>,
): ReadonlyMap<string, readonly Unit[]> {
  const dependents = new Map<string, Unit[]>();
  for (const unit of units)
    for (const on of new Set(unit.dependsOn.map((id) => unitOf.get(id)?.id ?? id))) {
      const others = dependents.get(on);
      if (others) others.push(unit);
      else dependents.set(on, [unit]);
    }
  return dependents;
}

/** Where a rank stands, or would stand, among units in order of rank. */
function placeOf(units: readonly Unit[], wanted: number, rank: ReadonlyMap<string, number>): number {
  let [low, high] = [0, units.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const unit = units[middle];
    if (unit && (rank.get(unit.id) ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Weighing = Pick<ScheduleOptions, 'weight' | 'concurrency'>;

function load(running: ReadonlyMap<string, Unit>, { weight = () => 1 }: Weighing): number {
  return [...running.values()].reduce((sum, unit) => sum + weight(unit), 0);
}

function fits(unit: Unit, running: ReadonlyMap<string, Unit>, options: Weighing): boolean {
  const { weight = () => 1, concurrency } = options;
  return running.size === 0 || load(running, options) + weight(unit) <= concurrency;
}

/** Why a unit cannot run: a condition that did not come true, or a dependency that failed. */
function hindrance(
  unit: Unit,
  endOf: (task: string) => UnitEnd | undefined,
): { end: 'skipped' | 'blocked'; because: string } | undefined {
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

function isFree(
  unit: Unit,
  running: ReadonlyMap<string, Unit>,
  scopeOf: ScheduleOptions['scopeOf'],
): boolean {
  const scope = scopeOf(unit);
  return ![...running.values()].some((other) => overlaps(scope, scopeOf(other)));
}

/** Keeps those from starving that wait for files which others take again and again. */
interface Patience {
  /**
   * The unit is ready. Whoever needs files of several others at once may never find them all free; who waits for one other has its
   * turn after it.
   */
  look(unit: Unit, running: ReadonlyMap<string, Unit>): void;
  started(unit: Unit): void;
  /** Another one waits for these files and has waited long enough. */
  isReserved(unit: Unit): boolean;
}

function createPatience({ scopeOf, starved }: ScheduleOptions): Patience {
  const waiting = new Map<string, { readonly unit: Unit; times: number }>();
  const isStarved = ({ times }: { readonly times: number }): boolean => times >= TEAM_LIMITS.passedOver;
  return {
    look(unit, running) {
      if (waiting.has(unit.id) || running.size < 2) return;
      const holders = [...running.values()].filter((other) => overlaps(scopeOf(unit), scopeOf(other)));
      if (holders.length > 1) waiting.set(unit.id, { unit, times: 0 });
    },
    started(unit) {
      waiting.delete(unit.id);
      for (const each of waiting.values()) {
        if (!overlaps(scopeOf(each.unit), scopeOf(unit))) continue;
        each.times += 1;
        if (each.times === TEAM_LIMITS.passedOver) starved?.(each.unit, each.times);
      }
    },
    isReserved: (unit) =>
      [...waiting.values()].some(
        (each) => each.unit !== unit && isStarved(each) && overlaps(scopeOf(each.unit), scopeOf(unit)),
      ) && !isStarved(waiting.get(unit.id) ?? { times: 0 }),
  };
}
