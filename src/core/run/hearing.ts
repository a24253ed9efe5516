/** Whether a run can hear what a person wants to tell it, as it stands. What has changed when it hears of it is judged then. Pure. */
import { Change } from '../../protocol/people.ts';
import type { RunView, TaskView } from '../../protocol/view.ts';
import { createRegistry } from '../team/registry.ts';

/** Why not, and what to do instead. */
export interface Refusal {
  readonly code:
    | 'run.over'
    | 'message.nobody'
    | 'change.invalid'
    | 'task.unknown'
    | 'task.early'
    | 'task.over'
    | 'task.taken';
  readonly message: string;
  readonly advice: string;
}

const OVER: Refusal = {
  code: 'run.over',
  message: 'The run has finished; nobody is there to hear of it.',
  advice: 'Continue it with another goal.',
};

/** `to` is the team, a role, a task, an agent or a `#topic`. */
export function whyNotSaid(view: RunView, to: string): Refusal | undefined {
  if (view.finished) return OVER;
  const { agents, tasks } = view;
  const names = [...tasks.map(({ spec }) => spec.id), ...new Set(agents.map(({ role }) => role))];
  const known = new Set([
    ...['team', ...createRegistry().names, ...names],
    ...agents.map(({ id }) => id),
    ...tasks.map(({ spec }) => spec.role),
  ]);
  if (to.startsWith('#') || known.has(to)) return undefined;
  return {
    code: 'message.nobody',
    message: `Nobody of this run is called "${to}".`,
    advice: `Say it to one of: ${['team', ...names].join(', ')}.`,
  };
}

export function whyNotChanged(view: RunView, change: Change): Refusal | undefined {
  if (view.finished) return OVER;
  const { success, error } = Change.safeParse(change);
  if (!success) {
    const [issue] = error.issues;
    const message = `This cannot be changed so: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`;
    return { code: 'change.invalid', message, advice: 'Correct it and try again.' };
  }
  return change.do === 'take' ? whyNotTaken(view, change.task) : undefined;
}

function whyNotTaken({ plan, tasks, needs }: RunView, id: string): Refusal | undefined {
  if (plan && plan.decided !== 'approved')
    return {
      code: 'task.early',
      message: 'The plan is not approved, so no task of it can be taken yet.',
      advice: 'Decide about the plan first.',
    };
  const task = tasks.find(({ spec }) => spec.id === id);
  if (!task) {
    const ids = tasks.map(({ spec }) => spec.id).join(', ');
    const advice = `Tasks: ${ids === '' ? 'none yet' : ids}.`;
    return { code: 'task.unknown', message: `The run has no task "${id}".`, advice };
  }
  if (isOver(task))
    return { code: 'task.over', message: `Task "${id}" is ${task.state}.`, advice: 'Take one that is not.' };
  const { ask } = needs.find(({ ask: { kind, who } }) => kind === 'hand' && who?.task === id) ?? {};
  if (!ask) return undefined;
  const where = ask.folder === undefined ? '' : `, in ${ask.folder}`;
  return {
    code: 'task.taken',
    message: `You work on "${id}" yourself already${where}.`,
    advice: 'Give it back, or leave it to the team, before you take it again.',
  };
}

const isOver = ({ state }: TaskView): boolean => state === 'done' || state === 'skipped';
