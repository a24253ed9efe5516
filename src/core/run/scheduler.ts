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

/** Runs all units to their end and says how each ended. */
export async function schedule(
  units: readonly Unit[],
  options: ScheduleOptions,
): Promise<ReadonlyMap<string, UnitEnd>> {
  const path = remainingPath(units);
  const ranked = [...units].sort(
    (a, b) => b.priority - a.priority || (path.get(b.id) ?? 0) - (path.get(a.id) ?? 0),
  );
  const ends = new Map<string, UnitEnd>((options.done ?? []).map((id) => [id, 'done']));
  const running = new Map<string, Unit>();
  const patience = createPatience(options);
  return new Promise((resolve, reject) => {
    const startReady = (): void => {
      passOver(ranked, ends, running, options);
      const ready = ranked.filter(
        (unit) => !ends.has(unit.id) && !running.has(unit.id) && isReady(unit, units, ends),
      );
      for (const unit of ready) {
        if (load(running, options) >= options.concurrency) break;
        if (patience.isReserved(unit)) continue;
        if (isFree(unit, running, options.scopeOf) && fits(unit, running, options)) start(unit);
      }
      for (const unit of ready) if (!running.has(unit.id)) patience.look(unit, running);
      if (ends.size === units.length) resolve(ends);
      else if (running.size === 0) reject(new Error('The scheduler has units left that can never run.'));
    };
    const start = (unit: Unit): void => {
      running.set(unit.id, unit);
      patience.started(unit);
      options.run(unit).then((end) => {
        running.delete(unit.id);
        ends.set(unit.id, end);
        startReady();
      }, reject);
    };
    startReady();
  });
}

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
  ends: Map<string, UnitEnd>,
  running: ReadonlyMap<string, Unit>,
  options: ScheduleOptions,
): void {
  for (let found = true; found;) {
    found = false;
    for (const unit of units) {
      if (ends.has(unit.id) || running.has(unit.id)) continue;
      const verdict = hindrance(unit, units, ends);
      if (!verdict) continue;
      ends.set(unit.id, verdict.end);
      options.passedOver(unit, verdict.end, verdict.because);
      found = true;
    }
  }
}

function endOf(
  task: string,
  units: readonly Unit[],
  ends: ReadonlyMap<string, UnitEnd>,
): UnitEnd | undefined {
  const unit = units.find((other) => other.tasks.some((member) => member.id === task));
  return unit && ends.get(unit.id);
}

/** Why a unit cannot run: a condition that did not come true, or a dependency that failed. */
function hindrance(
  unit: Unit,
  units: readonly Unit[],
  ends: ReadonlyMap<string, UnitEnd>,
): { end: 'skipped' | 'blocked'; because: string } | undefined {
  for (const task of unit.tasks) {
    const { when } = task;
    const watched = when && endOf(when.task, units, ends);
    if (watched !== undefined && !meets(watched, when?.is)) {
      return { end: 'skipped', because: `it was to run only if ${when?.task ?? ''} is ${when?.is ?? ''}` };
    }
    const failed = task.depends_on.find((id) => {
      const end = endOf(id, units, ends);
      return end !== undefined && end !== 'done' && id !== when?.task;
    });
    if (failed !== undefined)
      return { end: 'blocked', because: `${failed} is ${endOf(failed, units, ends) ?? 'open'}` };
  }
  return undefined;
}

function meets(end: UnitEnd, wanted: 'done' | 'failed' | 'skipped' | undefined): boolean {
  return end === wanted || (end === 'blocked' && wanted === 'skipped');
}

function isReady(unit: Unit, units: readonly Unit[], ends: ReadonlyMap<string, UnitEnd>): boolean {
  return unit.dependsOn.every((id) => endOf(id, units, ends) !== undefined);
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
