/** The life of one unit of work: an attempt is fresh agents on a fresh working copy. */
import type { Attempt, AttemptEnd, Work } from './attempt.ts';
import { candidatesOf, isQuestion } from './candidates/how-many.ts';
import { askAll } from './candidates/opinions.ts';
import { tryCandidates, type Trying } from './candidates/try.ts';
import type { Unit } from './plan/graph.ts';
import { authorOf } from './perform.ts';
import { createPlace } from './place.ts';
import { prove } from './prove.ts';
import type { Run } from './run.ts';
import { scopeOf } from './plan/scopes.ts';

/** Works on a unit until it is integrated or its attempts are used up. `before`: why it is not done yet, if it was worked on. */
export async function workOn(work: Work, unit: Unit, before?: string): Promise<'done' | 'failed'> {
  const { run } = work;
  let former = before;
  for (let tries = 1; tries <= run.settings.limits.attempts; tries++) {
    const number = nextAttempt(work, unit);
    const trying = { work, unit, number, former, tell: teller(run, unit, number) };
    const end = await tryAny(trying);
    for (const { id } of unit.tasks) run.team.bus.retire(`task/${id}/attempt/${number}/`);
    if (end.kind === 'done') return 'done';
    former = end.why;
    trying.tell('failed', end.why);
  }
  const { attempts } = run.settings.limits;
  const key = `task/${unit.id}/attempts/${String(work.attempts.get(unit.id) ?? attempts)}`;
  run.steps.record({ type: 'limit.reached', key, data: { limit: 'attempts', value: attempts } });
  if (former !== undefined) work.failures.set(unit.id, former);
  return 'failed';
}

/** The number of an attempt that begins. */
export function nextAttempt({ attempts, sites, integration }: Work, { id: unit, tasks }: Unit): number {
  const number = Math.max(0, ...tasks.map(({ id }) => attempts.get(id) ?? 0)) + 1;
  for (const { id } of tasks) attempts.set(id, number);
  sites.set(unit, { attempt: number, start: integration.tree() });
  return number;
}

function tryAny(trying: Trying): Promise<AttemptEnd> {
  const { work, unit } = trying;
  if (candidatesOf(work.run, unit) <= 1) return tryAlone(trying);
  return isQuestion(work.run, unit) ? askAll(trying) : tryCandidates(trying);
}

async function tryAlone({ former, ...trying }: Trying): Promise<AttemptEnd> {
  const { work, unit, number } = trying;
  const tree = work.integration.tree();
  const scope = unit.tasks.flatMap((task) => scopeOf(task, work.run.roles));
  const place = createPlace(work.run, { id: `${unit.id}-${number}`, base: work.base, tree, scope });
  work.sites.set(unit.id, { place, attempt: number, start: tree });
  const end = await tryOnce({ ...trying, place }, tree, former);
  await place.dispose(`task/${unit.id}/attempt/${number}/discard`);
  return end;
}

/** Tells views and the team what state the unit's tasks are in. */
export function teller(run: Run, unit: Unit, attempt: number): Attempt['tell'] {
  let told = 0;
  return (state, note) => {
    told += 1;
    for (const { id } of unit.tasks) {
      const data = { task: id, state, attempt, ...(note !== undefined && { note }) };
      run.team.crew.move(id, state);
      run.steps.record({ type: 'task.changed', key: `${id}/${attempt}/${told}`, data });
    }
  };
}

/** One author, or one a task of the unit, on one working copy. */
async function tryOnce(attempt: Attempt, start: string, former: string | undefined): Promise<AttemptEnd> {
  attempt.tell('working');
  const authored = await authorOf(attempt, former);
  if (authored.kind === 'failed') return authored;
  if (authored.author) return prove(attempt, start, authored.author);
  attempt.tell('done');
  return { kind: 'done' };
}
