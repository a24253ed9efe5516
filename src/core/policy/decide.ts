/** Whether an agent may do something: allow, ask the person, or deny (I8). Pure: the answer depends on nothing but what is given. */
import { confines, type Enforced } from '../../protocol/enforced.ts';
import { judgeCommand } from './commands.ts';
import { confine, protectedPath } from './paths.ts';

/** What a deed does to the world. `tests` runs what the host chose, `code` a program of the model's; `talk` and `submit` touch nothing. */
export type Effect = 'read' | 'edit' | 'command' | 'code' | 'tests' | 'talk' | 'submit';

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
  /** The command wants the whole network. */
  readonly network?: boolean | undefined;
}

export interface Stance {
  readonly approvals: { readonly commands: boolean };
  /** `false`: nobody can be asked. */
  readonly interactive: boolean;
  /** The project's own test command: allowed as it stands. */
  readonly testCommand?: string | undefined;
  /** What commands are held to, as recorded when the run began; absent: nothing. */
  readonly enforced?: Enforced | undefined;
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
  if (isHeld(deed, stance))
    return { decision: 'allow', why: `${why}; allowed without asking, because the sandbox holds it` };
  return { decision: 'deny', why: `${why}; nobody is asked, so it is denied` };
}

/** Whatever a command tries, the operating system keeps it in the working copy. */
function isHeld({ effect, network }: Deed, { enforced }: Stance): boolean {
  return effect === 'command' && network !== true && confines(enforced);
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
    case 'code':
      return onCode(stance);
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

/** A program of the model's is not judged by its text: either the sandbox holds it or a person reads it. */
function onCode({ enforced }: Stance): Opinion {
  if (confines(enforced)) return allow('runs in the sandbox, and what it writes is put back');
  return { decision: 'ask', why: 'it is a program that no sandbox holds', confined: false };
}

function onCommand(deed: Deed, stance: Stance): Opinion {
  const command = deed.command?.trim() ?? '';
  if (command === '') return deny('there is no command');
  const cwd = confine(deed.cwd ?? '');
  if (!cwd.ok) return deny(`cwd: ${cwd.why}`);
  if (command === stance.testCommand?.trim() && deed.network !== true)
    return allow('the test command of the project');
  const { danger, why } = judgeCommand(command, cwd.path);
  if (danger === 'forbidden') return deny(why);
  if (deed.network === true) return { decision: 'ask', why: 'it wants the network', confined: false };
  if (danger === 'usual') return allow(why);
  return { decision: 'ask', why, confined: danger === 'inside' };
}
