/**
 * The person's own roles in a run. They are looked for in a step where a plan is made or changed, so that one that was added meanwhile
 * can be used from the next plan on; what was read stands in the record. A role of the workspace is text of strangers: until the person
 * has approved it as it reads, nobody is told more of it than its name, and no agent is made of it.
 */
import { QuestionAnswer } from '../../../protocol/answers.ts';
import type { NewRoleSpec, PlanSpec, TaskSpec } from '../../../protocol/plan.ts';
import { FIRST_VERSION } from '../../../protocol/registry.ts';
import type { Caps } from '../../../protocol/settings.ts';
import { PortError, type RoleFiles } from '../../ports.ts';
import { roleFileText } from '../../team/new-role.ts';
import { createRegistry, type RoleRegistry } from '../../team/registry.ts';
import {
  readRoleFile,
  WORKSPACE_ROLES,
  type FoundRole,
  type OwnRole,
  type RoleOrigin,
} from '../../team/role-file.ts';
import { judgeRoles } from '../../team/role-files.ts';
import type { Run } from '../run.ts';
import { isAllowed, type Wanting } from './role-offers.ts';
import { sayKept, sayProblems, sayUnapproved } from './role-alerts.ts';

/** The roles that a plan may name now, with those that it asks for itself; for whoever checks one outside of a run. */
export async function rolesNow(
  files: RoleFiles | undefined,
  wanted: readonly NewRoleSpec[] = [],
): Promise<RoleRegistry> {
  const registry = createRegistry();
  const texts = [
    ...((await files?.list()) ?? []),
    ...wanted.map((spec) => ({ text: roleFileText(spec), ...placeOf(spec), approved: false })),
  ];
  registry.take(judgeRoles(texts).flatMap(({ role }) => role ?? []));
  return registry;
}

/** Where a role that a planner asks for would lie: it is judged as a workspace's. */
const placeOf = ({ name }: NewRoleSpec) => ({
  from: 'workspace' as const,
  path: `${WORKSPACE_ROLES}/${name}.md`,
});

/** Looks for the person's own roles, where the run uses them. `when` is part of the step's key. */
export async function lookForRoles(run: Run, when: string): Promise<void> {
  if (run.settings.ownRoles !== true) return;
  const spec = { kind: 'detect' as const, title: 'Look for your own roles', input: null };
  const texts = await run.steps.step(`roles/${when}`, spec, async () => [
    ...((await run.ports.roles?.list()) ?? []),
  ]);
  const found = new Map<string, FoundRole>();
  const endpoints = run.settings.endpoints.map(({ id }) => id);
  for (const { text, approved, path, role, problems, behind, unread } of judgeRoles(texts, endpoints)) {
    const digest = run.ports.hasher.sha256(text);
    // What is wrong beside others is not told by the text alone.
    const told = (behind ?? unread) ? run.ports.hasher.sha256(`${path}\n${text}`) : digest;
    if (problems.length > 0) sayProblems(run, { path, digest: told, problems });
    const isRefused = run.refusedRoles.has(digest);
    if (role && !isRefused && !found.has(role.name))
      found.set(role.name, {
        role: within(run, role),
        text,
        digest,
        approved:
          approved ||
          (run.roleFiles.get(role.name)?.digest === digest &&
            run.roleFiles.get(role.name)?.approved === true),
      });
  }
  keepApproved(run, found, new Set(texts.map(({ path }) => path)));
  use(run, found);
}

/**
 * A role that may be used stays as it was where its file cannot be used as it reads now, and where tasks of the plan need it though the
 * file is gone.
 */
function keepApproved(run: Run, found: Map<string, FoundRole>, paths: ReadonlySet<string>): void {
  const needed = new Set([...run.team.crew.tasks.values()].map(({ spec }) => spec.role));
  for (const [name, former] of run.roleFiles) {
    const [now, isThere] = [found.get(name), paths.has(former.role.path)];
    if (!former.approved || now?.approved === true || !(isThere || needed.has(name))) continue;
    found.set(name, former);
    sayKept(run, former, now ?? (isThere ? 'unusable' : 'gone'));
  }
}

/** A role of the workspace may be held shorter than the person's own limit, never longer. */
function within({ settings: { limits } }: Run, role: OwnRole): OwnRole {
  const { from, turns } = role;
  return from === 'workspace' && turns !== undefined
    ? { ...role, turns: Math.min(turns, limits.turns) }
    : role;
}

/** What nobody can approve is left out. */
function use(run: Run, found: ReadonlyMap<string, FoundRole>): void {
  run.roleFiles.clear();
  for (const [name, each] of found) {
    if (each.approved || run.settings.interactive) run.roleFiles.set(name, each);
    else sayUnapproved(run, each);
  }
  const roles = [...run.roleFiles.values()].map(({ role }) => role);
  run.roles.take(roles);
  run.team.purse.limit({
    roles: Object.fromEntries(roles.map(({ name, caps }): [string, Caps] => [name, caps])),
  });
}

/**
 * Why no agent may be made of the role now (I8); undefined: one may. Of a role that nobody has approved a plan may speak, since the person
 * is asked before it is carried out.
 */
export function whyNoAgent({ roleFiles, roles }: Run, name: string): string | undefined {
  if (!roles.has(name)) return `The role "${name}" is not there any more.`;
  const found = roleFiles.get(name);
  if (!found || found.approved) return undefined;
  return found.proposed
    ? `There is no role "${name}" yet: the person has not taken it.`
    : `The person has not approved the role "${name}" of the project as it reads now.`;
}

