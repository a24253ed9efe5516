/** What a message is: whom it is for, of what kind, how urgent. */
import type { Actor, EventData } from '../../protocol/events.ts';

/** A posted message; `id` is its key in the journal. */
export interface Message extends EventData<'message.posted'> {
  readonly id: string;
}

/** Somebody who can be written to. */
export interface Member {
  /** Id of the agent. */
  readonly agent: string;
  readonly role: string;
  readonly task?: string | undefined;
  /** Topics it listens to, `#` included. */
  readonly topics?: ReadonlySet<string> | undefined;
}

/** Names by which somebody is meant already: no role of the person's own and no task is called so. */
export const TAKEN_NAMES: ReadonlySet<string> = new Set(
  'planner coder qa reviewer researcher documenter synthesizer person user you team host system quartet all everybody'.split(
    ' ',
  ),
);

/** Whether an address is a topic: whoever follows it is meant. */
export const isTopic = (address: string): boolean => address.startsWith('#');

/** The topic of that name, as a plan writes it: with `#` or without. */
export const topicOf = (name: string): string => `#${name.trim().replace(/^#/, '').toLowerCase()}`;

/** An address as a model writes it: a role may have an `@`. */
export function addressIn(to: string): string {
  const plain = to.trim().replace(/^@/, '');
  if (isTopic(plain)) return topicOf(plain);
  return plain === 'all' || plain === 'everybody' ? 'team' : plain;
}

/** A role never hears itself; a task id as address reaches whoever works on it. */
export function isFor(
  { from, by, task, to }: Pick<Message, 'from' | 'by' | 'task' | 'to'>,
  member: Member,
): boolean {
  if (by === member.agent || (from === member.role && task === member.task)) return false;
  if (isTopic(to)) return member.topics?.has(to) === true;
  return to === 'team' || to === member.role || to === member.task || to === member.agent;
}

export const kindOf = ({ kind = 'notification' }: Pick<Message, 'kind'>): NonNullable<Message['kind']> =>
  kind;

/** Header of a heartbeat: the key of the step that is alive. */
const STEP = 'step';

/** A sign of life of an agent in a step. */
export const heartbeat = (
  { role, agent, task }: Pick<Actor, 'role' | 'agent' | 'task'>,
  step: string,
): Message => ({
  id: step,
  from: role,
  to: 'host',
  text: '',
  kind: 'heartbeat',
  headers: { [STEP]: step },
  ...(agent !== undefined && { by: agent }),
  ...(task !== undefined && { task }),
});

export const isHeartbeat = (message: Pick<Message, 'kind'>): boolean => kindOf(message) === 'heartbeat';

/** The step that a heartbeat is of. */
export const stepOf = ({ headers }: Pick<Message, 'headers'>): string => headers?.[STEP] ?? '';

const RANKS = { high: 0, normal: 1, low: 2 };

/** The urgent first. */
export const rankOf = ({ priority = 'normal' }: Pick<Message, 'priority'>): number => RANKS[priority];
