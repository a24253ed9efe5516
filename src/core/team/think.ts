/**
 * One model reply: makes room in the window, asks, and where the endpoint says or shows that it cannot take so much, makes more room
 * and asks again, a bounded number of times (I10).
 */
import type { Endpoint } from '../../protocol/settings.ts';
import { SILENT, TEAM_LIMITS } from '../limits.ts';
import type { ModelReply, ModelRequest } from '../models/contract.ts';
import { IMAGE_TOKENS, imagesIn } from '../models/images.ts';
import { mayGet } from '../policy/classes.ts';
import { hasRoom } from '../models/prices.ts';
import { StepFailed, type StepContext } from '../ports.ts';
import { haveHeard } from '../tools/outward.ts';
import { BREACH, breachIn, sayBreach } from './breaches.ts';
import { fit, isNear, sizeOf, tell, WHOLE, type Shape } from './context.ts';
import type { Message } from './message.ts';
import { askerOf, type Life, type TeamWorld } from './life.ts';
import { illustrated, sayUnseen, unillustrated } from './pictures.ts';
import { equalsFor } from './routes.ts';
import { replyBrief, spentOf, spentOnFailure } from './spending.ts';

/** What a model step records. */
interface Turn extends ModelReply {
  readonly received: readonly Message[];
}

/** A budget that is used up and an endpoint that does not answer pause the run; nothing is lost. */
export async function think(life: Life, key: string): Promise<ModelReply> {
  if (isNear(tokensNow(life), roomOf(life))) compact(life, 'near');
  for (let fitted = 0, restarted = 0; ;) {
    const begun = restarted === 0 ? key : `${key}/again/${restarted}`;
    const name = fitted === 0 ? begun : `${begun}/fit/${fitted}`;
    const answered = await askOnce(life, name, fitted < TEAM_LIMITS.fits);
    if (answered === 'again') fitted += 1;
    else if (answered === 'restarted') restarted += 1;
    else return answered;
  }
}

/** Lets an agent go on with all it knows although its model fell silent: another endpoint's, where there is one. */
function restarts(life: Life, key: string): boolean {
  if (life.restarts >= TEAM_LIMITS.restarts) return false;
  life.restarts += 1;
  const { agent, role, task } = life.spec.who;
  const asked = endpointCalled(life, endpointNow(life).id);
  anotherEndpoint(life);
  life.use.steps.record({
    type: 'guard.fired',
    key: `${key}/silence`,
    data: {
      guard: 'silence',
      rung: 'restarted',
      why: `${asked?.label ?? asked?.id ?? 'its model'} gave no sign of life`,
      agent,
      role,
      ...(task !== undefined && { task }),
    },
  });
  return true;
}

/** The reply, or `again` once there is more room than before: less is said, or less may be answered. */
async function askOnce(
  life: Life,
  key: string,
  mayFit: boolean,
): Promise<ModelReply | 'again' | 'restarted'> {
  const { spec, world, use } = life;
  const { purse, settings } = world;
  const request = requestOf(life);
  if (request.endpoints.length === 0 && life.endpoints.length > 0)
    return use.steps.pause('endpoint', notAllowed(life), []);
  const payer = { key, who: spec.who };
  const permit = await purse.reserve(payer, withWaiting(life, request));
  if ('refused' in permit) return use.steps.pause('budget', permit.refused, []);
  // What a server counts for an image is its own affair: only the text tells whether it read everything.
  const estimated = estimateOf(life) - imagesIn(request) * IMAGE_TOKENS;
  const { crew } = world;
  crew.calls.set(spec.who.agent, permit.ways[0]?.id ?? '');
  try {
    const turn = await use.steps.step<Turn>(
      key,
      {
        kind: 'model',
        title: `${spec.role.name} is thinking`,
        who: spec.who,
        input: {
          messages: request.messages.map(unillustrated),
          tools: request.tools.map((tool) => tool.name),
        },
        note: { context: { tokens: tokensNow(life), window: world.windows.of(endpointNow(life)) } },
        reserved: permit.held,
        spent: (output) => spentOf(output, settings.endpoints),
        spentOnFailure: (error) => spentOnFailure(error, settings.endpoints),
        brief: replyBrief,
        facts: ({ match }) => (match ? { match } : {}),
      },
      (context) => ask(life, { ...request, endpoints: permit.ways, allowance: permit.held }, context),
    );
    purse.settle(payer, spentOf(turn, settings.endpoints));
    if (turn.match) life.world.standings.heard(spec.who.agent, turn.match);
    const breach = breachIn(life, key, turn, request.outputTokensMax);
    if (breach !== undefined) return await use.steps.pause('endpoint', breach, []);
    take(life, key, turn.received);
    if (wasCut(life, key, { turn, estimated }) && mayFit && compact(life, 'cut')) return 'again';
    keep(life, turn);
    unseen(life, turn);
    return turn;
  } catch (failure) {
    purse.settle(payer, failure instanceof StepFailed ? failure.spent : undefined);
    if (!(failure instanceof StepFailed) || failure.code === 'internal') throw failure;
    if (failure.code === 'endpoint.context') {
      learn(life, failure, { estimated, output: request.outputTokensMax });
      if (mayFit && gaveWay(life, request)) return 'again';
    }
    if (failure.code === SILENT && restarts(life, key)) return 'restarted';
    if (failure.code === BREACH) sayBreach(life, key, failure.message);
    return await use.steps.pause('endpoint', messageOf(life, failure), [key]);
  } finally {
    crew.calls.delete(spec.who.agent);
  }
}

