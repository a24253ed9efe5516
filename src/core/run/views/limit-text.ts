/** What people are told of a limit that a run came to. */
import type { EventData } from '../../../protocol/events.ts';

/** By the name in the journal: what there may be so many of. */
const COUNTED: Readonly<Record<string, string>> = {
  turns: 'turns of an agent',
  messages: 'messages of an agent',
  messageIds: 'messages that are told from new ones',
  facts: 'facts of the team',
  attempts: 'attempts at a task',
  replans: 'times that the plan is thought of anew',
  tasks: 'tasks of a plan',
  depth: 'levels of sub-tasks',
  background: 'commands in the background',
  parked: 'agents that wait outside the team',
  questions: 'questions to you',
  questionsOpen: 'questions to you at a time',
  revisions: 'times that a change is sent back',
  planning: 'attempts at a plan',
  gateRounds: 'rounds to make the tests pass',
  reviewRounds: 'rounds after reviews',
  conflictRounds: 'rounds over conflicts',
  'qa.checksMax': 'type checks, lints and builds',
};

/** One line, without a full stop. A limit of another version keeps its name. */
export function limitText({ limit, value }: Pick<EventData<'limit.reached'>, 'limit' | 'value'>): string {
  const counted = Object.hasOwn(COUNTED, limit) ? COUNTED[limit] : undefined;
  return `Limit reached: ${String(value)} ${counted ?? `(${limit})`}`;
}
