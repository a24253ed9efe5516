/** The part of the fold that keeps what the team shares. */
import type { JournalLine } from '../../protocol/events.ts';
import type { MessageView, TeamView } from '../../protocol/team-view.ts';
import { keyInStory } from './upgrade.ts';

export const NO_TEAM: TeamView = { messages: [] };

/** Messages that a view holds. */
const MESSAGES_MAX = 500;

/** What the team shares after a line. */
export function teamAfter(team: TeamView, line: JournalLine): TeamView {
  const messages = messagesAfter(team.messages, line);
  return messages === team.messages ? team : { ...team, messages };
}

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
      return [...former, posted].slice(-MESSAGES_MAX);
    }
    case 'message.delivered': {
      const { agent } = line.data;
      return line.data.messages.reduce(
        (all, key) => changed(all, key, ({ readBy }) => ({ state: 'read', readBy: [...readBy, agent] })),
        messages,
      );
    }
    case 'message.dead': {
      const { message, why } = line.data;
      return changed(messages, message, () => ({ state: 'dead', why }));
    }
    default:
      return messages;
  }
}

function changed(
  messages: readonly MessageView[],
  key: string,
  to: (message: MessageView) => Partial<MessageView>,
): readonly MessageView[] {
  const inStory = keyInStory(key);
  return messages.map((each) => (each.key === inStory ? { ...each, ...to(each) } : each));
}
