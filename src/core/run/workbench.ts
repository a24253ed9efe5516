/** What is changed about a plan while its tasks are worked on, one change after the other: by the person, by planners. */
import type { PlanSpec, TaskSpec } from '../../protocol/plan.ts';
import { ancestorsOf, graft, isBelow } from '../../protocol/plan-tree.ts';
import type { Site, Work } from './attempt.ts';
import type { TakeParts } from './break-down.ts';
import { candidatesOf } from './candidates/how-many.ts';
import { GivenUp, type Cancellable } from './journal/cancellable.ts';
import type { Workbench } from './plan/changing.ts';
import { estimatePlan } from './plan/estimates.ts';
import { unitsOf, type Unit } from './plan/graph.ts';
import { admitRoles, lookForRoles, unapprovedIn } from './agents/own-roles.ts';
import { tellPlan } from './agents/notices.ts';
import { removeTested } from './hand-folder.ts';
import { heldTasks, keepLeft, problemsOfGating, problemsOfTaking } from './in-hand.ts';
import { createPlace } from './place.ts';
import { problemsOf } from './plan/planning.ts';
import { beginAgain, partsOfChanged, problemsOfChange, wholesReworded } from './plan/revising.ts';
import type { Schedule } from './plan/scheduler.ts';
import { createTeamSize, type Remaining, type TeamSize } from './plan/team-size.ts';

type InTurn = <T>(change: () => Promise<T>) => Promise<T>;

export interface Dispatching {
  readonly work: Work;
  /** What is being worked on, by unit. */
  readonly active: Map<string, Cancellable>;
  /** Tasks that the person does as soon as they may begin, with what was left of them. */
  readonly byHand: Map<string, Site | undefined>;
  readonly size: TeamSize;
  /** There while tasks are worked on. */
  schedule: Schedule | undefined;
  /** Times that a plan was thought of anew. */
  replans: number;
  /** Changes are made one after the other. */
  readonly inTurn: InTurn;
  /** And the person is asked about their roles so: two changes may want the same one. */
  readonly admitting: InTurn;
}

/** `hands`: tasks that the person did in a former life of the run. */
export function createDispatching(work: Work, hands: ReadonlyMap<string, Site>): Dispatching {
  return {
    work,
    active: new Map(),
    byHand: new Map(hands),
    size: createTeamSize(work.run),
    schedule: undefined,
    replans: 0,
    inTurn: oneByOne(),
    admitting: oneByOne(),
  };
}

function oneByOne(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (change) => {
    const made = last.then(change);
    last = made.catch(() => undefined);
    return made;
  };
}

/** Whether the plan may be thought of anew once more. */
export function mayReplan({ work: { run }, replans }: Dispatching): boolean {
  const { mode, settings } = run;
  return mode === 'team' && replans < (settings.limits.replans ?? 0);
}

/** What the person may do while tasks are worked on. */
export function benchOf(dispatching: Dispatching, schedule: Schedule): Workbench {
  const { work } = dispatching;
  const { run, current } = work;
  let [said, taken] = [0, 0];
  const takePlan = (plan: PlanSpec, key: string, turn: number): Promise<readonly string[]> =>
    dispatching.inTurn(async () => {
      // An answer may come late.
      if (taken > turn) return ['You changed the plan again meanwhile.'];
      if (dispatching.schedule !== schedule) return ['The tasks that it was for have ended meanwhile.'];
      const problems = [...problemsNow(dispatching, plan), ...problemsOfGating(dispatching, plan)];
      if (problems.length > 0) return problems;
      taken = turn;
      await goOnWith(dispatching, { plan, by: 'person', key: `plan/${key}` });
      return [];
    });
  return {
    async plan(plan, key) {
      said += 1;
      const turn = said;
      await lookForRoles(run, key);
      const wrong = problemsNow(dispatching, plan);
      if (wrong.length > 0) return wrong;
      if (unapprovedIn(run, plan).length === 0) return takePlan(plan, key, turn);
      const admitted = dispatching.admitting(() => admitRoles(run, plan));
      const answered = admitted.then((refused) =>
        refused.length > 0 ? [`You did not want the role ${refused.join(', ')}.`] : takePlan(plan, key, turn),
      );
      return { answered };
    },
    take: (task) =>
      dispatching.inTurn(async () => {
        const unit = unitsOf(current.plan).find(({ tasks }) => tasks.some(({ id }) => id === task));
        if (!unit)
          return [`There is no task "${task}". Tasks: ${current.plan.tasks.map(({ id }) => id).join(', ')}.`];
        if (schedule.endOf(task) === 'done') return [`Task "${task}" is done.`];
        const problems = problemsOfTaking(dispatching, unit);
        if (problems.length > 0) return problems;
        await takeByHand(dispatching, schedule, unit);
        return [];
      }),
    resize: (key) => resize(dispatching, key),
  };
}

