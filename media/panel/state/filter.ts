/** Which entries of the conversation are shown, and what is looked for in them. */
import type { Actor } from '../../../src/protocol/events.ts';
import type { FeedItem } from '../../../src/protocol/view.ts';
import { roleOf } from './names.ts';

export interface Filter {
  /** Words that are looked for; the entries around them stay. */
  readonly text: string;
  /** Empty: everybody. */
  readonly role: string;
  /** Empty: every task. */
  readonly task: string;
  /** Id of one of the agents that had that role in that task, such as that of its second attempt; absent: all of them. */
  readonly agent?: string | undefined;
  /** The part with such words that is shown now, as `state/find.ts` names it. */
  readonly at?: At | undefined;
  /** The person called for the search: each is a wish of its own to type into it. */
  readonly called?: object;
}

/** Each is a wish of its own to see that part. */
export interface At {
  readonly part: string;
}

export const NO_FILTER: Filter = { text: '', role: '', task: '' };

/** Who speaks, or is spoken to, in an entry. */
function rolesOf(item: FeedItem): readonly string[] {
  switch (item.kind) {
    case 'said':
    case 'tool':
      return [item.who.role];
    case 'message':
      return [roleOf(item.from), roleOf(item.to)];
    case 'gate':
      return ['qa'];
    case 'review':
      return ['reviewer'];
    case 'consensus':
      return [item.role, ...(item.asker === undefined ? [] : [roleOf(item.asker)])];
    case 'note':
      return ['host'];
  }
}

function taskOf(item: FeedItem): string | undefined {
  return 'who' in item ? item.who.task : 'task' in item ? item.task : undefined;
}

/** The entries that fit, in their order; all of them where nothing is asked for. */
export function filtered(feed: readonly FeedItem[], { role, task, agent }: Filter): readonly FeedItem[] {
  if (role === '' && task === '' && agent === undefined) return feed;
  return feed.filter(
    (item) =>
      (role === '' || rolesOf(item).includes(role)) &&
      (task === '' || taskOf(item) === task) &&
      (agent === undefined || !('who' in item) || item.who.agent === agent),
  );
}

/** The agents that had a role in a task, by their ids, in the order of their first words or deeds; nobody unless both are named. */
export function agentsOf(feed: readonly FeedItem[], { role, task }: Filter): ReadonlyMap<string, Actor> {
  const all = role === '' || task === '' ? [] : filtered(feed, { ...NO_FILTER, role, task });
  const actors = all.flatMap((item) => ('who' in item ? [item.who] : []));
  return new Map(
    actors.flatMap((who) =>
      who.agent === undefined || who.role !== role ? [] : [[who.agent, who] as const],
    ),
  );
}

/** Who takes part in a conversation, in the order of their first entries. */
export const speakersOf = (feed: readonly FeedItem[]): readonly string[] => [
  ...new Set(feed.flatMap(rolesOf)),
];
