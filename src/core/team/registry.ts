/** The roles there are. */
import coder from './roles/coder.md';
import documenter from './roles/documenter.md';
import planner from './roles/planner.md';
import qa from './roles/qa.md';
import researcher from './roles/researcher.md';
import reviewer from './roles/reviewer.md';
import synthesizer from './roles/synthesizer.md';
import { TASK_ROLES } from '../../protocol/plan.ts';
import { PortError } from '../ports.ts';
import { parseRole, type Role } from './role.ts';

const BUILT_IN: Readonly<Record<string, string>> = {
  planner,
  coder,
  qa,
  reviewer,
  researcher,
  documenter,
  synthesizer,
};

export interface RoleRegistry {
  /** Errors: `role.unknown`. */
  get(name: string): Role;
  /** Names that a task may ask for. */
  readonly forTasks: readonly string[];
}

/** Roles that were read: every run has the same. */
const READ = new Map<string, Role>();

function builtIn(name: string, text: string): Role {
  const role = READ.get(name) ?? parseRole(text, `${name}.md`);
  READ.set(name, role);
  return role;
}

export function createRegistry(): RoleRegistry {
  const roles = new Map(Object.entries(BUILT_IN).map(([name, text]) => [name, builtIn(name, text)]));
  return {
    get(name) {
      const role = roles.get(name);
      if (!role) throw new PortError('role.unknown', `There is no role "${name}".`);
      return role;
    },
    forTasks: TASK_ROLES.filter((name) => roles.has(name)),
  };
}