/**
 * Takes up the roles that a plan asks for, as files that nobody has accepted and that do not exist yet. What is wrong with them, in words
 * for the planner. What a planner writes is a stranger's text: it is judged as a workspace's file is, and nothing of it is left out silently.
 */
export function takeProposed(run: Run, plan: PlanSpec): readonly string[] {
  const found = new Map([...run.roleFiles].filter(([, { proposed }]) => proposed !== true));
  const wanted = plan.new_roles ?? [];
  if (wanted.length === 0 && found.size === run.roleFiles.size) return [];
  const problems: string[] = [];
  for (const spec of wanted) {
    const made = proposedRole(run, spec, found);
    if ('why' in made) problems.push(...made.why);
    else found.set(spec.name, made);
  }
  use(run, found);
  return problems;
}

function proposedRole(
  run: Run,
  spec: NewRoleSpec,
  found: ReadonlyMap<string, FoundRole>,
): FoundRole | { readonly why: readonly string[] } {
  const { name } = spec;
  if (!run.settings.interactive || run.settings.ownRoles !== true)
    return { why: [`Nobody can be asked about the new role "${name}": plan without it.`] };
  if (found.has(name)) return { why: [`There is a role "${name}" already.`] };
  const text = roleFileText(spec);
  const digest = run.ports.hasher.sha256(text);
  if (run.refusedRoles.has(digest)) return { why: [`The person does not want the role "${name}".`] };
  const { role, problems } = readRoleFile(text, placeOf(spec));
  if (role === undefined || problems.length > 0)
    return { why: problems.map(({ message }) => `New role "${name}": ${message}`) };
  return { role, text, digest, approved: false, proposed: true };
}

/** What a planner is told of them; "" where there are none. */
export function rolesText(run: Run): string {
  const lines = [...run.roleFiles.values()].map(({ role, approved }) =>
    approved
      ? `- \`${role.name}\`${role.version === FIRST_VERSION ? '' : ` (version ${role.version})`}: ${role.description}${role.when === undefined ? '' : ` Choose it: ${role.when}`}${run.roles.writes(role.name) ? '' : ' It changes nothing.'}`
      : `- \`${role.name}\` (of the project; the person is asked about it before it works)`,
  );
  return lines.length === 0 ? '' : `Roles of the person's own, besides those you know:\n${lines.join('\n')}`;
}

/** Roles that a plan wants and that nobody has approved. */
export const unapprovedIn = ({ roleFiles }: Run, { tasks }: Pick<PlanSpec, 'tasks'>): readonly string[] =>
  [...new Set(tasks.map(({ role }) => role))].filter((name) => roleFiles.get(name)?.approved === false);

/** Asks about roles of the workspace that a plan wants and nobody has approved. Names of those that were refused. */
export async function admitRoles(
  run: Run,
  plan: { readonly tasks: readonly Pick<TaskSpec, 'role'>[] },
): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const name of new Set(plan.tasks.map(({ role }) => role))) {
    const found = run.roleFiles.get(name);
    if (found && !found.approved && !(await (found.proposed ? isTaken : isAllowed)(run, found)))
      refused.push(name);
  }
  if (refused.length > 0) doWithout(run, refused);
  return refused;
}

const doWithout = (run: Run, names: readonly string[]): void => {
  use(run, new Map([...run.roleFiles].filter(([name]) => !names.includes(name))));
};

/** Whether an agent may be made of a role of the project that was not approved when it was wanted. The file may change meanwhile. */
export async function mayBeMade(run: Run, name: string, wanting: Wanting): Promise<boolean> {
  for (;;) {
    const found = run.roleFiles.get(name);
    if (found?.approved === true) return true;
    if (!found || found.proposed) return false;
    if (await isAllowed(run, found, wanting)) continue;
    doWithout(run, [name]);
    return false;
  }
}

/** Answers to whether a role that the planner asks for is to be. */
const MINE = 'Keep it in my own folder';
const PROJECTS = 'Keep it in this project';
const NOT_WANTED = 'Do without it';

/** Shows the person the file that a role would be, and keeps it where they want it. */
async function isTaken(run: Run, found: FoundRole): Promise<boolean> {
  const { role, text, digest } = found;
  const name = `role/new/${role.name}/${digest.slice(0, 16)}`;
  const { text: answer } = QuestionAnswer.parse(
    await run.steps.signal(name, {
      kind: 'question',
      title: `The planner asks for a specialist, "${role.name}". Shall there be this role?`,
      detail: text,
      options: [MINE, PROJECTS, NOT_WANTED],
    }),
  );
  const to = answer === MINE ? 'person' : 'workspace';
  const spec = { kind: 'policy' as const, title: `Keep the role "${role.name}"`, input: digest };
  const isKept =
    (answer === MINE || answer === PROJECTS) &&
    (await run.steps.step(`${name}/keep`, spec, () => keep(run, found, to)));
  if (!isKept) {
    run.refusedRoles.add(digest);
    return false;
  }
  found.approved = true;
  delete found.proposed;
  return true;
}

/** False where another file has the name. A crash may have come after the file was written. */
async function keep(run: Run, { role, text, digest }: FoundRole, to: RoleOrigin): Promise<boolean> {
  const { roles } = run.ports;
  if (!roles) return false;
  const isThere = (await roles.list()).some((file) => file.from === to && file.text === text);
  if (!isThere) {
    const written = await roles.add(to, role.name, text).catch((error: unknown) => {
      if (error instanceof PortError && error.code === 'role.exists') return undefined;
      throw error;
    });
    if (written === undefined) return false;
  }
  if (to === 'workspace') await roles.approve(digest);
  return true;
}
