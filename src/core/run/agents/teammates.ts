/**
 * `ask_teammate`: whoever of that role or task is at work answers at its next turn; else somebody is made who reads the code, answers and
 * is gone. A question that would close a circle of waits is answered at once; one that is not answered in time, or whose answer would wait
 * for the person, goes to somebody else.
 */
import type { EventData } from '../../../protocol/events.ts';
import { TEAM_LIMITS } from '../../limits.ts';
import { plainText } from '../../policy/terminal-text.ts';
import { PERSON, type Answered, type AtWork } from '../../team/crew.ts';
import { addressIn, type Message } from '../../team/message.ts';
import { error, ok, type Observation } from '../../tools/contract.ts';
import { haveHeard, taintOf } from '../../tools/outward.ts';
import { fileHeader } from '../../tools/readings.ts';
import type { AskTeammate } from '../../tools/talk.ts';
import type { Run } from '../run.ts';
import { answerFrom, questionText, respond, sayMessage, sayNoAnswer, type Asker } from './answering.ts';
import { mayBeMade, whyNoAgent } from './own-roles.ts';
import { givesWay } from './parking.ts';
import { sayUnapproved } from './role-alerts.ts';
import { houseRoleFor } from './role-offers.ts';
import { askSeveral, whySeveral } from './several.ts';
import { pathTo, storyWaits, waitText } from './waits.ts';

export async function askTeammate(
  run: Run,
  asker: Asker,
  key: string,
  ask: AskTeammate,
): Promise<Observation> {
  const answer = await askOneOrMore(run, asker, key, ask);
  const isOff = (run.settings.consensus?.when ?? 'never') === 'never';
  return ask.several === true && isOff ? { ...answer, text: `${answer.text}\n${ONLY_ONE}` } : answer;
}

const ONLY_ONE = '[One was asked: in this run a question never goes to several.]';

async function askOneOrMore(run: Run, asker: Asker, key: string, ask: AskTeammate): Promise<Observation> {
  const { to, question } = ask;
  const address = addressIn(plainText(to));
  const asked = run.team.crew.find(address, asker.me);
  const role = roleOf(run, asked?.role ?? address);
  const instead = `Ask a role (${run.roles.forTasks.filter((name) => whyNoAgent(run, name) === undefined).join(', ')}) or a task by its id.`;
  if (role === undefined) return error(`Nobody is called "${address}". ${instead}`);
  const strange = whyNoAgent(run, role);
  if (strange !== undefined) {
    const found = run.roleFiles.get(role);
    if (found && !found.proposed && run.settings.offersRoles === true)
      return askOffered(run, asker, key, { ask, role });
    if (found && !found.proposed) sayUnapproved(run, found);
    return error(`Not asked: ${strange} ${instead}`);
  }
  const { me } = asker;
  const fired = exchanged(run, asker, key, asked ?? { role, task: taskOf(run, address) });
  if (fired) return fired;
  const circle = circleWith(run, asker, asked, address);
  if (circle !== undefined) return cannot(run, asker, { key, of: asked?.agent ?? address, why: circle });
  const request = messageOf(asker, {
    id: key,
    to: asked?.agent ?? role,
    text: [question, ...(ask.options ?? []).map((option) => `- ${option}`)].map(plainText).join('\n'),
    kind: 'request',
  });
  const because = await whySeveral(run, asker, key, ask);
  if (because !== undefined)
    return askSeveral(run, asker, { request: { ...request, to: role }, role, ask, because });
  const held = asked && heldBy(run, asked);
  if (held !== undefined) guardFired(run, me, key, { ...HELD, why: held });
  const free = held === undefined ? asked : undefined;
  const answer = free ? await fromAtWork(run, asker, { request, asked: free }) : undefined;
  if (answer !== undefined) return answer;
  if (!free) sayMessage(run, held === undefined ? request : { ...request, to: role });
  return fromNew(run, asker, { request, role, isSecond: free !== undefined });
}

/** Characters of a question that the person sees with the role that it is for. */
const ASKED_CHARS = 300;

const inLine = (text: string): string => plainText(text).replace(/\s+/gu, ' ').trim().slice(0, ASKED_CHARS);

