/** Talking to people and teammates: code over signals, records and the bus, never a step of its own. */
import { QuestionAnswer } from '../../protocol/answers.ts';
import { plainText } from '../policy/terminal-text.ts';
import { addressIn, type Message } from '../team/message.ts';
import { error, ok, type Observation, type Tool } from './contract.ts';
import { taintOf } from './outward.ts';
import { AskUser, PostMessage } from './talk.ts';
import type { ToolUse } from './use.ts';

export async function talk(key: string, tool: Tool, args: unknown, use: ToolUse): Promise<Observation> {
  switch (tool.name) {
    case 'ask_user':
      return question(key, AskUser.parse(args), use);
    default:
      return post(key, PostMessage.parse(args), use);
  }
}

async function question(key: string, ask: AskUser, use: ToolUse): Promise<Observation> {
  if (!use.stance.interactive)
    return ok('Nobody can be asked in this run. Decide yourself and say in your result what you decided.');
  const value = await use.steps.signal(`question/${key}`, {
    kind: 'question',
    title: plainText(ask.question),
    who: use.who,
    ...(ask.options && { options: ask.options.map(plainText) }),
  });
  return ok(`The person answers: ${QuestionAnswer.parse(value).text}`);
}

/** Who speaks is stamped here (I7). A message that nobody can get is not posted, and its author hears why. */
function post(key: string, { to, text, priority }: PostMessage, use: ToolUse): Observation {
  const { role, agent, task } = use.who;
  const message: Message = {
    id: key,
    from: role,
    to: addressIn(plainText(to)),
    text: plainText(text),
    ...(agent !== undefined && { by: agent }),
    ...(task !== undefined && { task }),
    ...(priority !== undefined && priority !== 'normal' && { priority }),
    ...taintOf(use.taint),
  };
  if (message.to.startsWith('#')) use.topics.add(message.to);
  const posting = use.bus.post(message);
  if (!posting.taken) {
    const { limit, why } = posting;
    if (limit !== undefined)
      use.steps.record({
        type: 'limit.reached',
        key,
        data: { limit: 'messages', value: limit, who: use.who },
      });
    return error(why);
  }
  const { id: _key, ...data } = message;
  use.steps.record({ type: 'message.posted', key, data });
  return ok(`Sent to ${message.to}.${postscript(posting)}`);
}

function postscript({
  recipients,
  crowded,
}: {
  recipients: readonly string[];
  crowded: readonly string[];
}): string {
  if (crowded.length > 0) return ` Much waits unread for ${crowded.join(', ')}: send no more than you must.`;
  return recipients.length === 0 ? ' Nobody of them works now; whoever comes reads it.' : '';
}
