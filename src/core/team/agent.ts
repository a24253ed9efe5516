/**
 * The agent loop: context, model, tool calls, observations, until a `submit_*` call or a limit. An agent is one conversation; rounds
 * (a red gate, a review) continue it.
 */
import type { Actor } from '../../protocol/events.ts';
import type { Endpoint, RunSettings } from '../../protocol/settings.ts';
import type { ChatMessage, ModelReply, ModelRequest, Models, ToolCall } from '../models/contract.ts';
import { reservation } from '../models/prices.ts';
import type { Fence } from '../policy/untrusted.ts';
import { StepFailed, type Clock, type StepContext } from '../ports.ts';
import { TOOLS, specOf } from '../tools/catalogue.ts';
import type { Tool } from '../tools/contract.ts';
import { invoke, isRead, type Invoked } from '../tools/invoke.ts';
import type { ToolUse } from '../tools/use.ts';
import type { Inbox, Posted } from './inbox.ts';
import type { Role } from './role.ts';
import { replyBrief, spentOf, spentOnFailure } from './spending.ts';

/** What all agents of a run share. */
export interface TeamWorld {
  readonly models: Models;
  readonly clock: Clock;
  readonly settings: RunSettings;
  readonly inbox: Inbox;
  /** Why a call may not start; undefined once its worst case is held. */
  readonly reserve: (key: string, worst: { tokens: number; costUsd: number | null }) => string | undefined;
  readonly settle: (key: string, spent: ReturnType<typeof spentOf> | undefined) => void;
  /** Puts text that nobody vouches for into a fence that says where it is from. */
  readonly fence: Fence;
  /** Live text on its way to views. */
  readonly onText: (key: string, who: Actor, text: string) => void;
}

/** One agent to be. */
export interface AgentSpec {
  readonly role: Role;
  readonly who: Actor & { readonly agent: string };
  /** `task/<id>/attempt/<a>/<role>` or `plan/<rev>`: where its keys begin. */
  readonly key: string;
  readonly attempt: number;
  readonly system: string;
  readonly use: Omit<ToolUse, 'granted' | 'who'>;
}

/** How a round ended. A failure is the attempt's, not the run's. */
export type RoundEnd =
  | { readonly kind: 'handover'; readonly tool: string; readonly value: unknown }
  | { readonly kind: 'failed'; readonly why: string };

export interface Agent {
  readonly who: Actor & { readonly agent: string };
  /** Says something to the agent and lets it work until it hands over. `round` is part of its keys. */
  work(say: string, round: number): Promise<RoundEnd>;
}

const REMINDER = 'Your reply had no tool call. Go on with a tool call; when the task is done, end it with ';

/** What a model step records. */
interface Turn extends ModelReply {
  readonly received: readonly Posted[];
}

/** Makes an agent and journals what it is made of; that holds for its life. */
export function createAgent(spec: AgentSpec, world: TeamWorld, promptDigest: string): Agent {
  const granted = grantedTo(spec.role);
  const endpoints = endpointsFor(spec.role.name, world.settings);
  const messages: ChatMessage[] = [{ role: 'system', content: spec.system }];
  const use: ToolUse = { ...spec.use, who: spec.who, granted };
  const state: Life = { spec, world, use, endpoints, messages, turn: 0 };
  use.steps.record({
    type: 'agent.created',
    key: spec.who.agent,
    data: {
      agent: spec.who.agent,
      role: spec.role.name,
      endpoint: endpoints[0]?.id ?? '',
      tools: [...granted.keys()],
      promptDigest,
      ...(spec.who.task !== undefined && { task: spec.who.task, attempt: spec.attempt }),
    },
  });
  return { who: spec.who, work: (say, round) => work(state, say, round) };
}

interface Life {
  readonly spec: AgentSpec;
  readonly world: TeamWorld;
  readonly use: ToolUse;
  readonly endpoints: readonly Endpoint[];
  readonly messages: ChatMessage[];
  turn: number;
}

function grantedTo(role: Role): ReadonlyMap<string, Tool> {
  return new Map(
    [...role.tools, ...role.submit].flatMap((name) => {
      const tool = TOOLS.get(name);
      return tool ? [[name, tool] as const] : [];
    }),
  );
}

/** Endpoints of a role in fallback order. */
export function endpointsFor(role: string, settings: RunSettings): readonly Endpoint[] {
  const ids =
    settings.routes[role] ?? settings.routes.default ?? settings.endpoints.map((endpoint) => endpoint.id);
  return ids.flatMap((id) => settings.endpoints.find((endpoint) => endpoint.id === id) ?? []);
}

async function work(life: Life, say: string, round: number): Promise<RoundEnd> {
  life.messages.push({ role: 'user', content: say });
  const turnsMax = life.spec.role.turns ?? life.world.settings.limits.turns;
  let reminded = false;
  for (;;) {
    if (life.turn >= turnsMax) return limitReached(life, turnsMax);
    life.turn += 1;
    const key = `${life.spec.key}/round/${round}/turn/${life.turn}`;
    const reply = await think(life, `${key}/model`);
    if (reply.toolCalls.length === 0) {
      if (reminded)
        return end(life, { kind: 'failed', why: 'It stopped without handing over, even when reminded.' });
      reminded = true;
      life.messages.push({ role: 'user', content: `${REMINDER}${life.spec.role.submit.join(' or ')}.` });
      continue;
    }
    reminded = false;
    const handover = await act(life, key, reply.toolCalls);
    if (handover) return end(life, handover);
  }
}

