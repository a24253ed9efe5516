/**
 * Roles of the project that nobody has approved are offered to the person in the moment in which somebody wants one. That is one question,
 * however many want it, and it belongs to the run: it stays where whoever wanted the role is given up meanwhile.
 */
import { PermissionAnswer } from '../../../protocol/answers.ts';
import { permissionDetail } from '../../../protocol/permission-detail.ts';
import type { Actor } from '../../../protocol/events.ts';
import type { Steps } from '../../ports.ts';
import type { FoundRole } from '../../team/role-file.ts';
import type { RoleRegistry } from '../../team/registry.ts';
import type { Run } from '../run.ts';

/** Who wants a role, and what for. */
export interface Wanting {
  /** Of the wait for the answer. */
  readonly key: string;
  readonly who: Actor;
  /** What it is to do at once. */
  readonly why: string;
  /** The role of the house that does it where the person says no. */
  readonly instead: string;
}

/** The role of the house that comes nearest to one of the person's own. */
export const houseRoleFor = (roles: Pick<RoleRegistry, 'writes'>, name: string): string =>
  roles.writes(name) ? 'coder' : 'researcher';

/** Whether the person lets a role of the project be used as its file reads. `wanting`: absent where a plan names it. */
export async function isAllowed(run: Run, found: FoundRole, wanting?: Wanting): Promise<boolean> {
  const { role, digest } = found;
  const ask = (steps: Steps): Promise<boolean> => askPerson(run, steps, { found, wanting });
  const title = titleOf(found);
  const { key = nameOf(found), who } = wanting ?? {};
  const allow =
    run.settings.offersRoles === true
      ? await run.away({ key, who, title }, () => run.offers(digest, ask))
      : await ask(run.steps);
  if (!allow) run.refusedRoles.add(digest);
  // The file may have been read anew while the person looked at it.
  for (const each of [found, run.roleFiles.get(role.name)])
    if (allow && each?.digest === digest) each.approved = true;
  return allow;
}

const nameOf = ({ role, digest }: FoundRole): string => `role/${role.name}/${digest.slice(0, 16)}`;
const titleOf = ({ role }: FoundRole): string =>
  `Use the role "${role.name}" of this project? Its file tells an agent what to do.`;

async function askPerson(
  run: Run,
  steps: Steps,
  { found, wanting }: { readonly found: FoundRole; readonly wanting: Wanting | undefined },
): Promise<boolean> {
  const { role, text, digest } = found;
  const name = nameOf(found);
  // All that the planner and the agent are told of it, and what it may spend.
  const what = `${role.path}\ntools: ${role.tools.join(', ')}\n\n${text}`;
  const answer = PermissionAnswer.parse(
    await steps.signal(name, {
      kind: 'permission',
      title: titleOf(found),
      detail: wanting ? permissionDetail(what, wanting.why) : what,
      options: ['Allow', 'Deny'],
      ...(wanting && { who: wanting.who }),
      role: { name: role.name, ...(wanting && { instead: wanting.instead }) },
    }),
  );
  if (!answer.allow) return false;
  const spec = { kind: 'policy' as const, title: `Remember that "${role.name}" is approved`, input: digest };
  await steps.step(`${name}/approve`, spec, async () => {
    await run.ports.roles?.approve(digest);
    return null;
  });
  return true;
}
