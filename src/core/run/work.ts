/** The life of one unit of work: an attempt is fresh agents on a fresh working copy. */
import type { TaskSpec } from '../../protocol/plan.ts';
import type { Agent, RoundEnd } from '../team/agent.ts';
import { taintOf } from '../tools/outward.ts';
import { saidIn, type Attempt, type AttemptEnd, type Author, type Site, type Work } from './attempt.ts';
import { DROPPED, personAt } from './by-hand.ts';
import type { Unit } from './graph.ts';
import { createPlace } from './place.ts';
import { taskText } from './prompts.ts';
import { prove } from './prove.ts';
import { recruit } from './recruit.ts';
import type { Run } from './run.ts';
import { scopeOf } from './scopes.ts';

/** A unit to work on, and whether its outcome is still wanted. */
export interface Assignment {
  readonly unit: Unit;
  readonly isGivenUp: () => boolean;
}

/** Works on a unit until it is integrated or its attempts are used up. */
export async function workOn(work: Work, { unit, isGivenUp }: Assignment): Promise<'done' | 'failed'> {
  const { run } = work;
  let former: string | undefined;
  for (let tries = 1; tries <= run.settings.limits.attempts; tries++) {
    const tree = work.integration.tree();
    const scope = unit.tasks.flatMap((task) => scopeOf(task, run.roles));
    const attempt = beginAttempt(work, { unit, isGivenUp }, { tree, scope });
    const end = await tryOnce(attempt, tree, former);
    await leave(attempt);
    if (end.kind === 'done') return 'done';
    former = end.why;
    attempt.tell('failed', end.why);
  }
  if (former !== undefined) work.failures.set(unit.id, former);
  return 'failed';
}

/** The person works on a unit; what they leave to the team, agents do. `left`: what an agent had done of it. */
export async function workByHand(
  work: Work,
  { unit, isGivenUp, left }: Assignment & { readonly left: Site | undefined },
): Promise<'done' | 'failed'> {
  const { run } = work;
  const task = unit.tasks.at(-1);
  if (!task) return 'failed';
  const start = left?.start ?? work.integration.tree();
  const tree = left?.place.tree() ?? start;
  const attempt = beginAttempt(work, { unit, isGivenUp }, { tree, start, scope: ['**'] });
  attempt.tell('working', 'by hand');
  const agent = personAt(run, { task, attempt: attempt.number, place: attempt.place });
  const what = unit.tasks.map((each) =>
    taskText(run, each, { attempt: attempt.number, plan: work.current.plan, scope: [] }),
  );
  const end = await agent.work(what.join('\n\n'), 0);
  if (end.kind === 'handover') keepResult(attempt, { task, end, agent });
  const proved =
    end.kind === 'handover' ? await prove(attempt, start, { agent, task, said: saidIn(end) }) : end;
  await leave(attempt);
  if (proved.kind === 'done') return 'done';
  attempt.tell('failed', proved.why);
  if (proved.why === DROPPED) return workOn(work, { unit, isGivenUp });
  work.failures.set(unit.id, proved.why);
  return 'failed';
}

/** A fresh working copy of `tree`, under the next number. `start`: what its change is made from, where that is another tree. */
function beginAttempt(
  work: Work,
  { unit, isGivenUp }: Assignment,
  {
    tree,
    start,
    scope,
  }: { readonly tree: string; readonly start?: string; readonly scope: readonly string[] },
): Attempt {
  const { run } = work;
  const number = Math.max(0, ...unit.tasks.map(({ id }) => work.attempts.get(id) ?? 0)) + 1;
  for (const { id } of unit.tasks) work.attempts.set(id, number);
  const place = createPlace(run, { id: `${unit.id}-${number}`, base: work.base, tree, scope });
  work.sites.set(unit.id, { place, attempt: number, start: start ?? tree });
  return { work, unit, number, place, isGivenUp, tell: teller(run, unit, number) };
}

async function leave({ work: { run }, unit, number, place }: Attempt): Promise<void> {
  for (const { id } of unit.tasks) run.team.bus.retire(`task/${id}/attempt/${number}/`);
  await place.dispose(`task/${unit.id}/attempt/${number}/discard`);
}

function teller(run: Run, unit: Unit, attempt: number): Attempt['tell'] {
  let told = 0;
  return (state, note) => {
    told += 1;
    for (const { id } of unit.tasks) {
      const data = { task: id, state, attempt, ...(note !== undefined && { note }) };
      run.steps.record({ type: 'task.changed', key: `${id}/${attempt}/${told}`, data });
    }
  };
}

async function tryOnce(attempt: Attempt, start: string, former: string | undefined): Promise<AttemptEnd> {
  attempt.tell('working');
  const authors: Author[] = [];
  for (const task of attempt.unit.tasks) {
    if (!attempt.work.run.roles.has(task.role))
      return { kind: 'failed', why: `The role "${task.role}" is not there any more.` };
    const author = await perform(attempt, task, former);
    if (author.end.kind === 'failed') return { kind: 'failed', why: `${task.role}: ${author.end.why}` };
    if (attempt.work.run.roles.writes(task.role))
      authors.push({ agent: author.agent, task, said: saidIn(author.end) });
  }
  const author = authors.at(-1);
  if (author) return prove(attempt, start, author);
  attempt.tell('done');
  return { kind: 'done' };
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
  const key = `task/${task.id}/attempt/${number}/${task.role}`;
  const scope = scopeOf(task, run.roles);
  const agent = recruit(run, {
    role: task.role,
    key,
    attempt: number,
    place,
    task: task.id,
    model: task.model,
    scope,
    baseline,
  });
  // Where there is no planner to look at them, whoever works on the goal does.
  const images = run.mode === 'quick' ? run.images : [];
  agent.hearFrom({ who: { role: 'planner', agent: 'plan' }, taint: { by: work.tainted } });
  const end = await agent.work(taskText(run, task, { attempt: number, plan, scope, former }), 0, images);
  if (end.kind === 'handover') keepResult(attempt, { task, end, agent });
  return { agent, end };
}

/** Findings and reviews go to the team, who may need them. */
function keepResult(attempt: Attempt, { task, end, agent }: Performed & { readonly task: TaskSpec }): void {
  const said = saidIn(end);
  attempt.work.results.set(task.id, { text: said, teller: agent });
  if (attempt.work.run.roles.writes(task.role)) return;
  const key = `findings/${task.id}/${attempt.number}`;
  const data = {
    from: task.role,
    by: agent.who.agent,
    to: 'team',
    text: `${task.title}: ${said}`,
    task: task.id,
    ...taintOf(agent.taint),
  };
  const { steps, team } = attempt.work.run;
  steps.record({ type: 'message.posted', key, data });
  team.bus.post({ ...data, id: key });
}