interface Offered {
  readonly ask: AskTeammate;
  /** Of the project, and not approved. */
  readonly role: string;
}

/** The person says on the spot whether the role may be used; where it may not, the role of the house that comes nearest is asked. */
async function askOffered(run: Run, asker: Asker, key: string, { ask, role }: Offered): Promise<Observation> {
  const instead = houseRoleFor(run.roles, role);
  const why = `it is asked “${inLine(ask.question)}”`;
  const wanting = { key: `${key}/role`, who: asker.who, why, instead };
  if (await mayBeMade(run, role, wanting)) return askOneOrMore(run, asker, key, ask);
  const answer = await askOneOrMore(run, asker, key, { ...ask, to: instead });
  const note = `[The person does not want the role "${role}" to be used, so ${instead} was asked. Do not ask it again.]`;
  return { ...answer, text: `${answer.text}\n${note}` };
}

const taskOf = ({ team }: Run, address: string): string | undefined =>
  team.crew.tasks.has(address) ? address : undefined;

/** The role of that name, or of whoever has the task. */
function roleOf(run: Run, address: string): string | undefined {
  const name = run.team.crew.tasks.get(address)?.spec.role ?? address;
  return ['planner', ...run.roles.forTasks].includes(name) ? name : undefined;
}

function messageOf(
  { me, taint, readings }: Asker,
  more: Pick<Message, 'id' | 'to' | 'text' | 'kind'>,
): Message {
  const headers = fileHeader(more.text, readings);
  return {
    ...more,
    ...(headers.file !== undefined && { headers: { file: headers.file } }),
    from: me.role,
    by: me.agent,
    ...(me.task !== undefined && { task: me.task }),
    ...taintOf(taint),
  };
}

/** Why whoever is asked cannot answer: it waits, by whatever way, for the one that asks. */
function circleWith(run: Run, { me }: Asker, asked: AtWork | undefined, address: string): string | undefined {
  const back = pathTo(
    storyWaits(run, me.agent),
    [asked?.agent ?? address],
    [me.agent, ...(me.task === undefined ? [] : [me.task])],
  );
  return back?.map(waitText).join('; ');
}

/** Why the answer would wait for the person, which may take long: nobody else has to. */
function heldBy(run: Run, asked: AtWork): string | undefined {
  if (!givesWay(run)) return undefined;
  return pathTo(storyWaits(run), [asked.agent], [PERSON])?.map(waitText).join('; ');
}

function cannot(
  run: Run,
  { me }: Asker,
  { key, of, why }: { readonly key: string; readonly of: string; readonly why: string },
): Observation {
  guardFired(run, me, key, { guard: 'deadlock', rung: 'answered', why });
  return error(`${of} cannot answer: it waits for you (${why}). Decide yourself, or ask somebody else.`);
}

function guardFired(
  run: Run,
  { agent, role, task }: AtWork,
  key: string,
  data: Pick<EventData<'guard.fired'>, 'guard' | 'rung' | 'why'>,
): void {
  run.steps.record({
    type: 'guard.fired',
    key: `${key}/${data.guard}`,
    data: { ...data, agent, role, ...(task !== undefined && { task }) },
  });
}

/** Two who ask each other again and again are told to decide, then refused. A change to files begins the count anew. */
function exchanged(run: Run, asker: Asker, key: string, other: Called): Observation | undefined {
  const { me, place } = asker;
  const pair = [calledOf(me), calledOf(other)] as const;
  const count = run.exchanges.count(pair, place.tree());
  if (count <= TEAM_LIMITS.exchanges) return undefined;
  const why = `${[...pair].sort().join(' and ')} asked each other ${String(count - 1)} times and no file changed in between`;
  const rung = count > 2 * TEAM_LIMITS.exchanges ? 'refused' : 'told';
  guardFired(run, me, key, { guard: 'exchange', rung, why });
  if (rung === 'told' && count > TEAM_LIMITS.exchanges + 1) return undefined;
  const next =
    rung === 'told' ? 'If you still must ask, ask once more.' : 'Ask the person, or hand over what you have.';
  return error(`Not asked: ${why}. Decide with what you know. ${next}`);
}