const notAllowed = ({ spec, endpoints, textClass }: Life): string =>
  `${spec.role.name} has text of class "${textClass}", which none of its endpoints may be sent: ${endpoints.map((each) => `${each.label ?? each.id} (classesMax ${each.classesMax ?? 'secret'})`).join(', ')}. Go another way from this run with an endpoint that may.`;

function messageOf(life: Life, failure: StepFailed): string {
  const message = failure.advice === undefined ? failure.message : `${failure.message} ${failure.advice}`;
  if (failure.code !== 'endpoint.context') return message;
  return `${message} What ${life.spec.role.name} must know (role, tools, task) does not fit in less.`;
}

/** Endpoints that may be sent what was said so far. */
function allowedNow({ endpoints, textClass, avoided }: Life): readonly Endpoint[] {
  const allowed = endpoints.filter((endpoint) => mayGet(endpoint, textClass));
  return avoided.size === 0
    ? allowed
    : allowed.toSorted((one, other) => Number(avoided.has(one.id)) - Number(avoided.has(other.id)));
}

/** Lets another endpoint answer from here on. False where there is none that was not avoided. */
export function anotherEndpoint(life: Life): boolean {
  const now = endpointNow(life);
  if (!allowedNow(life).some(({ id }) => id !== now.id && !life.avoided.has(id))) return false;
  life.avoided.add(now.id);
  life.answering = undefined;
  return true;
}

/** The endpoint that most likely answers next. */
function endpointNow(life: Life): Endpoint {
  const allowed = allowedNow(life);
  const { answering, textClass } = life;
  const endpoint = answering && mayGet(answering, textClass) ? answering : allowed[0];
  if (endpoint) return endpoint;
  return { id: '', kind: 'openai', model: '', contextTokens: Number.MAX_SAFE_INTEGER };
}

const endpointCalled = ({ world }: Life, id: string | undefined): Endpoint | undefined =>
  world.settings.endpoints.find((endpoint) => endpoint.id === id);

/** The output takes at most this share of a window. */
const OUTPUT_SHARE = 0.25;

function outputOf(life: Life): number {
  const window = life.world.windows.of(endpointNow(life));
  return Math.min(life.world.settings.limits.outputTokens, Math.floor(window * OUTPUT_SHARE));
}

function roomOf(life: Life) {
  const endpoint = endpointNow(life);
  const { windows } = life.world;
  return {
    tokens: windows.of(endpoint) - outputOf(life),
    tools: life.tools,
    measure: (estimated: number) => windows.tokens(endpoint, estimated),
  };
}

const conversationOf = ({ spec, said }: Life) => ({ system: spec.system, said });

const estimateOf = (life: Life, shape: Shape = life.shape): number =>
  sizeOf(conversationOf(life), shape, life.tools);

const tokensNow = (life: Life): number => roomOf(life).measure(estimateOf(life));

/** Tells the conversation in fewer words from here on. False where it cannot be told in fewer than it is. */
function compact(life: Life, why: 'near' | 'refused' | 'cut'): boolean {
  const { spec, use, world } = life;
  const room = roomOf(life);
  const before = tokensNow(life);
  const shape = fit(conversationOf(life), room);
  const after = room.measure(estimateOf(life, shape));
  if (after >= before) return false;
  life.shape = shape;
  life.compactions += 1;
  const endpoint = endpointNow(life);
  use.steps.record({
    type: 'context.compacted',
    key: `${spec.who.agent}/${life.compactions}`,
    data: {
      who: spec.who,
      why,
      endpoint: endpoint.id,
      before,
      after,
      window: world.windows.of(endpoint),
      turns: shape.from - 1,
    },
  });
  return true;
}

/** After a refusal: less may be answered where that is enough, else less is said. False where neither helps. */
function gaveWay(life: Life, refused: ModelRequest): boolean {
  const answersLess = outputOf(life) < refused.outputTokensMax;
  if (answersLess && !isNear(tokensNow(life), roomOf(life))) return true;
  return compact(life, 'refused') || answersLess;
}

/** Takes in why an endpoint refused a request for its length. */
function learn(
  life: Life,
  { message, spent }: StepFailed,
  request: { readonly estimated: number; readonly output: number },
): void {
  const named = endpointCalled(life, spent?.endpoint);
  life.answering = named ?? endpointNow(life);
  life.world.windows.refused(life.answering, request, message);
}

