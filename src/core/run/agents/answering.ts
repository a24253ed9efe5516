/** Agents that are made to answer one question: what they are, what they are told, and how their answer comes to whoever asked. */
import type { Actor } from '../../../protocol/events.ts';
import { AnswerHandover } from '../../../protocol/handover.ts';
import { TEAM_LIMITS } from '../../limits.ts';
import { plainText } from '../../policy/terminal-text.ts';
import type { Agent } from '../../team/agent.ts';
import { endpointsThatServe } from '../../team/capabilities.ts';
import type { AtWork } from '../../team/crew.ts';
import type { Message } from '../../team/message.ts';
import type { Role } from '../../team/role.ts';
import { endpointsFor } from '../../team/routes.ts';
import type { Place } from '../../tools/contract.ts';
import { taintOf, type Taint } from '../../tools/outward.ts';
import type { Readings } from '../../tools/readings.ts';
import { TOOLS } from '../../tools/catalogue.ts';
import { diffText } from '../merge/differences.ts';
import type { Run } from '../run.ts';

/** Who asks, and where it works. */
export interface Asker {
  readonly me: AtWork;
  readonly who: Actor;
  readonly attempt: number;
  readonly place: Place;
  readonly taint: Taint;
  readonly readings: Pick<Readings, 'namedIn'>;
  /** What its task cannot do without; whoever answers is told of the task, so it holds for them as far as it is about endpoints. */
  readonly requires: readonly string[];
  /** Id of the endpoint that it asks first. */
  readonly model: string | undefined;
  /** Makes an agent of that role under that key, on the same place; `model`: the endpoint that it asks first. */
  readonly make: (role: string, key: string, as: (role: Role) => Role, model?: string) => Agent;
}

/** An answer and whose it is, or why there is none. */
export type Given =
  | { readonly agent: Agent; readonly answer: string; readonly choice: string | undefined }
  | { readonly failed: string };

interface Answering {
  readonly request: Message;
  readonly role: string;
  /** Where its keys begin. */
  readonly key: string;
  readonly model?: string | undefined;
  /** What it is told; `diff`: what the asker has changed so far, "" for nothing. */
  readonly say: (diff: string) => string;
  /** Where that is known already. */
  readonly diff?: string;
}

/** Makes somebody who answers, and lets it; it reads what the asker has, and changes nothing. */
export async function answerFrom(
  run: Run,
  asker: Asker,
  { request, role, key, model, say, diff }: Answering,
): Promise<Given> {
  const { me, taint } = asker;
  const failed = whyNoEndpoint(run, asker, role, model);
  if (failed !== undefined) return { failed };
  const agent = asker.make(role, key, answering, model);
  const changed = diff ?? (await changedSoFar(run, asker, request));
  agent.hearFrom({ who: { role: me.role, agent: me.agent }, taint });
  const end = await agent.work(say(changed), 0);
  run.team.bus.leave(key);
  const handed = end.kind === 'handover' ? AnswerHandover.safeParse(end.value) : undefined;
  if (handed?.success) return { agent, answer: handed.data.answer, choice: handed.data.choice };
  return { failed: end.kind === 'failed' ? end.why : 'its answer cannot be read' };
}

/** Why none of a role's endpoints may answer; undefined: one may. */
function whyNoEndpoint(
  { roles, settings }: Run,
  asker: Asker,
  role: string,
  model = asker.model,
): string | undefined {
  const asked = endpointsFor({ ...roles.get(role), first: model }, settings);
  const { endpoints, why = '' } = endpointsThatServe(asked, asker.requires);
  return endpoints.length > 0 || asked.length === 0
    ? undefined
    : `no endpoint that it asks serves what your task requires: ${why}`;
}

/** What the asker has changed so far; "" for nothing. */
export const changedSoFar = async (run: Run, { place }: Asker, { id }: Message): Promise<string> =>
  place.tree() === place.start ? '' : diffText(run, `${id}/diff`, { from: place.start, to: place.tree() });

export function sayMessage(run: Run, { id, ...data }: Message): void {
  run.steps.record({ type: 'message.posted', key: id, data });
  run.team.bus.pass({ id, ...data });
}

/** That no answer comes, as a message to whoever asked, which is told so by what the tool gives back. */
export function sayNoAnswer(
  run: Run,
  { me }: Asker,
  { key, answers, text }: { readonly key: string; readonly answers: string; readonly text: string },
): void {
  sayMessage(run, { id: key, from: 'host', to: me.agent, kind: 'error', answers, text });
  run.steps.record({ type: 'message.delivered', key, data: { agent: me.agent, messages: [key] } });
}

/** The answer as a message to whoever asked, which it has got. */
export function respond(
  run: Run,
  { me }: Asker,
  {
    request,
    key,
    given: { agent, answer },
  }: {
    readonly request: Message;
    readonly key: string;
    readonly given: Pick<Exclude<Given, { failed: string }>, 'agent' | 'answer'>;
  },
): void {
  sayMessage(run, {
    id: key,
    from: agent.who.role,
    by: agent.who.agent,
    to: me.agent,
    kind: 'response',
    answers: request.id,
    text: plainText(answer),
    ...(me.task !== undefined && { task: me.task }),
    ...taintOf(agent.taint),
  });
  run.steps.record({ type: 'message.delivered', key, data: { agent: me.agent, messages: [key] } });
}

/** The role's own reading tools, and a hand-over that is an answer. */
export function answering(role: Role): Role {
  return {
    ...role,
    tools: role.tools.filter((name) => TOOLS.get(name)?.effect === 'read'),
    submit: ['submit_answer'],
    turns: TEAM_LIMITS.answeringTurns,
    prompt: `${role.prompt}\n\nThis time you do none of that work: a teammate asks you a question. Look at what you need, change nothing, and answer it with \`submit_answer\`, in a few sentences.`,
  };
}

export function questionText(
  run: Run,
  { me, attempt }: Asker,
  { request, diff }: { readonly request: Message; readonly diff: string },
): string {
  return [
    ...(me.task === undefined ? [] : [`Task: ${me.task}`, `Attempt: ${attempt}`]),
    `Goal of the whole run: ${run.goal}`,
    `${me.role} asks you:\n${run.fence(`a question of ${me.role}`, request.text)}`,
    ...(diff === '' ? [] : [`What they have changed so far:\n${run.fence('the diff', diff)}`]),
  ].join('\n\n');
}
