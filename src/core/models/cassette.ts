/**
 * Real exchanges with models, recorded to be played again: in tests, and with a bug report. What is recorded is what agents asked and
 * got; keys and headers never come here, and what looks like a secret is taken out.
 */
import * as z from 'zod';
import { createRedactor, redactAll } from '../policy/redact.ts';
import { EXACTLY } from './cassette-endpoint.ts';
import { PortError, type Hasher } from '../ports.ts';
import type { ChatMessage, ModelReply, ModelRequest, Models } from './contract.ts';
import { CallFailure } from './failure.ts';

const FORMAT = 'quartet-cassette';
const VERSION = 1;

const Header = z.object({ format: z.literal(FORMAT), version: z.literal(VERSION) });

const Message = z.looseObject({ role: z.string() });

const Reply = z.looseObject({
  content: z.string(),
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })),
  finish: z.enum(['stop', 'tool_calls', 'length', 'content_filter']),
  usage: z.looseObject({ inputTokens: z.number(), outputTokens: z.number(), estimated: z.boolean() }),
  endpoint: z.string(),
  model: z.string(),
});

const Failure = z.object({
  code: z.string(),
  message: z.string(),
  retryable: z.boolean(),
  advice: z.string().optional(),
});

const Exchange = z.object({
  role: z.string(),
  task: z.string().optional(),
  attempt: z.int(),
  candidate: z.int().optional(),
  turn: z.int(),
  /** SHA-256 of all messages. */
  digest: z.string(),
  /** The first so many messages are those of the asker's exchange before. */
  kept: z.int().min(0),
  messages: z.array(Message),
  tools: z.array(z.string()),
  reply: Reply.optional(),
  failure: Failure.optional(),
});
type Exchange = z.infer<typeof Exchange>;

/** First line of the file. */
export const CASSETTE_HEADER = `${JSON.stringify({ format: FORMAT, version: VERSION })}\n`;

interface Recorder {
  /** Takes whole lines. Must not reject: a recording that fails is no reason to stop a run. */
  readonly write: (line: string) => Promise<void>;
  readonly hasher: Hasher;
  /** Absent: always. */
  readonly isOn?: () => boolean;
}

/** The same models; every exchange that ends is written down. One that is stopped is not. */
export function recorded(models: Models, { write, hasher, isOn = () => true }: Recorder): Models {
  const before = new Map<string, readonly string[]>();
  const note = async (request: ModelRequest, end: Pick<Exchange, 'reply' | 'failure'>): Promise<void> => {
    const messages = clean(request.messages);
    const texts = messages.map((message) => JSON.stringify(message));
    const agent = agentOf(request);
    const kept = sharedStart(before.get(agent) ?? [], texts);
    before.set(agent, texts);
    const exchange: Exchange = {
      role: request.role,
      ...(request.task !== undefined && { task: request.task }),
      attempt: request.attempt,
      ...(request.candidate !== undefined && { candidate: request.candidate }),
      turn: request.turn,
      digest: hasher.sha256(JSON.stringify(texts)),
      kept,
      messages: messages.slice(kept),
      tools: request.tools.map(({ name }) => name),
      ...redactAll(end, createRedactor()),
    };
    await write(`${JSON.stringify(exchange)}\n`);
  };
  return {
    async complete(request, context) {
      if (!isOn()) return models.complete(request, context);
      try {
        const reply = await models.complete(request, context);
        const { tries: _tries, ...rest } = reply;
        await note(request, { reply: { ...rest, toolCalls: [...rest.toolCalls], usage: { ...rest.usage } } });
        return reply;
      } catch (error) {
        if (error instanceof PortError && !context.signal.aborted)
          await note(request, { failure: failureOf(error) });
        throw error;
      }
    },
  };
}

/** The messages as they may be kept. Markers are numbered within one request, so that they are the same when it is made again. */
const clean = (messages: readonly ChatMessage[]): z.infer<typeof Message>[] =>
  redactAll(
    messages.map((message) => ({ ...message })),
    createRedactor(),
  );

const failureOf = ({ code, message, retryable, advice }: PortError) => ({
  code,
  message,
  retryable,
  ...(advice !== undefined && { advice }),
});

const agentOf = ({
  role,
  task = '',
  attempt,
  candidate,
}: Pick<Exchange, 'role' | 'attempt'> & {
  readonly task?: string | undefined;
  readonly candidate?: number | undefined;
}) => `${role}/${task}/${attempt}${candidate === undefined ? '' : `.${candidate}`}`;