function limitReached(life: Life, turns: number): RoundEnd {
  const { who } = life.spec;
  life.use.steps.record({
    type: 'limit.reached',
    key: `${life.spec.key}/turns`,
    data: { limit: 'turns', value: turns, who },
  });
  return end(life, { kind: 'failed', why: `It used all ${turns} turns without handing over.` });
}

function end(life: Life, how: RoundEnd): RoundEnd {
  const { agent } = life.spec.who;
  const data =
    how.kind === 'failed'
      ? { agent, state: 'failed' as const, note: how.why }
      : { agent, state: 'done' as const };
  life.use.steps.record({ type: 'agent.changed', key: `${agent}/turn/${life.turn}/${data.state}`, data });
  return how;
}

/** One model reply. A budget that is used up and an endpoint that does not answer pause the run; nothing is lost. */
async function think(life: Life, key: string): Promise<ModelReply> {
  const { spec, world, use, endpoints } = life;
  const request = requestOf(life);
  const worst = reservation(request);
  const refused = world.reserve(key, worst);
  if (refused !== undefined) return use.steps.pause('budget', refused, []);
  try {
    const turn = await use.steps.step<Turn>(
      key,
      {
        kind: 'model',
        title: `${spec.role.name} is thinking`,
        who: spec.who,
        input: {
          messages: request.messages,
          tools: request.tools.map((tool) => tool.name),
        },
        reserved: worst,
        spent: (output) => spentOf(output, endpoints),
        spentOnFailure: (error) => spentOnFailure(error, endpoints),
        brief: replyBrief,
      },
      (context) => ask(life, request, context),
    );
    world.settle(key, spentOf(turn, endpoints));
    keep(life, turn);
    return turn;
  } catch (failure) {
    world.settle(key, failure instanceof StepFailed ? failure.spent : undefined);
    if (!(failure instanceof StepFailed) || failure.code === 'internal') throw failure;
    const message = failure.advice === undefined ? failure.message : `${failure.message} ${failure.advice}`;
    return use.steps.pause('endpoint', message, [key]);
  }
}

function requestOf(life: Life): ModelRequest {
  const { spec, endpoints, messages, turn, use, world } = life;
  return {
    role: spec.role.name,
    attempt: spec.attempt,
    turn,
    messages: [...messages],
    tools: [...use.granted.values()].map(specOf),
    outputTokensMax: world.settings.limits.outputTokens,
    endpoints,
    ...(spec.who.task !== undefined && { task: spec.who.task }),
  };
}

async function ask(life: Life, request: ModelRequest, context: StepContext): Promise<Turn> {
  const { spec, world } = life;
  const received = world.inbox.waiting(spec.who.agent, spec.role.name, spec.who.task);
  const messages = [...request.messages, ...received.map((message) => heard(message, world))];
  const onText = (text: string): void => {
    world.onText(context.key, spec.who, text);
  };
  const reply = await world.models.complete({ ...request, messages }, { signal: context.signal, onText });
  return { ...reply, received };
}

/** The person speaks in plain text; a teammate, who may have read anything, in a fence. */
function heard(message: Posted, world: TeamWorld): ChatMessage {
  if (message.from === 'person') return { role: 'user', content: `Message from the person: ${message.text}` };
  return { role: 'user', content: world.fence(`a message of ${message.from}`, message.text) };
}

function keep(life: Life, turn: Turn): void {
  life.world.inbox.delivered(
    life.spec.who.agent,
    turn.received.map((message) => message.id),
  );
  life.messages.push(...turn.received.map((message) => heard(message, life.world)), {
    role: 'assistant',
    content: turn.content,
    toolCalls: turn.toolCalls,
    ...(turn.reasoning !== undefined && { reasoning: turn.reasoning }),
  });
}

/** Runs the calls of a reply: reads beside each other, the rest in order, a submit last. */
async function act(life: Life, key: string, calls: readonly ToolCall[]): Promise<RoundEnd | undefined> {
  const results = new Map<number, string>();
  const isSubmit = (call: ToolCall): boolean => life.spec.role.submit.includes(call.name);
  let handover: RoundEnd | undefined;
  let reads: Promise<void>[] = [];
  const run = async (index: number, call: ToolCall): Promise<void> => {
    const invoked = await invoke(`${key}/tool/${index}`, call, life.use);
    if ('handover' in invoked) handover = { kind: 'handover', tool: call.name, value: invoked.handover };
    results.set(index, textOf(invoked, life.world));
  };
  const [submits, others] = [
    [...calls.entries()].filter(([, call]) => isSubmit(call)),
    [...calls.entries()].filter(([, call]) => !isSubmit(call)),
  ];
  for (const [index, call] of others) {
    if (isRead(call, life.use)) {
      reads.push(run(index, call));
      continue;
    }
    await Promise.all(reads);
    reads = [];
    await run(index, call);
  }
  await Promise.all(reads);
  for (const [index, call] of submits) {
    if (handover) results.set(index, 'A reply can hand over once; this second call was not used.');
    else await run(index, call);
  }
  for (const [index, call] of calls.entries())
    life.messages.push({ role: 'tool', callId: call.id, content: results.get(index) ?? '' });
  return handover;
}

/** What the model is told. Whatever files and programs say is fenced; what the house says is not. */
function textOf(invoked: Invoked, world: TeamWorld): string {
  if ('handover' in invoked) return 'Received.';
  const { observation, origin } = invoked;
  return origin === undefined ? observation.text : world.fence(origin, observation.text);
}
