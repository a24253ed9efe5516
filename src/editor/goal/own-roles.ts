/** The person's own roles, as a goal may name them. What nobody has approved is told by its name alone. */
import type { RoleText } from '../../core/ports.ts';
import { judgeRoles } from '../../core/team/role-files.ts';
import type { RoleMention } from '../../protocol/mentions.ts';

export const ownRoles = (files: readonly RoleText[]): readonly RoleMention[] =>
  judgeRoles(files).flatMap(({ role, approved }) =>
    role === undefined
      ? []
      : [{ kind: 'role', name: role.name, ...(approved && { about: role.description }) }],
  );
