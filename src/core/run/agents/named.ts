/**
 * Roles that the person names with an `@` in the goal: the planner is told that they are wanted, a quick edit is done and a question
 * answered by them. Other names are words. What stands in a fence was written by others and names nobody (I8).
 */
import { namesIn } from '../../../protocol/mentions.ts';
import type { PlanSpec } from '../../../protocol/plan.ts';
import { outsideFences } from '../../policy/untrusted.ts';
import type { Role } from '../../team/role.ts';
import { TOOLS } from '../../tools/catalogue.ts';
import type { ToolEffect } from '../../tools/contract.ts';
import type { Run } from '../run.ts';
import { admitRoles, lookForRoles } from './own-roles.ts';

const namesOf = ({ goal }: Run): readonly string[] => namesIn(outsideFences(goal));

/** Those that a task can be given to, as far as roles were looked for. */
const forTasks = (run: Run): readonly string[] =>
  namesOf(run).filter((name) => run.roles.forTasks.includes(name));

/** What a planner is told of them; "" where none is named. */
export function namedText(run: Run): string {
  const names = forTasks(run);
  return names.length === 0
    ? ''
    : `With @ the person names who they want for this goal: ${names.join(', ')}. Give each of them a task of the plan.`;
}

/** What is wrong with a plan that leaves one of them out, in words for the planner. */
export const leftOut = (run: Run, { tasks }: Pick<PlanSpec, 'tasks'>): readonly string[] =>
  forTasks(run)
    .filter((name) => !tasks.some(({ role }) => role === name))
    .map((name) => `The person wants @${name} for this goal, and no task has the role "${name}".`);

/** Who does a quick edit: the first of them that changes files, else a coder. */
export async function quickRole(run: Run): Promise<string> {
  const able = await admitted(run, 'quick', (name) => run.roles.forTasks.includes(name));
  const role = able.find((name) => run.roles.writes(name)) ?? 'coder';
  sayUnused(run, able, { role, why: 'A quick edit is the work of one, so it goes without' });
  return role;
}

/** Who answers a question: the first of them, else a researcher. */
export async function answeringRole(run: Run): Promise<string> {
  const able = await admitted(run, 'ask', (name) => run.roles.has(name));
  const role = able[0] ?? 'researcher';
  sayUnused(run, able, { role, why: 'A question is answered by one, so nobody asks' });
  return role;
}

/** Named roles of which an agent may be made. The person's own are looked for only where they can be meant. */
async function admitted(
  run: Run,
  when: string,
  isAble: (name: string) => boolean,
): Promise<readonly string[]> {
  const names = namesOf(run);
  if (names.some((name) => !run.roles.has(name))) await lookForRoles(run, when);
  const able = names.filter(isAble);
  const refused = await admitRoles(run, { tasks: able.map((role) => ({ role })) });
  return able.filter((name) => !refused.includes(name));
}

function sayUnused(run: Run, names: readonly string[], { role, why }: { role: string; why: string }): void {
  const unused = names.filter((name) => name !== role).map((name) => `@${name}`);
  if (unused.length === 0) return;
  run.steps.record({
    type: 'alert.raised',
    key: 'roles/unused',
    data: { code: 'role.unused', message: `${why} ${unused.join(', ')}.` },
  });
}

const LOOKING: ReadonlySet<ToolEffect> = new Set<ToolEffect>(['read', 'outward', 'browse', 'talk']);

/** The role as it answers a question of the person: it looks, and changes nothing. */
export const asked = (role: Role): Role => ({
  ...role,
  tools: role.tools.filter((name) => LOOKING.has(TOOLS.get(name)?.effect ?? 'edit')),
  submit: ['submit_findings'],
  prompt: `${role.prompt}\n\nThis time you do none of that work: the person asks you a question. Look at what you need, change nothing, and answer it with \`submit_findings\`.`,
});
