/** Whether an agent may do something: allow, ask the person, or deny (I8). Pure: the answer depends on nothing but what is given. */
import { judgeCommand } from './commands.ts';
import { confine, protectedPath } from './paths.ts';

/** What a deed does to the world. `tests` runs what the host chose; `talk` and `submit` touch nothing. */
export type Effect = 'read' | 'edit' | 'command' | 'tests' | 'talk' | 'submit';

export interface Deed {
  readonly tool: string;
  readonly effect: Effect;
  readonly role: string;
  /** Path it reads or changes, as the model wrote it. */
  readonly path?: string | undefined;
  /** Command line, as the model wrote it. */
  readonly command?: string | undefined;
  /** Folder of the working copy that the command runs in. */
  readonly cwd?: string | undefined;
}

export interface Stance {
  readonly approvals: { readonly commands: boolean };
  /** `false`: nobody can be asked. */
  readonly interactive: boolean;
  /** The project's own test command: allowed as it stands. */
  readonly testCommand?: string | undefined;
}

export interface Decision {
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly why: string;
}

/** What would be decided if a person could be asked, and whether the deed stays inside the working copy. */
interface Opinion extends Decision {
  readonly confined: boolean;
}

const allow = (why: string): Opinion => ({ decision: 'allow', why, confined: true });
const deny = (why: string): Opinion => ({ decision: 'deny', why, confined: false });

export function decide(deed: Deed, stance: Stance): Decision {
  const { decision, why, confined } = opinion(deed, stance);
  if (decision !== 'ask' || (stance.interactive && stance.approvals.commands)) return { decision, why };
  if (confined)
    return { decision: 'allow', why: `${why}; allowed without asking, because it stays in the working copy` };
  return { decision: 'deny', why: `${why}; nobody is asked, so it is denied` };
}

function opinion(deed: Deed, stance: Stance): Opinion {
  switch (deed.effect) {
    case 'submit':
    case 'talk':
      return allow('touches nothing');
    case 'tests':
      return allow('runs the tests of the project');
    case 'read':
    case 'edit':
      return deed.path === undefined ? allow('stays in the working copy') : onPath(deed.path, deed.effect);
    case 'command':
      return onCommand(deed, stance);
  }
}

function onPath(path: string, effect: 'read' | 'edit'): Opinion {
  const confined = confine(path);
  if (!confined.ok) return deny(confined.why);
  const guarded = protectedPath(confined.path);
  if (!guarded) return allow('inside the working copy');
  if (guarded.decision === 'deny') return deny(`${confined.path}: ${guarded.why}`);
  if (effect === 'read' && guarded.class !== 'secret') return allow('inside the working copy');
  return { decision: 'ask', why: `${confined.path}: ${guarded.why}`, confined: true };
}

function onCommand(deed: Deed, stance: Stance): Opinion {
  const command = deed.command?.trim() ?? '';
  if (command === '') return deny('there is no command');
  const cwd = confine(deed.cwd ?? '');
  if (!cwd.ok) return deny(`cwd: ${cwd.why}`);
  if (command === stance.testCommand?.trim()) return allow('the test command of the project');
  const { danger, why } = judgeCommand(command, cwd.path);
  if (danger === 'usual') return allow(why);
  if (danger === 'forbidden') return deny(why);
  return { decision: 'ask', why, confined: danger === 'inside' };
}
