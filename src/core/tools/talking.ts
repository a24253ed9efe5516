/** Talking to people and teammates: code over signals, records and the bus, never a step of its own. */
import { QuestionAnswer } from '../../protocol/answers.ts';
import { TEAM_LIMITS } from '../limits.ts';
import { plainText } from '../policy/terminal-text.ts';
import { factText, type Fact } from '../team/facts.ts';
import { addressIn, isTopic, type Message } from '../team/message.ts';
import { error, ok, type Observation, type Tool } from './contract.ts';
import { haveHeard, taintOf } from './outward.ts';
import { fileHeader } from './readings.ts';
import { AskTeammate, AskUser, FactArgs, PostMessage } from './talk.ts';
import type { ToolUse } from './use.ts';

/** `origin`: the text is of teammates, who may have read anything. */
export interface Talked {
  readonly observation: Observation;
  readonly origin?: string;
}

export async function talk(key: string, tool: Tool, args: unknown, use: ToolUse): Promise<Talked> {
  switch (tool.name) {
    case 'ask_user':
      return { observation: await question(key, AskUser.parse(args), use) };
    case 'ask_teammate':
      return { observation: await use.ask(key, AskTeammate.parse(args)) };
    case 'facts':
      return facts(FactArgs.parse(args), use);
    default:
      return { observation: post(key, PostMessage.parse(args), use) };
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
  const { role, agent, task, attempt, candidate } = use.who;
  const headers = {
    ...(attempt !== undefined && { attempt: String(attempt) }),
    ...(candidate !== undefined && { candidate: String(candidate) }),
    ...fileHeader(text, use.readings),
  };
  const message: Message = {
    id: key,
    from: role,
    to: addressIn(plainText(to)),
    text: plainText(text),
    ...(agent !== undefined && { by: agent }),
    ...(task !== undefined && { task }),
    ...(priority !== undefined && priority !== 'normal' && { priority }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...taintOf(use.taint),
  };
  const request = answeredBy(message, use);
  if (request !== undefined) return respond(message, request, use);
  if (isTopic(message.to) && agent !== undefined) use.bus.follow(agent, message.to);
  const { id: _key, ...data } = message;
  const posting = use.bus.post(message, {
    taken: () => {
      use.steps.record({ type: 'message.posted', key, data });
    },
  });
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
  return ok(`Sent to ${message.to}.${postscript(message, posting)}`);
}

/**
 * The question of somebody who waits for this agent, has been read by it, and whom the message is for and nobody else. The host tells
 * that, not the model.
 */
function answeredBy(
  message: Message,
  { bus, crew }: ToolUse,
): { request: string; asker: string } | undefined {
  if (message.by === undefined || message.to === 'team' || isTopic(message.to)) return undefined;
  const unread = new Set(bus.waiting(message.by).map(({ id }) => id));
  const reached = new Map(bus.reached(message).map((member) => [member.agent, member]));
  return crew.open.find(({ request, of, asker }) => {
    const isFor = reached.size === 1 || reached.get(asker)?.task === message.to;
    return of === message.by && reached.has(asker) && isFor && !unread.has(request);
  });
}

/** An answer goes to whoever waits for it at once, past its queue. */
function respond(
  message: Message,
  { request, asker }: { request: string; asker: string },
  use: ToolUse,
): Observation {
  const response: Message = { ...message, kind: 'response', answers: request, to: asker };
  const { id, ...data } = response;
  use.steps.record({ type: 'message.posted', key: id, data });
  use.steps.record({ type: 'message.delivered', key: id, data: { agent: asker, messages: [id] } });
  use.bus.pass(response);
  use.crew.answer(request, { kind: 'answered', text: message.text, tainted: message.tainted });
  return ok(`Answered ${message.to}.`);
}

function postscript(
  { to }: Message,
  { recipients, crowded }: { recipients: readonly string[]; crowded: readonly string[] },
): string {
  if (crowded.length > 0) return ` Much waits unread for ${crowded.join(', ')}: send no more than you must.`;
  if (recipients.length > 0) return '';
  return isTopic(to)
    ? ' Nobody else follows it now; whoever does later reads it.'
    : ' Nobody of them works now; whoever comes reads it.';
}

const FACTS = 'the facts of the team';

function facts({ about, key, text, version }: FactArgs, use: ToolUse): Talked {
  if (key === undefined || text === undefined) return readFacts(about ?? key ?? '', use);
  const { role, task } = use.who;
  const noted = use.facts.note(
    { key, text: plainText(text), by: role, ...(task !== undefined && { task }), ...taintOf(use.taint) },
    version,
  );
  if (!noted.ok) {
    const { current } = noted;
    if (current) haveHeard(current.by, current.tainted, use.taint);
    const now = current ? `\n${factText(current)}` : '';
    return { observation: error(`${noted.why}${now}`), origin: FACTS };
  }
  const { fact, isFull } = noted;
  use.steps.record({ type: 'fact.noted', key: `${fact.key}/${String(fact.version)}`, data: fact });
  sayFact(fact, use);
  if (isFull) {
    const data = { limit: 'facts', value: TEAM_LIMITS.facts, who: use.who };
    use.steps.record({ type: 'limit.reached', key: 'facts', data });
  }
  return { observation: ok(`Noted as version ${String(fact.version)}.`) };
}

/** Nobody reads it as a message; whoever follows what is said of files hears it. */
function sayFact({ key, version, by, text, tainted }: Fact, { bus, who, readings }: ToolUse): void {
  const headers = fileHeader(text, readings);
  if (headers.file === undefined) return;
  bus.pass({
    id: `fact/${key}/${String(version)}`,
    from: by,
    to: '#facts',
    text: `${key}: ${text}`,
    headers: { file: headers.file },
    ...(who.agent !== undefined && { by: who.agent }),
    ...(who.task !== undefined && { task: who.task }),
    ...(tainted !== undefined && { tainted }),
  });
}

function readFacts(about: string, use: ToolUse): Talked {
  const found = use.facts.about(about, 2 * TEAM_LIMITS.factChars);
  for (const { by, tainted } of found) haveHeard(by, tainted, use.taint);
  if (found.length === 0) return { observation: ok('Nothing is noted yet.') };
  const left = use.facts.count - found.length;
  const more = left > 0 ? `\n[${String(left)} more; ask by other words.]` : '';
  return { observation: ok(`${found.map(factText).join('\n')}${more}`), origin: FACTS };
}