/** Why the plan cannot be gone on with from here. */
export function problemsNow(
  { work: { run, current }, schedule }: Dispatching,
  plan: PlanSpec,
): readonly string[] {
  const isDone = (task: string): boolean => schedule?.endOf(task) === 'done';
  return [...problemsOf(run, plan), ...problemsOfChange(current.plan, plan, isDone)];
}

interface NewPlan {
  readonly plan: PlanSpec;
  readonly by: 'person' | 'settings';
  readonly tainted?: string | undefined;
  /** Of the record of it. */
  readonly key: string;
}

/** Goes on with another plan; its problems have been looked at. What differs begins anew. */
export async function goOnWith(dispatching: Dispatching, { plan, key, ...how }: NewPlan): Promise<void> {
  const { work, schedule } = dispatching;
  const { run, current } = work;
  const again = beginAgain(current.plan, plan);
  const isDone = (task: string): boolean => schedule?.endOf(task) === 'done';
  const parts = partsAgain(dispatching, plan, isDone);
  for (const task of again) await giveUp(dispatching, { task, why: 'The plan was changed.' });
  for (const task of parts) await giveUp(dispatching, { task, why: 'What it is part of was changed.' });
  await keepLeft(dispatching, plan);
  const former = current.plan;
  adopt(work, plan);
  current.tainted = how.tainted ?? current.tainted;
  sayDecided(work, key, how);
  tellPlan(run, key, { former, next: plan, tainted: how.tainted });
  schedule?.revise(unitsOf(plan), new Set([...again, ...parts.filter((task) => !isDone(task))]));
}

/** Sub-tasks that begin anew because what they are part of is another now: what is done stays, and so does what a person does. */
export function partsAgain(
  dispatching: Dispatching,
  next: PlanSpec,
  isDone: (task: string) => boolean,
): readonly string[] {
  const { run, current } = dispatching.work;
  if (run.settings.restartsParts !== true) return [];
  const held = heldTasks(dispatching);
  return partsOfChanged(current.plan, next).filter((task) => !isDone(task) && !held.includes(task));
}

function sayDecided(
  { run, current }: Work,
  key: string,
  { by, tainted }: Pick<NewPlan, 'by' | 'tainted'>,
): void {
  const { plan, revision } = current;
  const estimates = [...estimatePlan(run, plan)];
  const data = { revision, approved: true, by, plan, estimates, ...(tainted !== undefined && { tainted }) };
  run.steps.record({ type: 'plan.decided', key, data });
}

/** The sub-tasks of a task are part of the plan from now on; the task itself comes after them. Why not, where they do not fit any more. */
export function takeParts(
  dispatching: Dispatching,
  own: Work,
  { task, parts, key, attempt, ...how }: Parameters<TakeParts>[0],
): Promise<readonly string[]> {
  const { work, active, schedule } = dispatching;
  const { run, current } = work;
  return dispatching.inTurn(async () => {
    if (own.isGivenUp()) throw new GivenUp('The task was given up before it was broken down.');
    const next = graft(current.plan, task, parts.tasks);
    const problems = problemsNow(dispatching, next);
    if (problems.length > 0) return problems;
    adopt(work, next);
    current.tainted = how.tainted ?? current.tainted;
    sayDecided(work, key, how);
    run.team.crew.move(task, 'waiting');
    const note = `${String(parts.tasks.length)} sub-tasks`;
    const data = { task, state: 'working' as const, attempt, note };
    run.steps.record({ type: 'task.changed', key: `${task}/${String(attempt)}/parts`, data });
    active.delete(task);
    schedule?.revise(unitsOf(next), new Set([task]));
    await resize(dispatching, `parts/${task}`);
    return [];
  });
}

