/** The part of the fold that keeps what the team shares. */
import type { JournalLine } from '../../../protocol/events.ts';
import type { EndpointEntry } from '../../../protocol/registry.ts';
import {
  isUnread,
  type FactView,
  type MessageView,
  type TeamView,
  type Wait,
} from '../../../protocol/team-view.ts';
import type { RunView } from '../../../protocol/view.ts';
import { TEAM_LIMITS } from '../../limits.ts';
import { createRegistry } from '../../team/registry.ts';
import { keyInStory } from '../journal/upgrade.ts';
import { NO_SLOT, WAITS_FOR_SLOT } from '../agents/parking.ts';
import { ASKED, callWait, mergeWaits, taskWaits } from '../agents/waits.ts';
import { PERSON, SLOT } from '../../team/crew.ts';

export const NO_TEAM: TeamView = { messages: [], facts: [], guards: [], consensus: [], waits: [] };

/** A view knows the roles of the house only; one of the person's own counts as one that writes. */
const ROLES = createRegistry();

/** Times of guards that a view holds. */
const GUARDS_MAX = 100;

/** Questions to several that a view holds. */
const ANSWERED_MAX = 50;

/** Messages that a view holds: over it goes the oldest that was read, as the others can still be sent again. */
const MESSAGES_MAX = 500;

/** What the team shares after a line. */
export function teamAfter(team: TeamView, line: JournalLine): TeamView {
  const { at } = line;
  switch (line.type) {
    case 'fact.noted':
      return { ...team, facts: factsAfter(team.facts, line) };
    case 'consensus.reached': {
      const others = team.consensus.filter(({ task }) => task !== line.data.task);
      return { ...team, consensus: [...others, line.data] };
    }
    case 'consensus.answered':
      return { ...team, answered: [...(team.answered ?? []), { ...line.data, at }].slice(-ANSWERED_MAX) };
    case 'team.sized': {
      const { size: _former, ...others } = team;
      return line.data.agents < line.data.of ? { ...others, size: line.data } : others;
    }
    case 'run.finished': {
      const { size: _over, ...others } = team;
      return others;
    }
    case 'guard.fired':
      return { ...team, guards: [...team.guards, { ...line.data, at }].slice(-GUARDS_MAX) };
    default: {
      const messages = messagesAfter(team.messages, line);
      return messages === team.messages ? team : { ...team, messages };
    }
  }
}

/** As many as the team keeps, so that the view shows what its members are told. */
function factsAfter(
  facts: readonly FactView[],
  { data, seq, at }: JournalLine & { type: 'fact.noted' },
): readonly FactView[] {
  const former = facts.find(({ key }) => key === data.key);
  const others = facts.filter((fact) => fact !== former);
  const noted = { ...data, id: seq, at, ...(former && { former: { text: former.text, by: former.by } }) };
  return [...others, noted].slice(-TEAM_LIMITS.facts);
}

/** Who waits for whom: questions without an answer, tasks, the person's part, the merge queue, the budget. */
export function waitsIn(
  { tasks, agents, needs, finished, active, registry }: RunView,
  { messages }: TeamView,
): readonly Wait[] {
  if (finished) return [];
  const answered = new Set(messages.map(({ answers }) => answers && keyInStory(answers)));
  const asks = messages.filter(({ kind, key }) => kind === 'request' && !answered.has(key));
  return [
    ...asks.map(({ by, from, to }) => ({ who: by ?? from, on: to, why: ASKED })),
    ...needs.map(({ ask }) => ({
      who: ask.who?.agent ?? ask.who?.task ?? 'the run',
      on: PERSON,
      why: ask.title,
    })),
    ...taskWaits(tasks, ROLES),
    ...mergeWaits(tasks),
    ...agents
      .filter(({ state, note }) => state === 'waiting' && note === WAITS_FOR_SLOT)
      .map(({ id }) => ({ who: id, on: SLOT, why: NO_SLOT })),
    ...agents
      .filter(({ state, note }) => state === 'waiting' && note?.includes('budget') === true)
      .map(({ id, note = '' }) => ({ who: id, on: 'budget', why: note })),
    ...callWaits(agents, active, registry?.endpoints ?? []),
  ];
}

/** Calls under way at endpoints that let only so many through, or that are not well: what they wait for may last. */
function callWaits(
  agents: RunView['agents'],
  active: RunView['active'],
  endpoints: readonly EndpointEntry[],
): readonly Wait[] {
  const slow = new Map(
    endpoints
      .filter(
        ({ health, requestsPerMinute, tokensPerMinute }) =>
          health !== 'fine' || requestsPerMinute !== undefined || tokensPerMinute !== undefined,
      )
      .map((endpoint) => [endpoint.id, endpoint]),
  );
  if (slow.size === 0) return [];
  const calling = active.flatMap(({ kind, who }) => (kind === 'model' ? (who?.agent ?? []) : []));
  return agents
    .filter(({ id, endpoint }) => calling.includes(id) && slow.has(endpoint))
    .map(({ id, endpoint }) => {
      const wait = callWait(id, endpoint);
      return { ...wait, why: [wait.why, ...ratesText(slow.get(endpoint))].join('; ') };
    });
}

const ratesText = (endpoint: EndpointEntry | undefined): readonly string[] => [
  ...(endpoint?.why === undefined ? [] : [endpoint.why]),
  ...(endpoint?.requestsPerMinute === undefined
    ? []
    : [`at most ${String(endpoint.requestsPerMinute)} requests a minute`]),
  ...(endpoint?.tokensPerMinute === undefined
    ? []
    : [`at most ${String(endpoint.tokensPerMinute)} tokens a minute`]),
];

function messagesAfter(messages: readonly MessageView[], line: JournalLine): readonly MessageView[] {
  switch (line.type) {
    case 'message.posted': {
      const { data, seq, at, key = '' } = line;
      const posted: MessageView = {
        ...data,
        id: seq,
        key: keyInStory(key),
        at,
        state: 'waiting',
        readBy: [],
      };
      const { resends } = data;
      const former =
        resends === undefined ? messages : changed(messages, resends, () => ({ state: 'resent' }));
      return within([...former, posted]);
    }
    case 'message.delivered': {
      const { agent } = line.data;
      return line.data.messages.reduce(
        (all, key) => changed(all, key, ({ readBy }) => ({ state: 'read', readBy: [...readBy, agent] })),
        messages,
      );
    }
    case 'message.dead': {
      const { message, why, agent } = line.data;
      return changed(messages, message, ({ missed = [] }) =>
        agent === undefined ? { state: 'dead', why } : { missed: [...missed, { agent, why }] },
      );
    }
    default:
      return messages;
  }
}

function within(messages: readonly MessageView[]): readonly MessageView[] {
  if (messages.length <= MESSAGES_MAX) return messages;
  const read = messages.findIndex((message) => !isUnread(message));
  return messages.toSpliced(Math.max(0, read), 1);
}

function changed(
  messages: readonly MessageView[],
  key: string,
  to: (message: MessageView) => Partial<MessageView>,
): readonly MessageView[] {
  const inStory = keyInStory(key);
  return messages.map((each) => (each.key === inStory ? { ...each, ...to(each) } : each));
}
