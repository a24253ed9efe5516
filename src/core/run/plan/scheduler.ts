/**
 * Starts what is ready, by priority and longest remaining path, at most `concurrency` at once, not counting those that wait for somebody
 * (`slots.ts`); units whose file scopes overlap never run together. Plain async code: what it decides follows from the order in which units end and plans change, which the journal keeps.
 */
import { createAgenda, type Keeping } from './agenda.ts';
import { remainingPath, type Unit } from './graph.ts';
import { createPatience, type Patience } from './patience.ts';
import { overlaps } from './scopes.ts';
import { createSlots, type Seat, type Slots } from './slots.ts';

export type UnitEnd = 'done' | 'failed' | 'skipped' | 'blocked';

/** How a unit ends that is not worked on; one whose sub-tasks did not end well has failed. */
export type PassedOver = Exclude<UnitEnd, 'done'>;

export interface ScheduleOptions {
  readonly concurrency: number;
  /** How many slots may be given to others while those who have them wait for somebody. Absent: none. */
  readonly parked?: number;
  /** Tasks whose units begin with a wait and need no slot until that is over. */
  readonly away?: Pick<ReadonlyMap<string, unknown>, 'size' | 'has'>;
  /** How many work on a unit at once; absent: one. What is more than `concurrency` starts when nothing else runs. */
  readonly weight?: (unit: Unit) => number;
  /** Units that are done already. */
  readonly done?: readonly string[];
  /** Units that failed, and are not tried again. */
  readonly failed?: readonly string[];
  /** What a unit may write, as globs. */
  readonly scopeOf: (unit: Unit) => readonly string[];
  /** Works on a unit; must not reject for an expected outcome. What a unit that was given up comes to is not heard. */
  readonly run: (unit: Unit, seat: Seat) => Promise<'done' | 'failed'>;
  /** Called once for a unit that was ready and passed over so often that its files are kept free from now on. */
  readonly starved?: (unit: Unit, times: number) => void;
  /** Called when a unit ends without having run. */
  readonly passedOver: (unit: Unit, end: PassedOver, because: string) => void;
}

/** Units beyond these, in order of rank, are not looked at for starvation: they come nearer. */
const LOOKED_MAX = 64;

const NOBODY: ReadonlyMap<string, unknown> = new Map();

type EndOf = (task: string) => UnitEnd | undefined;

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
  let units = first;
  let ends = endedBefore(options);
  const running = new Map<string, Unit>();
  const patience = createPatience(options);
  let unitOf = byTask(units);
  const endNow: EndOf = (task) => ends.get(unitOf.get(task)?.id ?? '');
  const keeping: Keeping = {
    isGone: ({ id }) => ends.has(id) || running.has(id),
    unitOf: (task) => unitOf.get(task)?.id,
    hasEnded: (id) => ends.has(id),
    passOver: (unit) => passOver(unit, { ends, endOf: endNow }, options),
  };
  let agenda = createAgenda(rank(units), keeping);
  let settle: { resolve: (ends: ReadonlyMap<string, UnitEnd>) => void; reject: (error: unknown) => void };
  const ended = new Promise<ReadonlyMap<string, UnitEnd>>((resolve, reject) => {
    settle = { resolve, reject };
  });

  const { concurrency: size, parked = 0 } = options;
  const slots = createSlots({ size, parked, freed: () => startReady() });
  const leave = (unit: Unit): void => {
    running.delete(unit.id);
    patience.ended(unit);
    slots.end(unit);
  };
  const start = (unit: Unit, weight: number, isAway: boolean): void => {
    running.set(unit.id, unit);
    patience.started(unit);
    options.run(unit, slots.begin(unit, weight, isAway)).then((end) => {
      if (running.get(unit.id) !== unit) return;
      leave(unit);
      ends.set(unit.id, end);
      agenda.ended(unit.id);
      startReady();
    }, settle.reject);
  };
  const offer = oneAtATime(() => {
    agenda.offer(judging(options, { running, patience, slots, start }));
  });
  const startReady = (): void => {
    offer();
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
      const formerEnd = endsOf(unitOf, ends);
      for (const unit of [...running.values()]) if (isAgain(unit)) leave(unit);
      // A unit that is worked on is the same under its new name: what it does does not depend on the plan around it.
      units = next.map((unit) => running.get(unit.id) ?? unit);
      unitOf = byTask(units);
      ends = keptEnds(units, (unit) => (isAgain(unit) ? undefined : formerEnd(unit.tasks[0]?.id ?? '')));
      agenda = createAgenda(
        rank(next).map((unit) => running.get(unit.id) ?? unit),
        keeping,
      );
      startReady();
    },
    atOnce(count) {
      slots.resize(count);
      startReady();
    },
  };
}

