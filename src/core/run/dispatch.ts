/** Lets the tasks of an approved plan be done, while the person may change it, and plans again where they fail. */
import type { PlanSpec } from '../../protocol/plan.ts';
import { planChange } from '../../protocol/plan-change.ts';
import type { Site, Work } from './attempt.ts';
import { workByHand } from './by-hand.ts';
import { candidatesOf } from './candidates/how-many.ts';
import { createCancellable, GivenUp, type Cancellable } from './journal/cancellable.ts';
import type { Ear, Workbench } from './plan/changing.ts';
import { unitsOf, type Unit } from './plan/graph.ts';
import { admitRoles, lookForRoles } from './agents/own-roles.ts';
import { tellPlan } from './agents/notices.ts';
import { givesWay, parked } from './agents/parking.ts';
import { createPlace } from './place.ts';
import { problemsOf, replan } from './plan/planning.ts';
import { beginAgain, problemsOfChange } from './plan/revising.ts';
import type { Run } from './run.ts';
import { startSchedule, type Schedule, type UnitEnd } from './plan/scheduler.ts';
import { scopeOf } from './plan/scopes.ts';
import type { Seat } from './plan/slots.ts';
import { createTeamSize, type Remaining, type TeamSize } from './plan/team-size.ts';
import { workOn } from './work.ts';

interface Dispatching {
  readonly work: Work;
  /** What is being worked on, by unit. */
  readonly active: Map<string, Cancellable>;
  /** Tasks that the person does, with what an agent left of them. */
  readonly byHand: Map<string, Site | undefined>;
  readonly size: TeamSize;
  schedule: Schedule | undefined;
}

/** Resolves when nothing is left to do: what did not end well, in words. */
export async function dispatch(work: Work, ear: Ear, done: readonly string[]): Promise<readonly string[]> {
  const size = createTeamSize(work.run);
  const dispatching: Dispatching = { work, active: new Map(), byHand: new Map(), size, schedule: undefined };
  work.run.team.standings.onChange(() => {
    dispatching.schedule?.atOnce(size.now(`${work.current.revision}/models`, remaining(dispatching)));
  });
  const ended = new Map<string, UnitEnd>(done.map((task) => [task, 'done']));
  for (let again = 0; ; again++) {
    const units = unitsOf(work.current.plan);
    const schedule = await begin(dispatching, units, ended);
    dispatching.schedule = schedule;
    ear.attend(benchOf(dispatching, schedule));
    const ends = await schedule.ended;
    ear.attend(undefined);
    dispatching.schedule = undefined;
    const last = unitsOf(work.current.plan);
    const undone = undoneIn(last, ends);
    const { mode, settings } = work.run;
    const replans = mode === 'team' ? (settings.limits.replans ?? 0) : 0;
    if (undone.length === 0 || again >= replans) return undone;
    ended.clear();
    for (const { id, tasks } of last) for (const task of tasks) ended.set(task.id, ends.get(id) ?? 'failed');
    const next = await planAgain(work, undone, (task) => ended.get(task) === 'done');
    if (!next) return undone;
    for (const task of forgotten(work.current.plan, next)) ended.delete(task);
    adopt(work, next);
  }
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
    scopeOf: ({ tasks }) => tasks.flatMap((task) => scopeOf(task, run.roles)),
    run: async (unit, seat) => {
      const end = await perform(dispatching, unit, seat);
      await resize(dispatching, `after/${unit.id}`, unit);
      return end;
    },
    passedOver: (unit, end, because) => {
      passOver(work, unit, { end, because });
    },
  });
}

/** Decides anew how many work at once; `over`: a unit that is about to end. */
async function resize(dispatching: Dispatching, when: string, over?: Unit): Promise<void> {
  const { work, size, schedule } = dispatching;
  schedule?.atOnce(await size.decide(`${work.current.revision}/${when}`, remaining(dispatching, over)));
}

/** What is at work, and what is still to come. */
function remaining({ work, active, schedule }: Dispatching, over?: Unit): Remaining {
  const open = unitsOf(work.current.plan).filter(
    ({ id, tasks }) => id !== over?.id && tasks.some((task) => schedule?.endOf(task.id) === undefined),
  );
  return {
    atWork: open.filter(({ id }) => active.has(id)),
    waiting: open.filter(({ id }) => !active.has(id)),
  };
}

function sayStarved(run: Run, { id }: Unit, times: number): void {
  const why = `it was ready while ${times} others took files that it may write`;
  const data = { guard: 'starvation', rung: 'reserved', why, task: id } as const;
  run.steps.record({ type: 'guard.fired', key: `starved/${id}`, data });
}

/** True where the person does the unit next. */
const isByHand = ({ byHand }: Dispatching, { tasks }: Unit): boolean =>
  tasks.some(({ id }) => byHand.has(id));

/** Works on a unit in steps that can be given up, and in which others have its slots while it waits. */
async function perform(dispatching: Dispatching, unit: Unit, seat: Seat): Promise<'done' | 'failed'> {
  const { work, active, byHand } = dispatching;
  const scope = createCancellable(work.run.steps);
  active.set(unit.id, scope);
  const weight = candidatesOf(work.run, unit);
  const run = parked({ ...work.run, steps: scope.steps }, unit, { seat, weight });
  const own: Work = { ...work, run, isGivenUp: scope.isOver };
  const isMine = isByHand(dispatching, unit);
  const left = unit.tasks.map(({ id }) => byHand.get(id)).find((site) => site !== undefined);
  for (const { id } of unit.tasks) byHand.delete(id);
  try {
    const end = isMine ? await workByHand(own, unit, left) : 'dropped';
    return end === 'dropped' ? await workOn(own, unit) : end;
  } catch (error) {
    if (!(error instanceof GivenUp)) throw error;
    // Nobody hears of it: whoever gave it up says what is done instead.
    return await new Promise<never>(() => undefined);
  } finally {
    if (active.get(unit.id) === scope) active.delete(unit.id);
  }
}

