/** Lets the tasks of an approved plan be done, while the person may change it, and plans again where they fail. */
import type { PlanSpec } from '../../protocol/plan.ts';
import { planChange } from '../../protocol/plan-change.ts';
import type { Site, Work } from './attempt.ts';
import { breakDown } from './break-down.ts';
import { workByHand } from './by-hand.ts';
import { candidatesOf } from './candidates/how-many.ts';
import { close } from './close.ts';
import { createCancellable, GivenUp } from './journal/cancellable.ts';
import { givesWay, parked } from './agents/parking.ts';
import type { Ear } from './plan/changing.ts';
import { keepLeft } from './in-hand.ts';
import { isToBreakDown, unitsOf, type Unit } from './plan/graph.ts';
import { replan } from './plan/planning.ts';
import { beginAgain } from './plan/revising.ts';
import { replannerOf } from './replan-now.ts';
import type { Run } from './run.ts';
import { startSchedule, type PassedOver, type Schedule, type UnitEnd } from './plan/scheduler.ts';
import { scopeOf } from './plan/scopes.ts';
import {
  adopt,
  benchOf,
  createDispatching,
  isByHand,
  mayReplan,
  partsAgain,
  remaining,
  resize,
  takeParts,
  type Dispatching,
} from './workbench.ts';
import type { Seat } from './plan/slots.ts';
import { workOn } from './work.ts';

/** What former lives of the run left. */
interface Left {
  /** Tasks that are done. */
  readonly done: readonly string[];
  /** Tasks in a person's hands, with where. */
  readonly hands: ReadonlyMap<string, Site>;
}

/** Resolves when nothing is left to do: what did not end well, in words. */
export async function dispatch(work: Work, ear: Ear, left: Left): Promise<readonly string[]> {
  const dispatching = createDispatching(work, left.hands);
  const undone = await untilEnded(dispatching, ear, left.done);
  await keepLeft(dispatching);
  return undone;
}

async function untilEnded(
  dispatching: Dispatching,
  ear: Ear,
  done: readonly string[],
): Promise<readonly string[]> {
  const { work, size } = dispatching;
  work.run.team.standings.onChange(() => {
    dispatching.schedule?.atOnce(size.now(`${work.current.revision}/models`, remaining(dispatching)));
  });
  const ended = new Map<string, UnitEnd>(done.map((task) => [task, 'done']));
  for (;;) {
    const units = unitsOf(work.current.plan);
    const schedule = await begin(dispatching, units, ended);
    dispatching.schedule = schedule;
    ear.attend(benchOf(dispatching, schedule));
    const ends = await schedule.ended;
    ear.attend(undefined);
    dispatching.schedule = undefined;
    const last = unitsOf(work.current.plan);
    const undone = undoneIn(last, ends);
    if (undone.length === 0) return undone;
    if (!mayReplan(dispatching)) {
      sayNoReplan(dispatching);
      return undone;
    }
    dispatching.replans += 1;
    ended.clear();
    for (const { id, tasks } of last) for (const task of tasks) ended.set(task.id, ends.get(id) ?? 'failed');
    const next = await planAgain(work, undone, (task) => ended.get(task) === 'done');
    if (!next) return undone;
    const again = partsAgain(dispatching, next, (task) => ended.get(task) === 'done');
    for (const task of [...forgotten(work.current.plan, next), ...again]) ended.delete(task);
    adopt(work, next);
  }
}

/** The plan was thought of anew as often as it may be. */
function sayNoReplan({ work: { run }, replans }: Dispatching): void {
  if (replans === 0) return;
  run.steps.record({ type: 'limit.reached', key: 'replans', data: { limit: 'replans', value: replans } });
}

/** Tasks whose end no longer counts in another plan. */
function forgotten(former: PlanSpec, next: PlanSpec): ReadonlySet<string> {
  return new Set([...beginAgain(former, next), ...planChange(former, next).added]);
}

async function begin(
  dispatching: Dispatching,
  units: readonly Unit[],
  ended: ReadonlyMap<string, UnitEnd>,
): Promise<Schedule> {
  const { work, size } = dispatching;
  const { run, current } = work;
  const endedAs = (end: UnitEnd): readonly string[] =>
    units.filter(({ tasks }) => tasks.every(({ id }) => ended.get(id) === end)).map(({ id }) => id);
  const done = new Set(endedAs('done'));
  const open = units.filter(({ id }) => !done.has(id));
  const concurrency = await size.decide(`${current.revision}/begin`, { atWork: [], waiting: open });
  return startSchedule(units, {
    done: endedAs('done'),
    failed: endedAs('failed'),
    concurrency,
    parked: run.settings.limits.parked ?? 0,
    ...(givesWay(run) && { away: dispatching.byHand }),
    starved: (unit, times) => {
      sayStarved(run, unit, times);
    },
    weight: (unit) => candidatesOf(run, unit),
    scopeOf: (unit) => (isToBreakDown(unit) ? [] : unit.tasks.flatMap((task) => scopeOf(task, run.roles))),
    run: async (unit, seat) => {
      const end = await perform(dispatching, unit, seat);
      // A person's work has its QA and reviewers too.
      for (const { id } of unit.tasks) run.team.bus.retire(`task/${id}/`);
      await resize(dispatching, `after/${unit.id}`, unit);
      return end;
    },
    passedOver: (unit, end, because) => {
      passOver(work, unit, { end, because });
    },
  });
}

