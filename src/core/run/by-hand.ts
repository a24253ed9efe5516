/**
 * A task that a person does themselves: they stand where an agent would, in its working copy, and what they give back is recorded, gated,
 * reviewed and merged like anybody's.
 */
import { HandAnswer } from '../../protocol/people.ts';
import type { TaskSpec } from '../../protocol/plan.ts';
import type { Agent, RoundEnd } from '../team/agent.ts';
import type { CopyPlace } from './place.ts';
import type { Run } from './run.ts';

export interface Hand {
  readonly task: TaskSpec;
  readonly attempt: number;
  readonly place: CopyPlace;
}

/** The person as whoever works on the task. `work` asks them, and records the copy as they leave it. */
export function personAt(run: Run, { task, attempt, place }: Hand): Agent {
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

/** Why a task goes back to the team. */
export const DROPPED = 'The person left the task to the team.';
const BY_HAND = 'Done by hand.';
