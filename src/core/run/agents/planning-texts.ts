/** What planners and reviewers are told of plans within plans, and of another plan that is wanted in mid-run. */
import type { TaskSpec } from '../../../protocol/plan.ts';
import { neutralTokens } from '../../policy/untrusted.ts';
import type { Stuck, Work } from '../attempt.ts';
import { goalText } from '../attached.ts';
import { evidenceText } from '../gate/evidence-text.ts';
import { bullets } from './prompts.ts';

/** Characters of what each task came to that a planner is told. */
const RESULT_CHARS = 600;

/** What the planner is told who breaks a task down. */
export function breakdownText(work: Work, task: TaskSpec): string {
  const { run, current } = work;
  const { id, title, description, acceptance, files } = task;
  return [
    `Task: ${id}`,
    `Goal of the whole run: ${goalText(run)}`,
    `Break down this task of the plan, whose turn has come:\n${title}\n${neutralTokens(description)}`,
    ...(acceptance.length > 0 ? [`It is done when:\n${bullets(acceptance)}`] : []),
    ...(files ? [`Its sub-tasks may write only: ${files.join(', ')}`] : []),
    `The plan as it stands:\n${run.fence('the plan', JSON.stringify(current.plan))}`,
    ...learntText(work, ({ id: other }) => other !== id),
    `Look at the project as it is now, then hand over its sub-tasks alone, at most ${String(run.settings.limits.tasks - current.plan.tasks.length)}, with short ids of their own; they wait only for one another. What the task waits for is done, and what waits for it waits for all of them. One sub-task is right where there is nothing to part.`,
  ].join('\n\n');
}

/** What a planner may not change. */
interface Fixed {
  readonly isDone: (task: string) => boolean;
  /** Tasks that the person works on. */
  readonly byHand: readonly string[];
}

/** What the planner is told where a task is stuck while others go on. */
export function stuckText(work: Work, { task, evidence }: Stuck, { isDone, byHand }: Fixed): string {
  const { run, current } = work;
  const done = current.plan.tasks.filter(({ id }) => isDone(id)).map(({ id }) => id);
  return [
    `Task: ${task}`,
    `Goal of the whole run: ${goalText(run)}`,
    `The task ${task} of the plan is stuck while it is carried out. The plan is:\n${run.fence('the plan', JSON.stringify(current.plan))}`,
    `What happened, with the evidence:\n${run.fence('the run', evidence)}`,
    ...learntText(work, ({ id }) => id !== task),
    `Done, merged and to be left in the plan word for word: ${done.join(', ') || 'nothing'}. Your tools show the project with that.`,
    ...(byHand.length === 0
      ? []
      : [
          `The person works on these themselves, so they are to be left word for word as well: ${byHand.join(', ')}.`,
        ]),
    `Find out why it is stuck and hand over the whole plan again with what is to be different: another description, other dependencies or files, other tasks in its place. Tasks that you leave as they are go on undisturbed. Where the plan is right as it is, hand it over unchanged: then the agent goes on by itself.`,
  ].join('\n\n');
}

/** How far the others are, and what they came to. */
function learntText({ run, results }: Work, which: (task: TaskSpec) => boolean): readonly string[] {
  const lines = [...run.team.crew.tasks.values()]
    .filter(({ spec }) => which(spec))
    .map(({ spec: { id }, state }) => {
      const said = results.get(id)?.text.slice(0, RESULT_CHARS);
      return `${id}: ${state}${said === undefined || said === '' ? '' : `. ${said}`}`;
    });
  return lines.length === 0
    ? []
    : [`What the other tasks came to:\n${run.fence('the team', bullets(lines))}`];
}

interface Closing {
  readonly attempt: number;
  readonly parts: readonly string[];
  readonly diffs: readonly string[];
}

const OUTGROWN =
  'The task was changed to this after some of its sub-tasks were done: see that what these did still fits it.';

/** What the reviewer is told who holds the whole against what it was to be. */
export function closingText(work: Work, task: TaskSpec, { attempt, parts, diffs }: Closing): string {
  const { run, integration, current } = work;
  const { fence } = run;
  const verdict = integration.verdict();
  return [
    `Task: ${task.id}`,
    `Attempt: ${String(attempt)}`,
    `The sub-tasks of this task are done and merged. Each was reviewed by itself; look whether they come to the whole.\n\n${task.title}\n${neutralTokens(task.description)}`,
    ...(current.outgrown.has(task.id) ? [OUTGROWN] : []),
    ...(task.acceptance.length > 0 ? [`Done means:\n${bullets(task.acceptance)}`] : []),
    ...learntText(work, ({ id }) => parts.includes(id)),
    ...(verdict
      ? [
          `Tests on the merged tree: ${verdict.verdict}; ${String(verdict.totals.passed)} passed, ${String(verdict.totals.failed)} failed.`,
          ...evidenceText(verdict).map((text) => fence('the tests', text)),
        ]
      : []),
    diffs.length === 0
      ? 'What they changed is in the project as your tools show it.'
      : `What they changed:\n${fence('the diffs', diffs.join('\n\n'))}`,
  ].join('\n\n');
}
