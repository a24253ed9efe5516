/** How many a unit is given to, and what tells them apart. Pure. */
import type { Variant } from '../../../protocol/candidates.ts';
import type { TaskSpec } from '../../../protocol/plan.ts';
import type { Left } from '../../team/purse.ts';
import { endpointsFor } from '../../team/routes.ts';
import type { Unit } from '../plan/graph.ts';
import type { Run } from '../run.ts';

type Team = Pick<Run, 'settings' | 'roles'>;

/** Of a task that only reads: how many opinions are wanted on it. */
export function candidatesOfTask({ settings, roles }: Team, task: TaskSpec): number {
  const { bestOf, consensus } = settings;
  if (roles.writes(task.role)) return task.candidates ?? bestOf?.candidates ?? 1;
  if (consensus === undefined || consensus.when === 'never') return 1;
  return task.candidates ?? (consensus.when === 'always' ? consensus.voters : 1);
}

/**
 * As many as the task of the unit that wants most. What is made of sub-tasks, or will be, is nothing to choose from as a whole, and
 * neither are opinions on one of several tasks that are gated together.
 */
export function candidatesOf(team: Team, { tasks, parts }: Pick<Unit, 'tasks' | 'parts'>): number {
  if (parts || tasks.some(({ expand }) => expand === true)) return 1;
  const counted = tasks.length === 1 ? tasks : tasks.filter(({ role }) => team.roles.writes(role));
  return Math.max(1, ...counted.map((task) => candidatesOfTask(team, task)));
}

/** It only reads: what several come to are opinions, none of which is merged. */
export const isQuestion = ({ roles }: Pick<Run, 'roles'>, { tasks }: Pick<Unit, 'tasks'>): boolean =>
  tasks.every(({ role }) => !roles.writes(role));

/** What one candidate will likely take; cost is null where it is not known. */
export interface Need {
  readonly tokens: number;
  readonly costUsd: number | null;
}

/** Agents that a candidate needs at least: its author and its reviewer. */
export const AGENTS_EACH = 2;

/** How many of the wanted candidates the budget has room for, beside what other tasks will likely take. One always starts. */
export function roomFor(
  wanted: number,
  left: Left,
  { each, others }: { readonly each: Need; readonly others: Need },
): number {
  const room = (rest: number | undefined, taken: number | null, need: number | null): number => {
    if (rest === undefined || need === null || need <= 0) return wanted;
    return Math.floor((rest - (taken ?? 0)) / need);
  };
  const most = Math.min(
    wanted,
    room(left.tokens, others.tokens, each.tokens),
    room(left.costUsd, others.costUsd, each.costUsd),
    room(left.agents, 0, AGENTS_EACH),
  );
  return Math.max(1, most);
}

/** What the candidates of a role are, first to last: as the settings say, else its endpoints in turn. */
export function variantsFor(role: string, count: number, { settings, roles }: Team): readonly Variant[] {
  const given = settings.bestOf?.variants ?? [];
  const own = endpointsFor(roles.get(role), settings);
  return Array.from({ length: count }, (_, at): Variant => {
    const variant = given[at];
    if (variant) return variant;
    const endpoint = own.length > 1 ? own[at % own.length]?.id : undefined;
    return endpoint === undefined ? {} : { endpoint };
  });
}
