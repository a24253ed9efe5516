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
import { changesFiles, type OwnRole } from './role-file.ts';

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
  has(name: string): boolean;
  /** Of every role there is. */
  readonly names: readonly string[];
  /** Names that a task may ask for now. */
  readonly forTasks: readonly string[];
  /** True for roles whose tasks end with a change. */
  writes(name: string): boolean;
  /** The person's own, as they were read last. */
  own(name: string): OwnRole | undefined;
  /** Puts these in the place of the person's own roles; agents that live keep what they are. */
  take(roles: readonly OwnRole[]): void;
}

/** Roles of the house that leave no change. */
const READERS: ReadonlySet<string> = new Set(['researcher', 'reviewer']);

/** Roles that were read: every run has the same. */
const READ = new Map<string, Role>();

function builtIn(name: string, text: string): Role {
  const role = READ.get(name) ?? parseRole(text, `${name}.md`);
  READ.set(name, role);
  return role;
}

export function createRegistry(): RoleRegistry {
  const roles = new Map(Object.entries(BUILT_IN).map(([name, text]) => [name, builtIn(name, text)]));
  let own: ReadonlyMap<string, OwnRole> = new Map();
  const find = (name: string): Role | undefined => roles.get(name) ?? own.get(name);
  return {
    get(name) {
      const role = find(name);
      if (!role) throw new PortError('role.unknown', `There is no role "${name}".`);
      return role;
    },
    has: (name) => find(name) !== undefined,
    get names() {
      return [...new Set([...roles.keys(), ...own.keys()])];
    },
    get forTasks() {
      return [...TASK_ROLES, ...own.keys()];
    },
    writes(name) {
      const role = own.get(name);
      return role ? changesFiles(role.tools) : !READERS.has(name);
    },
    own: (name) => own.get(name),
    take(taken) {
      own = new Map(taken.map((role) => [role.name, role]));
    },
  };
}