function sayStarved(run: Run, { id }: Unit, times: number): void {
  const why = `it was ready while ${times} others took files that it may write`;
  const data = { guard: 'starvation', rung: 'reserved', why, task: id } as const;
  run.steps.record({ type: 'guard.fired', key: `starved/${id}`, data });
}

/** Works on a unit in steps that can be given up, and in which others have its slots while it waits. */
async function perform(dispatching: Dispatching, unit: Unit, seat: Seat): Promise<'done' | 'failed'> {
  const { work, active, byHand } = dispatching;
  const scope = createCancellable(work.run.steps);
  active.set(unit.id, scope);
  const weight = candidatesOf(work.run, unit);
  const offers: Run['offers'] = (digest, ask) => scope.unlessOver(work.run.offers(digest, ask));
  const run = parked({ ...work.run, steps: scope.steps, offers }, unit, { seat, weight });
  const alone: Work = { ...work, run, isGivenUp: scope.isOver };
  const own: Work = { ...alone, replan: replannerOf(dispatching, alone) };
  const isMine = isByHand(dispatching, unit);
  const left = unit.tasks.map(({ id }) => byHand.get(id)).find((site) => site !== undefined);
  for (const { id } of unit.tasks) byHand.delete(id);
  try {
    const end = isMine ? await workByHand(own, unit, left) : 'dropped';
    return end === 'dropped' ? await carryOn(dispatching, own, unit) : end;
  } catch (error) {
    if (!(error instanceof GivenUp)) throw error;
    // Nobody hears of it: whoever gave it up says what is done instead.
    return await new Promise<never>(() => undefined);
  } finally {
    if (active.get(unit.id) === scope) {
      active.delete(unit.id);
      work.sites.delete(unit.id);
    }
  }
}

/** A task is worked on; one that is made of others is broken down before them, and closed after them. */
async function carryOn(dispatching: Dispatching, own: Work, unit: Unit): Promise<'done' | 'failed'> {
  if (unit.parts) return close(own, unit);
  if (!isToBreakDown(unit)) return workOn(own, unit);
  const end = await breakDown(own, unit, (change) => takeParts(dispatching, own, change));
  // The unit waits for its sub-tasks now, and is started anew after them.
  return end === 'parts' ? await new Promise<never>(() => undefined) : end;
}

/** Another plan for what failed, approved by the same rule as the first; undefined where there is none. */
async function planAgain(
  work: Work,
  undone: readonly string[],
  isDone: (task: string) => boolean,
): Promise<PlanSpec | undefined> {
  const { run, base, integration, current, failures } = work;
  const evidence = [...undone, ...[...failures].map(([unit, why]) => `${unit}: ${why}`)];
  const planned = await replan(run, {
    base,
    tree: integration.tree(),
    former: current,
    evidence,
    isDone,
  });
  failures.clear();
  if (planned.kind !== 'plan') return undefined;
  current.tainted = planned.tainted ?? current.tainted;
  current.revision = planned.revision - 1;
  return planned.plan;
}

function passOver(
  { run, current, attempts }: Work,
  unit: Unit,
  { end, because }: { end: PassedOver; because: string },
): void {
  const { revision } = current;
  for (const { id } of unit.tasks) {
    run.team.crew.move(id, end);
    const tries = (unit.parts ?? []).reduce((sum, part) => sum + (attempts.get(part) ?? 0), 0);
    const key = `${id}/${end}${revision === 1 ? '' : `/${String(revision)}`}${tries === 0 ? '' : `/${String(tries)}`}`;
    run.steps.record({
      type: 'task.changed',
      key,
      data: { task: id, state: end, attempt: 0, note: because },
    });
  }
}

function undoneIn(units: readonly Unit[], ends: ReadonlyMap<string, UnitEnd>): readonly string[] {
  return units.flatMap((unit) => {
    const end = ends.get(unit.id);
    return end === 'failed' || end === 'blocked'
      ? [`${unit.tasks.map((task) => task.title.replace(/\.$/u, '')).join(', ')}: ${end}.`]
      : [];
  });
}
