/**
 * A task that a person does themselves: they stand where an agent would, in its working copy, and what they give back is recorded, gated,
 * reviewed and merged like anybody's.
 */
import { HandAnswer } from '../../protocol/people.ts';
import type { TaskSpec } from '../../protocol/plan.ts';
import type { Agent, RoundEnd } from '../team/agent.ts';
import { saidIn, type Attempt, type Site, type Work } from './attempt.ts';
import type { Unit } from './plan/graph.ts';
import { keepResult } from './perform.ts';
import { createPlace, type CopyPlace } from './place.ts';
import { taskText } from './agents/prompts.ts';
import { prove } from './prove.ts';
import type { Run } from './run.ts';
import { nextAttempt, teller } from './work.ts';

interface Hand {
  readonly task: TaskSpec;
  readonly attempt: number;
  readonly place: CopyPlace;
}

/** The person as whoever works on the task. `work` asks them, and records the copy as they leave it. */
function personAt(run: Run, { task, attempt, place }: Hand): Agent {
  const key = `task/${task.id}/attempt/${attempt}/person`;
  const who = { role: 'person', agent: key, task: task.id, attempt };
  return {
    who,
    taint: { by: undefined },
    hearFrom: () => undefined,
    async work(say, round): Promise<RoundEnd> {
      const opening = { kind: 'copy' as const, title: 'Open the working copy', who, input: place.tree() };
      const root = await run.steps.step(`${key}/round/${round}/open`, opening, async () => {
        await place.ready();
        return place.root;
      });
      const answer = HandAnswer.parse(
        await run.steps.signal(`hand/${task.id}/${attempt}/${round}`, {
          kind: 'hand',
          title: `You work on: ${task.title}`,
          detail: say,
          folder: root,
          options: ['Give back', 'Leave it to the team'],
          who,
        }),
      );
      const keeping = { kind: 'tree' as const, title: 'Record what you changed', who, input: null };
      const tree = await run.steps.step(`${key}/round/${round}/snapshot`, keeping, () => place.record());
      place.settled(tree);
      if (answer.decision === 'drop') return { kind: 'failed', why: DROPPED };
      return { kind: 'handover', tool: 'submit_result', value: { summary: answer.summary ?? BY_HAND } };
    },
  };
}

/**
 * The person works on a unit. `left`: where an agent was with it. `dropped`: they left it to the team.
 */
export async function workByHand(
  work: Work,
  unit: Unit,
  left: Site | undefined,
): Promise<'done' | 'failed' | 'dropped'> {
  const { run, current } = work;
  const task = unit.tasks.at(-1);
  if (!task) return 'failed';
  const start = left?.start ?? work.integration.tree();
  const tree = left?.place?.tree() ?? start;
  const number = nextAttempt(work, unit);
  const place = createPlace(run, { id: `${unit.id}-${number}`, base: work.base, tree, scope: ['**'] });
  work.sites.set(unit.id, { place, attempt: number, start });
  const attempt: Attempt = { work, unit, number, place, tell: teller(run, unit, number) };
  attempt.tell('working', 'by hand');
  const agent = personAt(run, { task, attempt: number, place });
  const what = unit.tasks.map((each) =>
    taskText(run, each, { attempt: number, plan: current.plan, scope: [] }),
  );
  const end = await agent.work(what.join('\n\n'), 0);
  if (end.kind === 'handover') keepResult(attempt, { task, end, agent });
  const proved =
    end.kind === 'handover' ? await prove(attempt, start, { agent, task, said: saidIn(end) }) : end;
  await place.dispose(`task/${unit.id}/attempt/${number}/discard`);
  if (proved.kind === 'done') return 'done';
  attempt.tell('failed', proved.why);
  if (proved.why === DROPPED) return 'dropped';
  work.failures.set(unit.id, proved.why);
  return 'failed';
}

/** Why a task goes back to the team. */
const DROPPED = 'The person left the task to the team.';
const BY_HAND = 'Done by hand.';
