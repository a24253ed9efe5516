/** A script: what each role says, turn by turn. Data that plays the models' part in demos, scenarios and the protocol server. */
import * as z from 'zod';
import { PortError } from '../ports.ts';
import type { ChatMessage, ModelReply, ModelRequest, ToolCall } from './contract.ts';

/** One tool call. `args` as text is sent as it is, for scripts about models that write broken JSON. */
const ScriptCall = z.strictObject({
  tool: z.string().min(1),
  args: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
});

const replyWords = {
  /** 1-based turn that this answers; absent: the one after the reply before it. `any` answers whenever its `when` is found. */
  turn: z.union([z.int().min(1), z.literal('any')]).optional(),
  /** Text that must stand in what was said since the asker's last reply. */
  when: z.string().min(1).optional(),
  content: z.string().default(''),
  reasoning: z.string().optional(),
  calls: z.array(ScriptCall).default([]),
  finish: z.enum(['stop', 'tool_calls', 'length', 'content_filter']).optional(),
};

const ScriptReply = z
  .strictObject(replyWords)
  .refine((reply) => reply.turn !== 'any' || reply.when !== undefined, {
    message: 'a reply for any turn needs a `when`, or it would repeat for ever',
  })
  .refine((reply) => reply.content !== '' || reply.calls.length > 0 || reply.finish !== undefined, {
    message: 'a reply says something or calls a tool',
  });
export type ScriptReply = z.infer<typeof ScriptReply>;

/** The replies of one role; of one task, attempt or candidate only, if named. */
const ScriptAgent = z.strictObject({
  role: z.string().min(1),
  task: z.string().optional(),
  attempt: z.int().min(1).optional(),
  candidate: z.int().min(1).optional(),
  replies: z.array(ScriptReply).min(1),
});
type ScriptAgent = z.infer<typeof ScriptAgent>;

export const Script = z.strictObject({
  title: z.string().min(1),
  /** What the person asks for. */
  goal: z.string().optional(),
  /** How fast it is told to a person who watches; absent: at once. */
  pace: z
    .strictObject({
      /** Before the first word. */
      thinkMs: z.number().min(0).default(0),
      /** Between pieces. */
      pieceMs: z.number().min(0).default(0),
    })
    .optional(),
  agents: z.array(ScriptAgent).min(1),
});
export type Script = z.infer<typeof Script>;

/** Reads a script. Errors: `script.invalid`, naming each place that is wrong. */
export function parseScript(text: string): Script {
  const checked = Script.safeParse(readJson(text));
  if (checked.success) return checked.data;
  throw new PortError('script.invalid', `The script is not valid.\n${z.prettifyError(checked.error)}`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PortError('script.invalid', `The script is not JSON: ${String(error)}`, { cause: error });
  }
}

/** Who asks, for which turn, and what was said since its last reply. */
export interface Asker {
  readonly role: string;
  readonly task?: string | undefined;
  readonly attempt: number;
  readonly candidate?: number | undefined;
  readonly turn: number;
  readonly recent: string;
}

/** The asker of a request. */
export const askerOf = (request: ModelRequest): Asker => ({
  role: request.role,
  task: request.task,
  attempt: request.attempt,
  candidate: request.candidate,
  turn: request.turn,
  recent: recentText(request.messages),
});

/** Everything said after the last message of the assistant. */
function recentText(messages: readonly ChatMessage[]): string {
  const last = messages.findLastIndex((message) => message.role === 'assistant');
  return messages
    .slice(last + 1)
    .map((message) => message.content)
    .join('\n');
}

/**
 * The one reply for this asker: a function of the script and the asker alone, so parallel agents and resumed runs get the same.
 * The agent named most closely is looked at first. Errors: `endpoint.failed` when the script has none: it never repeats itself.
 */
export function findReply(script: Script, asker: Asker): ScriptReply {
  const agents = script.agents
    .filter((agent) => plays(agent, asker))
    .toSorted((one, other) => closeness(other) - closeness(one));
  for (const agent of agents) {
    const reply = numbered(agent.replies).find((each) => answers(each, asker))?.reply;
    if (reply !== undefined) return reply;
  }
  throw new PortError('endpoint.failed', `The script "${script.title}" has no reply for ${told(asker)}.`, {
    advice: 'The conversation went another way than the script. Add a reply for this turn, or use a model.',
  });
}

const plays = (agent: ScriptAgent, asker: Asker): boolean =>
  agent.role === asker.role &&
  (agent.task === undefined || agent.task === asker.task) &&
  (agent.attempt === undefined || agent.attempt === asker.attempt) &&
  (agent.candidate === undefined || agent.candidate === asker.candidate);

const closeness = (agent: ScriptAgent): number =>
  (agent.task === undefined ? 0 : 4) +
  (agent.candidate === undefined ? 0 : 2) +
  (agent.attempt === undefined ? 0 : 1);

interface Numbered {
  readonly turn: number | 'any';
  readonly reply: ScriptReply;
}

function numbered(replies: readonly ScriptReply[]): readonly Numbered[] {
  let before = 0;
  return replies.map((reply) => {
    const turn = reply.turn ?? before + 1;
    if (turn !== 'any') before = turn;
    return { turn, reply };
  });
}

const answers = ({ turn, reply }: Numbered, asker: Asker): boolean =>
  (turn === 'any' || turn === asker.turn) && (reply.when === undefined || asker.recent.includes(reply.when));

const told = ({ role, task, attempt, candidate, turn }: Asker): string =>
  `${role}, ${task === undefined ? '' : `task ${task}, `}attempt ${attempt}, ${candidate === undefined ? '' : `candidate ${candidate}, `}turn ${turn}`;

/** A reply's tool calls as a model writes them, with ids that are unique within the conversation. */
export const callsOf = (reply: ScriptReply, turn: number): readonly ToolCall[] =>
  reply.calls.map(({ tool, args }, index) => ({
    id: `call_${turn}_${index + 1}`,
    name: tool,
    arguments: typeof args === 'string' ? args : JSON.stringify(args),
  }));

/** How a reply ends, if the script does not say. */
export const finishOf = (reply: ScriptReply): ModelReply['finish'] =>
  reply.finish ?? (reply.calls.length > 0 ? 'tool_calls' : 'stop');

/** A text in small pieces of whole words, as a model streams it. */
export const piecesOf = (text: string): readonly string[] => text.match(/\s*\S+(\s+$)?|^\s+$/g) ?? [];
