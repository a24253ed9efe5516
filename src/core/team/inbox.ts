/**
 * What the person and teammates tell agents while they work. A message is journaled when it is posted and delivered between turns;
 * the turn's step records which ones it got, so that a replay delivers the same.
 */
import type { EventData } from '../../protocol/events.ts';

/** A posted message; `id` is its key in the journal. */
export interface Posted extends EventData<'message.posted'> {
  readonly id: string;
}

export interface Inbox {
  /** A message that is there already is not posted twice. */
  post(message: Posted): void;
  /** Messages for this agent that it has not had yet. Called inside a step. */
  waiting(agent: string, role: string, task: string | undefined): readonly Posted[];
  /** Told, outside steps, what an agent's finished turn had got. */
  delivered(agent: string, ids: readonly string[]): void;
}

export function createInbox(): Inbox {
  const posted: Posted[] = [];
  const had = new Set<string>();
  return {
    post(message) {
      if (!posted.some(({ id }) => id === message.id)) posted.push(message);
    },
    waiting: (agent, role, task) =>
      posted.filter((message) => !had.has(`${agent} ${message.id}`) && isFor(message, role, task)),
    delivered(agent, ids) {
      for (const id of ids) had.add(`${agent} ${id}`);
    },
  };
}

/** A role never hears itself; a task id as address reaches whoever works on it. */
function isFor(message: Posted, role: string, task: string | undefined): boolean {
  if (message.from === role && message.task === task) return false;
  return message.to === 'team' || message.to === role || message.to === task;
}
