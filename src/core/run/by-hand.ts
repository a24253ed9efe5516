/**
 * A task that a person does themselves: they stand where an agent would, in a folder of their own, and what they give back is recorded,
 * gated, reviewed and merged like anybody's. Nothing that they did is lost, whatever becomes of the task: it is part of the result, goes on
 * to the next attempt, or is kept and named.
 */
import { HandAnswer, type HandKept } from '../../protocol/people.ts';
import type { TaskSpec } from '../../protocol/plan.ts';
import type { Agent, RoundEnd } from '../team/agent.ts';
import { saidIn, type Attempt, type Hand, type Site, type Work } from './attempt.ts';
import {
  ANYTHING,
  folderOf,
  handOf,
  openCopied,
  openHand,
  removeHand,
  sayKept,
  testedOf,
} from './hand-folder.ts';
import type { Opened } from './hand-folder.ts';
import type { Unit } from './plan/graph.ts';
import { keepResult } from './perform.ts';
import { createPlace, type CopyPlace } from './place.ts';
import { taskText } from './agents/prompts.ts';
import { prove } from './prove.ts';
import { nextAttempt, teller } from './work.ts';

interface Person {
  readonly task: TaskSpec;
  readonly attempt: number;
  readonly site: Site;
  readonly hand: Hand;
  /** Where what they give back is tested. */
  readonly place: CopyPlace;
}

/** The person as whoever works on the task. `work` asks them, and records the folder as they leave it. */
function personAt(own: Work, { task, attempt, site, hand, place }: Person): Agent {
  const { steps } = own.run;
  const key = `task/${task.id}/attempt/${attempt}/person`;
  const who = { role: 'person', agent: key, task: task.id, attempt };
  const open = async (round: number): Promise<Opened> => {
    const tree = place.tree();
    const opening = { kind: 'copy' as const, title: 'Open the working copy', who, input: tree };
    const opened = await steps.step<Opened | string>(`${key}/round/${round}/open`, opening, async () => {
      const { root, marked } = await openHand(own, hand, tree);
      return marked.length === 0 ? root : { root, marked };
    });
    const { root, marked, copied } = typeof opened === 'string' ? { root: opened, marked: [] } : opened;
    Object.assign(hand, { root, seen: tree, from: site.start, isOpen: true });
    return { root, marked, ...(copied !== undefined && { copied }) };
  };
  /** A fork finds the question asked and its folder not made: that is done beside the question, which others may not wait for. */
  const remake = async (round: number, { copied }: Opened): Promise<void> => {
    const tree = place.tree();
    const spec = { kind: 'copy' as const, title: 'Open the working copy', who, input: tree };
    // A copy of a copy finds the steps of those before it in its record.
    for (let n = 1; n <= (copied ?? 0); n++)
      await steps.step(`${key}/round/${round}/open/copied/${n}`, spec, () => openCopied(own, hand, tree));
  };
  return {
    who,
    endpoint: undefined,
    taint: { by: undefined },
    hearFrom: () => undefined,
    async work(say, round): Promise<RoundEnd> {
      const opened = await open(round);
      const { root, marked } = opened;
      hand.isAsked = true;
      const [given] = await Promise.all([
        steps.signal(`hand/${task.id}/${attempt}/${round}`, {
          kind: 'hand',
          title: `You work on: ${task.title}`,
          detail: marked.length === 0 ? say : `${markedText(marked)}\n\n${say}`,
          folder: root,
          copy: { id: hand.id, from: hand.from },
          options: ['Give back', 'Leave it to the team'],
          who,
        }),
        remake(round, opened),
      ]);
      const answer = HandAnswer.parse(given);
      hand.isAsked = false;
      const keeping = { kind: 'tree' as const, title: 'Record what you changed', who, input: null };
      const tree = await steps.step(`${key}/round/${round}/snapshot`, keeping, () =>
        folderOf(own, hand).record(),
      );
      hand.seen = tree;
      place.moveTo(tree);
      if (answer.decision === 'drop') return { kind: 'failed', why: DROPPED };
      return { kind: 'handover', tool: 'submit_result', value: { summary: answer.summary ?? BY_HAND } };
    },
  };
}

/**
 * The person works on a unit. `left`: where an agent was with it, or they themselves. `dropped`: they left it to the team.
 */
export async function workByHand(
  work: Work,
  unit: Unit,
  left: Site | undefined,
): Promise<'done' | 'failed' | 'dropped'> {
  const { run, current, sites } = work;
  const task = unit.tasks.at(-1);
  if (!task) return 'failed';
  const start = left?.start ?? work.integration.tree();
  const tree = left?.place?.tree() ?? left?.hand?.seen ?? start;
  const number = nextAttempt(work, unit);
  const id = `${unit.id}-${number}`;
  const hand = left?.hand ?? handOf(id, tree, start);
  const place = createPlace(run, { id: testedOf(id), base: work.base, tree, scope: ANYTHING });
  const site = { place, hand, attempt: number, start };
  sites.set(unit.id, site);
  const attempt: Attempt = { work, unit, number, place, tell: teller(run, unit, number) };
  attempt.tell('working', 'by hand');
  const agent = personAt(work, { task, attempt: number, site, hand, place });
  const what = unit.tasks.map((each) => {
    const text = taskText(run, each, { attempt: number, plan: current.plan, scope: [], isByHand: true });
    return unit.tasks.length === 1 ? text : `${each.title}\n${text}`;
  });
  const end = await agent.work([...(left?.hand ? [CARRIED] : []), ...what].join('\n\n'), 0);
  if (end.kind === 'handover') keepResult(attempt, { task, end, agent });
  const proved =
    end.kind === 'handover' ? await prove(attempt, start, { agent, task, said: saidIn(end) }) : end;
  const key = `task/${unit.id}/attempt/${number}/discard`;
  const later = await removeHand(work, hand, { key, input: id });
  sites.set(unit.id, { attempt: number, start: site.start });
  const isDone = proved.kind === 'done';
  const why = isDone ? WENT_ON : proved.why;
  const kept: HandKept = {
    ...{ task: task.id, attempt: number, why, tree: later ?? hand.seen },
    from: isDone ? hand.seen : hand.from,
  };
  sayKept(work, kept);
  if (proved.kind === 'done') return 'done';
  attempt.tell('failed', proved.why);
  if (proved.why === DROPPED) return 'dropped';
  work.failures.set(unit.id, proved.why);
  return 'failed';
}

/** Why a task goes back to the team. */
const DROPPED = 'The person left the task to the team.';
const BY_HAND = 'Done by hand.';
const CARRIED = 'What you have done so far lies in the folder as you left it. The task reads now:';
/** Why something is kept although the task is done. */
const WENT_ON = 'You went on editing after you had given it back.';

const markedText = (paths: readonly string[]): string =>
  `What came back and what you did since differ in the same places. Both versions are marked in: ${paths.join(', ')}.`;
