/**
 * What tasks require, held against whoever would do them: the task's own role, the endpoints that its agent would ask, the tools that the
 * run has. What is lacking says who lacks it. Pure.
 */
import type { PlanSpec, TaskSpec } from '../../protocol/plan.ts';
import type { Requirement } from '../../protocol/registry.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import { TOOLS } from '../tools/catalogue.ts';
import { entriesOf, isOfEndpoints, matchOne, type Entry } from './capabilities.ts';
import { isEnabled } from './enabled.ts';
import type { RoleRegistry } from './registry.ts';
import { endpointsFor } from './routes.ts';

/** Everything that could serve a task. */
export interface Providers {
  readonly settings: RunSettings;
  readonly roles: Pick<RoleRegistry, 'get' | 'has' | 'forTasks'>;
}

/** Each thing that tasks of a plan require, with what serves it or who lacks it. */
export const requirementsIn = ({ tasks }: PlanSpec, providers: Providers): readonly Requirement[] =>
  tasks.filter(({ requires = [] }) => requires.length > 0).flatMap((task) => requirementsOf(task, providers));

type Requiring = Pick<TaskSpec, 'id' | 'role' | 'model' | 'requires'>;

function requirementsOf(task: Requiring, providers: Providers): readonly Requirement[] {
  const { id, role: name, model, requires = [] } = task;
  const { settings, roles } = providers;
  const own = roles.has(name) ? roles.get(name) : undefined;
  const asked = endpointsFor({ name, ...(own?.model && { model: own.model }), first: model }, settings);
  const has = new Set(own ? [...own.tools, ...own.submit] : []);
  const tools = enabled(settings).filter((tool) => !own || has.has(tool.name));
  // Of other roles it may only be required that they are there: what they use does not serve this task.
  const known = rolesIn(roles).map((role) => (role === own ? role : { ...role, tools: [], submit: [] }));
  const entries = entriesOf({ endpoints: asked }, { roles: known, tools });
  const rest = strangers(providers, entries, name);
  const found = requires.map((each): Requirement => {
    const { by, refused } = matchOne(each, entries);
    if (by.length > 0) return { task: id, requires: each, by: by.map(called), lacks: [] };
    const beside = matchOne(each, rest.entries).by.map((entry) => `${called(entry)}: ${rest.why(entry)}`);
    const near = refused.map(({ kind, id: of, why }) => (kind ? `${kind} ${of}: ${why}` : why));
    return { task: id, requires: each, by: [], lacks: [...near, ...beside] };
  });
  return together(found, entries);
}

const rolesIn = (roles: Providers['roles']) => roles.forTasks.map((name) => roles.get(name));
const enabled = (settings: RunSettings) =>
  [...TOOLS.values()].filter(({ name }) => isEnabled(name, settings));

const called = ({ kind, id }: Entry): string => `${kind} ${id}`;

/** What would serve if it were another's: endpoints that the role does not ask, tools that it does not have or nobody has. */
function strangers(
  { settings, roles }: Providers,
  entries: readonly Entry[],
  name: string,
): { readonly entries: readonly Entry[]; readonly why: (entry: Entry) => string } {
  const all = entriesOf(settings, { roles: rolesIn(roles), tools: [...TOOLS.values()] });
  const isOwn = ({ kind, id }: Entry): boolean =>
    kind === 'role' ? id === name : entries.some((entry) => kind === entry.kind && id === entry.id);
  return {
    entries: all.filter((entry) => !isOwn(entry)),
    why: ({ kind, id }) => {
      if (kind === 'endpoint') return `the role ${name} does not ask it`;
      if (kind === 'role') return `the task is of the role ${name}`;
      return isEnabled(id, settings) ? `the role ${name} does not have it` : 'it is not enabled';
    },
  };
}

/** One endpoint answers: each of several things may be provided and all of them by none. */
function together(found: readonly Requirement[], entries: readonly Entry[]): readonly Requirement[] {
  const endpoints = entries.filter(({ kind }) => kind === 'endpoint');
  const asked = found.filter(({ requires, by }) => by.length > 0 && isOfEndpoints(requires, endpoints));
  const lackedBy = endpoints.map((endpoint) => ({
    endpoint,
    lacks: asked.filter(({ by }) => !by.includes(called(endpoint))).map(({ requires }) => requires),
  }));
  if (asked.length < 2 || lackedBy.some(({ lacks }) => lacks.length === 0)) return found;
  const lacks = lackedBy.map(
    ({ endpoint, lacks: what }) => `${called(endpoint)}: it lacks ${what.join(', ')}`,
  );
  return found.map((each) => (asked.includes(each) ? { ...each, by: [], lacks } : each));
}

/** What is wrong with what tasks require, in words that a planner or a person can act on. */
export const unmetIn = (requirements: readonly Requirement[]): readonly string[] =>
  requirements
    .filter(({ by }) => by.length === 0)
    .map(({ task, requires, lacks }) => {
      const why = lacks.length === 0 ? 'nothing here is called so' : lacks.join('; ');
      return `Task "${task}" requires "${requires}", which nothing that would do it provides (${why}).`;
    });
