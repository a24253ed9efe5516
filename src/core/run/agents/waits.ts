/**
 * The wait-for graph (I9): who waits for whom, as far as that is known in a run or in its record. Pure.
 *
 * Who calls a model waits for its endpoint: its rate, its slots, its answer. An endpoint waits for nobody, and each call there ends by
 * limits of its own, so a way that leads there is a wait, however long, and no circle. What waits for the budget waits for those whose calls
 * hold it. The sandbox and a suite's turn hold nothing that others wait for, and are no edge.
 */
import type { TaskStateName } from '../../../protocol/events.ts';
import type { TaskSpec } from '../../../protocol/plan.ts';
import { isBelow, parentOf } from '../../../protocol/plan-tree.ts';
import { ENDPOINT, type Wait } from '../../../protocol/team-view.ts';
import type { RoleRegistry } from '../../team/registry.ts';
import { SLOT, type Crew } from '../../team/crew.ts';
import { overlaps, scopeOf } from '../plan/scopes.ts';
import type { Run } from '../run.ts';

/** A task with how far it is. */
interface Standing {
  readonly spec: TaskSpec;
  readonly state: TaskStateName;
}

const OVER: ReadonlySet<TaskStateName> = new Set(['done', 'failed', 'blocked', 'skipped']);
const IDLE: ReadonlySet<TaskStateName> = new Set(['waiting', 'ready']);

/**
 * All waits that the story knows of now: for answers, the person, slots, the budget, endpoints, tasks, files and the merge queue. `asker`: an agent that is about
 * to wait, and will have given its slot back.
 */
export function storyWaits(
  { team: { crew, purse }, roles }: Pick<Run, 'team' | 'roles'>,
  asker?: string,
): readonly Wait[] {
  const tasks = [...crew.tasks.values()];
  return [
    ...crew.open.map(({ asker, of }) => ({ who: asker, on: of, why: ASKED })),
    ...[...crew.deputies].flatMap(([who, made]) => made.map((on) => ({ who, on, why: ASKED }))),
    ...[...crew.holds].flatMap(([who, { on, why }]) =>
      on === SLOT ? slotHolders(crew, asker).map((holder) => ({ who, on: holder, why })) : [{ who, on, why }],
    ),
    ...purse.waits().map(({ who, on }) => ({ who, on, why: HELD })),
    ...[...crew.calls].map(([who, endpoint]) => callWait(who, endpoint)),
    ...taskWaits(tasks, roles),
    ...mergeWaits(tasks),
  ];
}

/** Why a call waits for others'. */
const HELD = 'its call holds the rest of the budget';

/** `endpoint`: its id. No agent and no task is called so. */
export const callWait = (who: string, endpoint: string): Wait => ({
  who,
  on: `${ENDPOINT}${endpoint}`,
  why: 'its call is under way there',
});

export const ASKED = 'it asked and waits for the answer';

/** Agents at work that wait for nobody: the others have given their slots back, or lent them to who answers them. */
function slotHolders({ atWork, holds, open, deputies }: Crew, asker: string | undefined): readonly string[] {
  const asking = new Set([asker, ...open.map((each) => each.asker), ...deputies.keys()]);
  return atWork.flatMap(({ agent }) => (asking.has(agent) || holds.has(agent) ? [] : [agent]));
}

/** Whoever stands in the merge queue waits for whoever is first in it. */
export function mergeWaits(tasks: readonly Standing[]): readonly Wait[] {
  const [first, ...others] = tasks.flatMap(({ spec, state }) => (state === 'integrating' ? [spec.id] : []));
  return others.map((who) => ({ who, on: first ?? '', why: 'the merge queue is serial' }));
}

/** What tasks that were not begun wait for: tasks before them, and those that hold files they may write. */
export function taskWaits(tasks: readonly Standing[], roles: Pick<RoleRegistry, 'writes'>): readonly Wait[] {
  const open = openParts(tasks);
  const isWhole = ({ spec }: Standing): boolean => open.has(spec.id);
  // What is made of sub-tasks holds no files itself before they are done.
  const running = tasks.filter((task) => !OVER.has(task.state) && !IDLE.has(task.state) && !isWhole(task));
  const ofParts = [...open].flatMap(([who, parts]) =>
    parts.map((on) => ({ who, on, why: 'it is done when that sub-task is' })),
  );
  return [
    ...tasks
      .filter((task) => IDLE.has(task.state))
      .flatMap((task) => [
        ...afterTasks(task.spec, tasks),
        ...(isWhole(task) ? [] : forFiles(task.spec, running, roles)),
      ]),
    ...ofParts,
  ];
}

/** Sub-tasks that are not over, by the task that they are part of. */
function openParts(tasks: readonly Standing[]): ReadonlyMap<string, readonly string[]> {
  const open = new Map<string, string[]>();
  for (const { spec, state } of tasks) {
    const parent = parentOf(spec.id);
    if (parent !== undefined && !OVER.has(state)) open.set(parent, [...(open.get(parent) ?? []), spec.id]);
  }
  return open;
}

function afterTasks(spec: TaskSpec, tasks: readonly Standing[]): readonly Wait[] {
  const within = tasks.filter((task) => isBelow(spec.id, task.spec.id)).map((task) => task.spec);
  const before = [
    ...new Set(
      [...within, spec].flatMap(({ depends_on, when }) => [...depends_on, ...(when ? [when.task] : [])]),
    ),
  ];
  return before
    .filter((id) => tasks.some((task) => task.spec.id === id && !OVER.has(task.state)))
    .map((id) => ({ who: spec.id, on: id, why: 'it comes after that task' }));
}

function forFiles(
  spec: TaskSpec,
  running: readonly Standing[],
  roles: Pick<RoleRegistry, 'writes'>,
): readonly Wait[] {
  return running
    .filter((task) => task.spec.id !== spec.id && overlaps(scopeOf(spec, roles), scopeOf(task.spec, roles)))
    .map((task) => ({ who: spec.id, on: task.spec.id, why: 'that task may write the same files' }));
}

/** The waits that lead from one to any of the others; undefined where none do. */
export function pathTo(
  waits: readonly Wait[],
  from: readonly string[],
  to: readonly string[],
): readonly Wait[] | undefined {
  const seen = new Set<string>(from);
  let paths = from
    .map((node): readonly Wait[] => waits.filter(({ who }) => who === node))
    .flat()
    .map((wait) => [wait]);
  for (let path = paths.shift(); path; path = paths.shift()) {
    const { on = '' } = path.at(-1) ?? {};
    if (to.includes(on)) return path;
    if (seen.has(on)) continue;
    seen.add(on);
    paths = [...paths, ...waits.filter(({ who }) => who === on).map((wait) => [...path, wait])];
  }
  return undefined;
}

/** One circle of waits; undefined where there is none. */
export function circleIn(waits: readonly Wait[]): readonly Wait[] | undefined {
  for (const wait of waits) {
    if (wait.who === wait.on) return [wait];
    const back = pathTo(waits, [wait.on], [wait.who]);
    if (back) return [wait, ...back];
  }
  return undefined;
}

export const waitText = ({ who, on, why }: Wait): string => `${who} waits for ${on}: ${why}`;
