/** The authors of a unit: each task is worked on up to its hand-over, one after the other. */
import type { TaskSpec } from '../../protocol/plan.ts';
import { tellerOf, type Agent, type RoundEnd, type Teller } from '../team/agent.ts';
import { taintOf } from '../tools/outward.ts';
import { keyOf, saidIn, type Attempt, type Author, type Work } from './attempt.ts';
import { taskText } from './agents/prompts.ts';
import { whyNoAgent } from './agents/own-roles.ts';
import { recruit } from './agents/recruit.ts';
import type { Run } from './run.ts';
import { scopeOf } from './plan/scopes.ts';

/** Whoever answers for the change; undefined where no task of the unit writes; or why it came to none. */
export type Authored =
  | { readonly kind: 'authored'; readonly author: Author | undefined }
  | { readonly kind: 'failed'; readonly why: string };

export async function authorOf(attempt: Attempt, former: string | undefined): Promise<Authored> {
  const { roles } = attempt.work.run;
  const authors: Author[] = [];
  for (const task of attempt.unit.tasks) {
    const strange = whyNoAgent(attempt.work.run, task.role);
    if (strange !== undefined) return { kind: 'failed', why: strange };
    const author = await perform(attempt, task, former);
    if (author.end.kind === 'failed') return { kind: 'failed', why: `${task.role}: ${author.end.why}` };
    if (roles.writes(task.role)) authors.push({ agent: author.agent, task, said: saidIn(author.end) });
  }
  return { kind: 'authored', author: authors.at(-1) };
}

interface Performed {
  readonly agent: Agent;
  readonly end: RoundEnd;
}

/** Lets an agent work on one task up to its hand-over. */
async function perform(attempt: Attempt, task: TaskSpec, former: string | undefined): Promise<Performed> {
  const { work, number, place } = attempt;
  const { run } = work;
  const { plan } = work.current;
  const baseline = await work.baseline;
  const scope = scopeOf(task, run.roles);
  const { endpoint, temperature } = run.roles.writes(task.role) ? (attempt.candidate?.variant ?? {}) : {};
  const agent = recruit(run, {
    role: task.role,
    key: `${keyOf(attempt, task.id)}/${task.role}`,
    attempt: number,
    place,
    task: task.id,
    candidate: attempt.candidate?.number,
    model: endpoint ?? task.model,
    temperature,
    requires: task.requires,
    topics: task.topics,
    scope,
    baseline,
    // Of several on one task none decides for the others.
    replan: attempt.candidate ? undefined : work.replan,
  });
  // Where there is no planner to look at them, whoever works on the goal does.
  const images = run.mode === 'quick' ? run.images : [];
  agent.hearFrom({ who: { role: 'planner', agent: 'plan' }, taint: { by: work.current.tainted } });
  const end = await agent.work(
    taskText(run, task, { attempt: number, plan, scope, former: former && formerText(former, run, task.id) }),
    0,
    images,
  );
  if (end.kind === 'handover') keepResult(attempt, { task, end, agent });
  return { agent, end };
}

/** Whoever tries a task anew is told why it failed, and what was done. */
function formerText(why: string, { team }: Run, task: string): string {
  const did = team.crew.accounts.get(task) ?? '';
  return did === '' ? why : `${why}\n\nWhat that attempt did, which is gone now:\n${did}`;
}

/** Keeps what a task came to. Findings and reviews go to the team, who may need them. */
export function keepResult(
  attempt: Attempt,
  { task, end, agent }: Performed & { readonly task: TaskSpec },
): void {
  const said = saidIn(end);
  const { candidate, number, work } = attempt;
  work.results.set(task.id, { text: said, teller: tellerOf(agent) });
  if (work.run.roles.writes(task.role)) return;
  const which = `${number}${candidate ? `/${candidate.number}` : ''}`;
  tellFindings(work, task, { which, said, agent });
}

/** Tells the team what came of a task that only reads. `which`: attempt and candidate, part of the key. */
export function tellFindings(
  { run: { steps, team } }: Pick<Work, 'run'>,
  task: TaskSpec,
  { which, said, agent }: { readonly which: string; readonly said: string; readonly agent: Teller },
): void {
  const key = `findings/${task.id}/${which}`;
  const data = {
    from: task.role,
    by: agent.who.agent,
    to: 'team',
    text: `${task.title}: ${said}`,
    task: task.id,
    ...taintOf(agent.taint),
  };
  steps.record({ type: 'message.posted', key, data });
  team.bus.post({ ...data, id: key }, { always: true });
}