/** The person does a unit, from where an agent left it. Of one with sub-tasks they do all that is not done yet. */
async function takeByHand(dispatching: Dispatching, schedule: Schedule, unit: Unit): Promise<void> {
  const { work, byHand } = dispatching;
  const { current } = work;
  const { plan } = current;
  const open = plan.tasks
    .filter(({ id }) => isBelow(id, unit.id) && schedule.endOf(id) !== 'done')
    .map(({ id }) => id);
  const why = 'You work on it yourself.';
  for (const task of open) await giveUp(dispatching, { task, why });
  const left = await giveUp(dispatching, { task: unit.id, why });
  for (const { id } of unit.tasks) byHand.set(id, left);
  const again = new Set([...open, ...unit.tasks.map(({ id }) => id), ...ancestorsOf(unit.id)]);
  if (open.length > 0) {
    adopt(work, { ...plan, tasks: plan.tasks.filter(({ id }) => !open.includes(id)) });
    sayDecided(work, `plan/taken/${unit.id}/${String(current.revision)}`, { by: 'person' });
  }
  schedule.revise(unitsOf(current.plan), again);
}

/** Ends what is done of a task's unit; where it was worked on. Where a person works on it, they go on with it in the next attempt. */
async function giveUp(
  { work, active, byHand, schedule }: Dispatching,
  { task, why }: { readonly task: string; readonly why: string },
): Promise<Site | undefined> {
  const unit = schedule?.runningWith(task);
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
  // What a person does stays theirs, in the folder that they know.
  if (site.hand) for (const { id } of unit.tasks) byHand.set(id, site);
  if (site.hand) await removeTested(work.run, key, `${unit.id}-${attempt}`);
  if (site.hand) return site;
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
export function adopt({ run, current }: Work, plan: PlanSpec): void {
  const { bus, crew } = run.team;
  const isDone = ({ id }: TaskSpec): boolean => crew.tasks.get(id)?.state === 'done';
  if (run.settings.restartsParts === true)
    for (const whole of wholesReworded(current.plan, plan))
      if (plan.tasks.some((task) => isBelow(task.id, whole) && isDone(task))) current.outgrown.add(whole);
  current.plan = plan;
  current.revision += 1;
  bus.name(plan.tasks.map(({ id }) => id));
  const ids = new Set(plan.tasks.map(({ id }) => id));
  for (const id of crew.tasks.keys()) if (!ids.has(id)) crew.tasks.delete(id);
  for (const spec of plan.tasks)
    crew.tasks.set(spec.id, { spec, state: crew.tasks.get(spec.id)?.state ?? 'waiting' });
}

/** Decides anew how many work at once; `over`: a unit that is about to end. */
export async function resize(dispatching: Dispatching, when: string, over?: Unit): Promise<void> {
  const { work, size, schedule } = dispatching;
  schedule?.atOnce(await size.decide(`${work.current.revision}/${when}`, remaining(dispatching, over)));
}

/** What is at work, and what is still to come. */
export function remaining({ work, active, schedule }: Dispatching, over?: Unit): Remaining {
  const open = unitsOf(work.current.plan).filter(
    ({ id, tasks }) => id !== over?.id && tasks.some((task) => schedule?.endOf(task.id) === undefined),
  );
  return {
    atWork: open.filter(({ id }) => active.has(id)),
    waiting: open.filter(({ id }) => !active.has(id)),
  };
}

/** True where the person does the unit next. */
export const isByHand = ({ byHand }: Dispatching, { tasks }: Unit): boolean =>
  tasks.some(({ id }) => byHand.has(id));