/** Whether the endpoint silently left out part of what it was sent. Said once an endpoint and window. */
function wasCut(
  life: Life,
  key: string,
  { turn, estimated }: { readonly turn: Turn; readonly estimated: number },
): boolean {
  const { spec, use, world } = life;
  const endpoint = endpointCalled(life, turn.endpoint);
  if (endpoint === undefined) return false;
  life.answering = endpoint;
  const sent = world.windows.tokens(endpoint, estimated);
  if (!world.windows.heard(endpoint, estimated, turn.usage)) return false;
  const name = endpoint.label ?? endpoint.id;
  use.steps.record({
    type: 'alert.raised',
    key: `${key}/cut`,
    data: {
      code: 'endpoint.cut',
      message: `${name} read only ${turn.usage.inputTokens} of about ${sent} tokens and said nothing: its window is smaller than configured. It is taken as ${world.windows.of(endpoint)} tokens from here on. Raise it at the server (Ollama: OLLAMA_CONTEXT_LENGTH or num_ctx), or set contextTokens of this endpoint.`,
      who: spec.who,
    },
  });
  return true;
}

function requestOf(life: Life): ModelRequest {
  const { spec, turn, textClass } = life;
  const endpoints = allowedNow(life);
  return {
    role: spec.role.name,
    attempt: spec.attempt,
    turn,
    messages: tell(conversationOf(life), life.shape),
    tools: life.tools,
    outputTokensMax: outputOf(life),
    endpoints,
    ...(textClass !== 'internal' && { textClass }),
    equals: equalsFor(askerOf(spec), life.world.settings).map((group) =>
      group.filter((id) => !life.avoided.has(id)),
    ),
    ...(spec.temperature !== undefined && { temperature: spec.temperature }),
    ...(spec.who.candidate !== undefined && { candidate: spec.who.candidate }),
    ...(spec.who.task !== undefined && { task: spec.who.task }),
  };
}

async function ask(life: Life, request: ModelRequest, context: StepContext): Promise<Turn> {
  const { spec, world } = life;
  const received = fitting(life, request, waitingFor(life));
  const messages = [
    ...(await illustrated(request.messages, world.image)),
    ...received.map((each) => heard(each, world)),
  ];
  const onText = (text: string): void => {
    world.onText(context.key, spec.who, text);
  };
  const onWait = (): void => {
    world.onWait(context.key, spec.who);
  };
  const { signal } = context;
  const reply = await world.models.complete({ ...request, messages }, { signal, onText, onWait });
  return { ...reply, received };
}

const waitingFor = ({ spec, world }: Life): readonly Message[] => world.bus.waiting(spec.who.agent);

/** The request with what lies in its queue: it is read with the rest, so it is held for. */
const withWaiting = (life: Life, request: ModelRequest): ModelRequest => ({
  ...request,
  messages: [...request.messages, ...waitingFor(life).map((each) => heard(each, life.world))],
});

/** What came in since the call's worst case was held, as far as it fits; the rest is for the next turn. */
function fitting({ world }: Life, request: ModelRequest, waiting: readonly Message[]): readonly Message[] {
  const fits = (count: number): boolean => {
    const messages = [...request.messages, ...waiting.slice(0, count).map((each) => heard(each, world))];
    return request.endpoints.every((endpoint) => hasRoom({ ...request, messages }, endpoint, []));
  };
  let count = waiting.length;
  while (count > 0 && !fits(count)) count -= 1;
  return waiting.slice(0, count);
}

/** The person speaks in plain text; a teammate, who may have read anything, in a fence. */
function heard({ from, text }: Message, { fence }: TeamWorld) {
  const content =
    from === 'person' ? `Message from the person: ${text}` : fence(`a message of ${from}`, text);
  return { role: 'user' as const, content };
}

/** What came with the turn is delivered, whatever becomes of the reply. It belongs to the turn before. */
function take(life: Life, key: string, received: readonly Message[]): void {
  const messages = received.map((message) => message.id);
  const { agent } = life.spec.who;
  life.world.bus.acknowledge(agent, messages);
  if (messages.length > 0)
    life.use.steps.record({ type: 'message.delivered', key, data: { agent, messages } });
  for (const { from, tainted } of received) haveHeard(from, tainted, life.use.taint);
  const turn = life.said.at(-1)?.turn ?? 0;
  life.said.push(
    ...received.map((each) => ({ kind: 'heard' as const, turn, message: heard(each, life.world) })),
  );
}

function keep(life: Life, turn: Turn): void {
  const { content, toolCalls, reasoning, kept } = turn;
  life.said.push({
    kind: 'reply',
    turn: life.turn,
    message: {
      role: 'assistant',
      content,
      toolCalls,
      ...(reasoning !== undefined && { reasoning }),
      ...(kept !== undefined && { kept }),
    },
  });
}

/** Says once that an endpoint was asked without the images, which it does not see. */
function unseen({ spec, use, blind, said }: Life, turn: Turn): void {
  if (turn.unseen === undefined) return;
  const ofTheGoal = said.some(({ kind, message }) => kind === 'round' && 'images' in message);
  sayUnseen(use.steps, blind, {
    key: spec.key,
    who: spec.who,
    endpoint: turn.endpoint,
    why: turn.unseen,
    ofTheGoal,
  });
}

/** A conversation at its beginning. */
export const BEGINNING = {
  turn: 0,
  textClass: 'internal',
  shape: WHOLE,
  compactions: 0,
  answering: undefined,
} as const;