function sharedStart(one: readonly string[], other: readonly string[]): number {
  const differs = other.findIndex((text, index) => one[index] !== text);
  return differs === -1 ? other.length : differs;
}

/** A recorded exchange with all its messages. */
interface Played extends Exchange {
  readonly texts: readonly string[];
}

/** A cassette by who asked: `role/task/attempt/turn`. */
export type Cassette = ReadonlyMap<string, readonly Played[]>;

/** Reads a cassette. `source` names it in errors. Errors: `cassette.invalid`, naming the line. */
export function parseCassette(text: string, source: string): Cassette {
  const [first = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  if (!Header.safeParse(jsonOf(first)).success)
    throw invalid(source, 'its first line does not say that it is a cassette of this version');
  const cassette = new Map<string, Played[]>();
  const before = new Map<string, readonly string[]>();
  for (const [index, line] of lines.entries()) {
    const exchange = Exchange.safeParse(jsonOf(line));
    if (!exchange.success) throw invalid(source, `line ${index + 2} is no exchange`);
    const { data } = exchange;
    const agent = agentOf(data);
    const texts = [
      ...(before.get(agent) ?? []).slice(0, data.kept),
      ...data.messages.map((message) => JSON.stringify(message)),
    ];
    before.set(agent, texts);
    const key = `${agent}/${data.turn}`;
    cassette.set(key, [...(cassette.get(key) ?? []), { ...data, texts }]);
  }
  return cassette;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const invalid = (source: string, why: string): PortError =>
  new PortError('cassette.invalid', `${source} cannot be played: ${why}.`, {
    advice: 'Record it again with --record FILE.',
  });

/**
 * Plays cassettes. A request gets the reply to the same messages of the same asker and turn; where the messages differ, as times and
 * places in outputs do, the next recorded one of that turn, unless its endpoint wants them exactly. A request that was answered once
 * gets the same answer again. Errors: `endpoint.failed` where the cassette has none, and whatever failure was recorded.
 */
export function createCassetteModel(load: (file: string) => Promise<Cassette>, hasher: Hasher): Models {
  const cassettes = new Map<string, Promise<Cassette>>();
  const given = new Map<string, string[]>();
  return {
    async complete(request, { signal, onText }) {
      signal.throwIfAborted();
      const [endpoint] = request.endpoints;
      const file = endpoint?.script ?? '';
      const loading = cassettes.get(file) ?? load(file);
      cassettes.set(file, loading);
      const key = `${agentOf(request)}/${request.turn}`;
      const recordings = (await loading).get(key) ?? [];
      const texts = clean(request.messages).map((message) => JSON.stringify(message));
      const digest = hasher.sha256(JSON.stringify(texts));
      const seen = given.get(`${file} ${key}`) ?? [];
      if (!seen.includes(digest)) given.set(`${file} ${key}`, [...seen, digest]);
      const exact = recordings.find((each) => each.digest === digest);
      const place = seen.includes(digest) ? seen.indexOf(digest) : seen.length;
      const next =
        endpoint?.model === EXACTLY ? undefined : recordings[Math.min(place, recordings.length - 1)];
      const found = exact ?? next;
      if (found === undefined) throw notThere(file, request, { recordings, texts });
      if (found.reply === undefined) throw failureIn(found, endpoint?.id ?? '');
      onText(found.reply.content);
      const reply = found.reply as unknown as ModelReply;
      const id = endpoint?.id ?? '';
      return { ...reply, endpoint: id, tries: [{ endpoint: id, ok: true, usage: reply.usage }] };
    },
  };
}

function failureIn({ failure }: Played, endpoint: string): PortError {
  const {
    code = 'endpoint.failed',
    message = 'The recording is not whole.',
    retryable = false,
    advice,
  } = failure ?? {};
  return new CallFailure({ code, message, retryable }, [{ endpoint, ok: false, code }], { advice });
}

function notThere(
  file: string,
  { role, task, attempt, turn }: ModelRequest,
  { recordings, texts }: { readonly recordings: readonly Played[]; readonly texts: readonly string[] },
): PortError {
  const who = `${role}, ${task === undefined ? '' : `task ${task}, `}attempt ${attempt}, turn ${turn}`;
  const [first] = recordings;
  const why =
    first === undefined
      ? 'no reply for'
      : `another conversation, from message ${sharedStart(first.texts, texts) + 1} on, for`;
  return new PortError('endpoint.failed', `The cassette ${file} has ${why} ${who}.`, {
    advice:
      first === undefined
        ? 'The run went another way than the recorded one: the same goal, files and settings are needed.'
        : 'Play it without --cassette-exact, or record it again.',
  });
}