/** Work that is done once more where it was asked for in its own midst: whoever begins may give its slot back at once. */
function oneAtATime(work: () => void): () => void {
  let [isAtIt, isAsked] = [false, false];
  return () => {
    isAsked = true;
    if (isAtIt) return;
    isAtIt = true;
    while (isAsked) {
      isAsked = false;
      work();
    }
    isAtIt = false;
  };
}

interface Floor {
  readonly running: ReadonlyMap<string, Unit>;
  readonly patience: Patience;
  readonly slots: Slots;
  readonly start: (unit: Unit, weight: number, isAway: boolean) => void;
}

/** Starts what may be worked on beside what is. */
function judging(
  { weight = () => 1, away = NOBODY, scopeOf }: ScheduleOptions,
  { running, patience, slots, start }: Floor,
): (unit: Unit) => 'taken' | 'left' | 'stop' {
  let looked = 0;
  return (unit) => {
    if (slots.isFull() && away.size === 0 && (looked >= LOOKED_MAX || !patience.isContested())) return 'stop';
    looked += 1;
    patience.look(unit, running);
    const isAway = unit.tasks.some(({ id }) => away.has(id));
    if (!isAway && (slots.isFull() || !slots.takes(weight(unit)))) return 'left';
    if (patience.isReserved(unit) || !isFree(unit, running, scopeOf)) return 'left';
    start(unit, weight(unit), isAway);
    return 'taken';
  };
}

const endsOf =
  (unitOf: ReadonlyMap<string, Unit>, ends: ReadonlyMap<string, UnitEnd>): EndOf =>
  (task) =>
    ends.get(unitOf.get(task)?.id ?? '');

/** What holds on in another plan. */
function keptEnds(
  units: readonly Unit[],
  formerEnd: (unit: Unit) => UnitEnd | undefined,
): Map<string, UnitEnd> {
  return new Map(
    units.flatMap((unit) => {
      const end = formerEnd(unit);
      return end === 'done' || end === 'failed' ? [[unit.id, end] as const] : [];
    }),
  );
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

/** Ends a unit that cannot run any more. */
function passOver(
  unit: Unit,
  { ends, endOf }: { readonly ends: Map<string, UnitEnd>; readonly endOf: EndOf },
  options: ScheduleOptions,
): boolean {
  const verdict = hindrance(unit, endOf);
  if (!verdict) return false;
  ends.set(unit.id, verdict.end);
  options.passedOver(unit, verdict.end, verdict.because);
  return true;
}

const byTask = (units: readonly Unit[]): ReadonlyMap<string, Unit> =>
  new Map(units.flatMap((unit) => unit.tasks.map(({ id }) => [id, unit] as const)));

/** Why a unit cannot run: a condition that did not come true, or a dependency or sub-task that failed. */
function hindrance(unit: Unit, endOf: EndOf): { end: PassedOver; because: string } | undefined {
  for (const task of [...(unit.within ?? []), ...unit.tasks]) {
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
  const lost = unit.parts?.find((id) => ['failed', 'blocked'].includes(endOf(id) ?? ''));
  return lost === undefined
    ? undefined
    : { end: 'failed', because: `its sub-task ${lost} is ${endOf(lost) ?? ''}` };
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
  if (scope.length === 0) return true;
  return ![...running.values()].some((other) => overlaps(scope, scopeOf(other)));
}