/** What the person may do while tasks are worked on. */
function benchOf(dispatching: Dispatching, schedule: Schedule): Workbench {
  const { work, byHand } = dispatching;
  const { run, current } = work;
  return {
    async plan(plan, key) {
      await lookForRoles(run, key);
      const isDone = (task: string): boolean => schedule.endOf(task) === 'done';
      const problems = [...problemsOf(run, plan), ...problemsOfChange(current.plan, plan, isDone)];
      if (problems.length > 0) return problems;
      const refused = await admitRoles(run, plan);
      if (refused.length > 0) return [`You did not want the role ${refused.join(', ')}.`];
      const again = beginAgain(current.plan, plan);
      for (const task of again) await giveUp(dispatching, schedule, { task, why: 'The plan was changed.' });
      const former = current.plan;
      adopt(work, plan);
      const data = { revision: current.revision, approved: true, by: 'person' as const, plan };
      run.steps.record({ type: 'plan.decided', key: `plan/${key}`, data });
      tellPlan(run, `plan/${key}`, { former, next: plan });
      schedule.revise(unitsOf(plan), again);
      return [];
    },
    async take(task) {
      const unit = unitsOf(current.plan).find(({ tasks }) => tasks.some(({ id }) => id === task));
      if (!unit) return [`There is no task "${task}".`];
      if (schedule.endOf(task) === 'done') return [`Task "${task}" is done.`];
      const why = 'You work on it yourself.';
      const left = await giveUp(dispatching, schedule, { task, why });
      for (const { id } of unit.tasks) byHand.set(id, left);
      schedule.revise(unitsOf(current.plan), new Set(unit.tasks.map(({ id }) => id)));
      return [];
    },
    resize: (key) => resize(dispatching, key),
  };
}

/** Ends what is done of a task's unit; where it was worked on. */
async function giveUp(
  { work, active }: Dispatching,
  schedule: Schedule,
  { task, why }: { readonly task: string; readonly why: string },
): Promise<Site | undefined> {
  const unit = schedule.runningWith(task);
  const scope = unit && active.get(unit.id);
  if (!unit || !scope) return undefined;
  active.delete(unit.id);
  await scope.cancel(why);
  const site = work.sites.get(unit.id);
  if (!site) return undefined;
  const { attempt, place } = site;
  for (const { id } of unit.tasks) {
    const agents = `task/${id}/attempt/${attempt}/`;
    work.run.team.bus.retire(agents);
    work.run.team.crew.dismiss(agents);
    work.run.team.standings.retire(agents);
    work.run.team.crew.move(id, 'waiting');
    const data = { task: id, state: 'waiting' as const, attempt, note: why };
    work.run.steps.record({ type: 'task.changed', key: `${id}/${attempt}/given-up`, data });
  }
  const key = `task/${unit.id}/attempt/${attempt}/given-up`;
  const { base } = work;
  const tree = place?.tree() ?? site.start;
  const folders = place ? [''] : candidateFolders(work, unit);
  for (const folder of folders)
    await createPlace(work.run, { id: `${unit.id}-${attempt}${folder}`, base, tree, scope: [] }).dispose(
      `${key}${folder}`,
    );
  return site;
}

const candidateFolders = ({ run }: Work, unit: Unit): readonly string[] =>
  Array.from({ length: candidatesOf(run, unit) }, (_, index) => `-cand-${String(index + 1)}`);

/** The plan is this one from now on. */
function adopt({ run, current }: Work, plan: PlanSpec): void {
  current.plan = plan;
  current.revision += 1;
  const { bus, crew } = run.team;
  bus.name(plan.tasks.map(({ id }) => id));
  const ids = new Set(plan.tasks.map(({ id }) => id));
  for (const id of crew.tasks.keys()) if (!ids.has(id)) crew.tasks.delete(id);
  for (const spec of plan.tasks)
    crew.tasks.set(spec.id, { spec, state: crew.tasks.get(spec.id)?.state ?? 'waiting' });
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
  current.revision = planned.revision - 1;
  return planned.plan;
}

function passOver(
  { run, current }: Work,
  unit: Unit,
  { end, because }: { end: 'skipped' | 'blocked'; because: string },
): void {
  const { revision } = current;
  for (const { id } of unit.tasks) {
    run.team.crew.move(id, end);
    run.steps.record({
      type: 'task.changed',
      key: revision === 1 ? `${id}/${end}` : `${id}/${end}/${revision}`,
      data: { task: id, state: end, attempt: 0, note: because },
    });
  }
}

function undoneIn(units: readonly Unit[], ends: ReadonlyMap<string, UnitEnd>): readonly string[] {
  return units.flatMap((unit) => {
    const end = ends.get(unit.id);
    return end === 'failed' || end === 'blocked'
      ? [`${unit.tasks.map((task) => task.title).join(', ')}: ${end}.`]
      : [];
  });
}