type Called = Pick<AtWork, 'role' | 'task'>;

/** Agents come and go; who works on a task stays the same to others. */
const calledOf = ({ role, task }: Called): string => (task === undefined ? role : `${role} of "${task}"`);

interface Asking {
  readonly request: Message;
  readonly asked: AtWork;
}

/** The answer of somebody at work; undefined where it gave none in time. */
async function fromAtWork(
  run: Run,
  asker: Asker,
  { request, asked }: Asking,
): Promise<Observation | undefined> {
  const { bus, crew } = run.team;
  const { id, ...data } = request;
  const posting = bus.post(
    { ...request, text: `${request.text}\n${howToAnswer(asker.me)}` },
    {
      taken: () => {
        run.steps.record({ type: 'message.posted', key: id, data });
      },
    },
  );
  if (!posting.taken) return tooMuch(run, asker, id, posting);
  const { me } = asker;
  run.steps.record({
    type: 'agent.changed',
    key: `${id}/waits`,
    data: { agent: me.agent, state: 'waiting', note: `Waits for ${asked.role}.` },
  });
  const answer = await run.away({ key: id, who: asker.who }, () =>
    crew.expect({ request: id, asker: me.agent, of: asked.agent }),
  );
  run.steps.record({
    type: 'agent.changed',
    key: `${id}/goesOn`,
    data: { agent: me.agent, state: 'acting' },
  });
  if (answer.kind === 'answered') {
    haveHeard(asked.role, answer.tainted, asker.taint);
    return ok(run.fence(`the answer of ${asked.role}`, answer.text));
  }
  const why = WHY_NONE[answer.kind](asked.agent);
  bus.acknowledge(asked.agent, [id]);
  sayNoAnswer(run, asker, { key: `${id}/error`, answers: id, text: `${why}; somebody else is asked.` });
  const fired = answer.kind === 'held' ? HELD : SILENCE;
  guardFired(run, me, id, { ...fired, why });
  return undefined;
}

function tooMuch(
  run: Run,
  { who }: Asker,
  key: string,
  { why, limit }: { readonly why: string; readonly limit?: number },
): Observation {
  if (limit !== undefined)
    run.steps.record({ type: 'limit.reached', key, data: { limit: 'messages', value: limit, who } });
  return error(why);
}

const SILENCE = { guard: 'silence', rung: 'restarted' } as const;
const HELD = { guard: 'held', rung: 'elsewhere' } as const;

const WHY_NONE: Readonly<Record<Exclude<Answered['kind'], 'answered'>, (agent: string) => string>> = {
  silent: (agent) => `${agent} took ${String(TEAM_LIMITS.answerTurns)} turns without answering`,
  ended: (agent) => `${agent} ended without answering`,
  held: (agent) => `${agent} waits for the person`,
};

const howToAnswer = ({ role, task }: AtWork): string =>
  `[${role} waits for your answer: post_message to "${task ?? role}".]`;

interface NewAsked {
  readonly request: Message;
  readonly role: string;
  /** Somebody else was asked before, who gave no answer. */
  readonly isSecond: boolean;
}

/** Made to answer one question: it reads what the asker has, and changes nothing. */
async function fromNew(run: Run, asker: Asker, { request, role, isSecond }: NewAsked): Promise<Observation> {
  const { taint } = asker;
  const key = `${request.id}/answer`;
  const say = (diff: string): string => questionText(run, asker, { request, diff });
  const given = await run.away({ key, who: asker.who, deputies: [key] }, () =>
    answerFrom(run, asker, { request, role, key, say }),
  );
  if ('failed' in given) {
    const told = { key: `${isSecond ? key : request.id}/error`, answers: request.id, text: given.failed };
    sayNoAnswer(run, asker, told);
    return error(`${role} gave no answer: ${given.failed}`);
  }
  respond(run, asker, { request, key: `${request.id}/response`, given });
  haveHeard(role, given.agent.taint.by, taint);
  return ok(run.fence(`the answer of ${role}`, given.answer));
}
