/** The parts of the fold that keep tasks, agents and what was spent. */
import * as z from 'zod';
import type { EventData, JournalLine, Spent } from '../../../protocol/events.ts';
import { ancestorsOf } from '../../../protocol/plan-tree.ts';
import type { PlanSpec } from '../../../protocol/plan.ts';
import type { Match } from '../../../protocol/registry.ts';
import type { AgentView, RunView, TaskView } from '../../../protocol/view.ts';
import { keyInStory } from '../journal/upgrade.ts';
import { unitsOf } from '../plan/graph.ts';
import { candidateAfter } from './state-candidates.ts';

/** A step that has begun: what its end is read against. */
export interface StepStart {
  readonly seq: number;
  readonly at: number;
  readonly data: EventData<'step.started'>;
}

export const NO_SPENT: RunView['spent'] = {
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  calls: 0,
  costUsd: 0,
};

/** Unknown cost makes the sum unknown. */
export function addSpent(sum: RunView['spent'], more: Spent): RunView['spent'] {
  return {
    inputTokens: sum.inputTokens + more.inputTokens,
    outputTokens: sum.outputTokens + more.outputTokens,
    cachedTokens: sum.cachedTokens + (more.cachedTokens ?? 0),
    calls: sum.calls + more.calls,
    costUsd: sum.costUsd === null || more.costUsd === null ? null : sum.costUsd + more.costUsd,
  };
}

/** The tasks after a line. */
export function tasksAfter(
  tasks: readonly TaskView[],
  line: JournalLine,
  start: StepStart | undefined,
): readonly TaskView[] {
  switch (line.type) {
    case 'plan.proposed':
    case 'plan.decided':
      return tasksOf(tasks, line.data.plan);
    case 'task.changed': {
      const { task, state, attempt, note } = line.data;
      const changed = change(tasks, task, ({ note: _former, ...old }) => ({
        ...old,
        state,
        attempt,
        ...(note !== undefined && { note }),
      }));
      return state === 'working' ? ancestorsOf(task).reduce(begun, changed) : changed;
    }
    case 'gate.finished': {
      const { task, report } = line.data;
      if (task === undefined) return tasks;
      const after = change(
        tasks,
        task,
        (old) => candidateAfter(old, line, start) ?? { ...old, gate: report },
      );
      return changeTested(after, line.data);
    }
    case 'review.finished': {
      const { task, verdict, comments } = line.data;
      return change(
        tasks,
        task,
        (old) => candidateAfter(old, line, start) ?? { ...old, review: { verdict, comments } },
      );
    }
    case 'blame.found': {
      const blame = line.data;
      return change(tasks, blame.task, (old) => ({ ...old, blame }));
    }
    case 'candidate.changed':
    case 'candidate.chosen':
      return change(tasks, line.data.task, (old) => candidateAfter(old, line, start) ?? old);
    case 'step.finished':
    case 'step.failed': {
      const spent = line.data.spent;
      const task = start?.data.who?.task;
      if (!spent || task === undefined) return tasks;
      const result = resultIn(line);
      return change(tasks, task, (old) => ({
        ...(candidateAfter(old, line, start) ?? old),
        ...(result !== undefined && { result }),
        tokens: old.tokens + spent.inputTokens + spent.outputTokens,
        costUsd: old.costUsd === null || spent.costUsd === null ? null : old.costUsd + spent.costUsd,
      }));
    }
    default:
      return tasks;
  }
}

/** A model's reply, as far as a hand-over is in it. One that is so long that it lies in a blob is not read. */
const HandingOver = z.object({
  toolCalls: z.array(z.object({ name: z.string(), arguments: z.string() })),
});
const Result = z.object({ summary: z.string() });

/** What an author said as it handed over. */
function resultIn({ data }: JournalLine & { type: 'step.finished' | 'step.failed' }): string | undefined {
  const reply = HandingOver.safeParse('output' in data ? data.output : undefined);
  const call = reply.data?.toolCalls.find(({ name }) => name === 'submit_result');
  if (!call) return undefined;
  try {
    return Result.safeParse(JSON.parse(call.arguments)).data?.summary;
  } catch {
    return undefined;
  }
}

function tasksOf(former: readonly TaskView[], plan: PlanSpec): readonly TaskView[] {
  const known = new Map(former.map((task) => [task.spec.id, task]));
  return plan.tasks.map((spec) => {
    const old = known.get(spec.id);
    return old ? { ...old, spec } : { spec, state: 'waiting', attempt: 0, tokens: 0, costUsd: 0 };
  });
}

/** A task is worked on as soon as one of its sub-tasks is, and again where one begins anew. */
const begun = (tasks: readonly TaskView[], id: string): readonly TaskView[] =>
  change(tasks, id, (old) =>
    ['waiting', 'failed', 'blocked'].includes(old.state) ? { ...old, state: 'working' } : old,
  );

/** What was tested as one is one change. Of several that work on a task it is known once one of them is merged. */
function changeTested(
  tasks: readonly TaskView[],
  { scope, task, candidate, change: trees }: EventData<'gate.finished'>,
): readonly TaskView[] {
  if (scope !== 'task' || trees === undefined || candidate !== undefined) return tasks;
  const units = unitsOf({ summary: '', tasks: tasks.map(({ spec }) => spec) });
  const tested = new Set(units.find(({ id }) => id === task)?.tasks.map(({ id }) => id));
  return tasks.map((each) => (tested.has(each.spec.id) ? { ...each, change: trees } : each));
}

function change(
  tasks: readonly TaskView[],
  id: string,
  to: (old: TaskView) => TaskView,
): readonly TaskView[] {
  return tasks.map((task) => (task.spec.id === id ? to(task) : task));
}

/** The merges after a line. */
export function mergesAfter(
  merges: RunView['merges'],
  line: JournalLine,
  start: StepStart | undefined,
): RunView['merges'] {
  if (line.type === 'merge.finished' && line.data.conflicts.length === 0) {
    const note = MergeNote.safeParse(start?.data.input);
    const own = note.success ? { own: note.data.theirs } : {};
    return [...(merges ?? []), { unit: line.data.task, tree: line.data.tree, ...own }];
  }
  const last = merges?.at(-1);
  if (!last || line.type !== 'gate.finished' || line.data.scope !== 'integrated') return merges;
  if (last.unit !== line.data.task || last.verdict !== undefined) return merges;
  return [...(merges ?? []).slice(0, -1), { ...last, verdict: line.data.report.verdict }];
}

/** What the step that looks for a former run's change found. */
const Began = z.object({ tree: z.string() });

/** The tree that the work goes on from, where a line tells it. */
export function beganFrom(line: JournalLine): string | undefined {
  if (line.type === 'base.taken') return line.data.tree;
  if (line.type !== 'step.finished' || keyInStory(line.key ?? '') !== 'start') return undefined;
  return Began.safeParse(line.data.output).data?.tree;
}

/** What a step that merges notes of its input: the tree of the change. */
const MergeNote = z.object({ theirs: z.string() });

/** What a model step notes of its input. */
const ContextNote = z.object({ context: z.object({ tokens: z.number(), window: z.number() }) });

/** The agents after a line. */
export function agentsAfter(
  agents: readonly AgentView[],
  line: JournalLine,
  start: StepStart | undefined,
): readonly AgentView[] {
  if (line.type === 'agent.created') {
    const { agent, role, task, endpoint, matched } = line.data;
    const made = { id: agent, role, state: 'idle', endpoint, turns: 0 };
    return [
      ...agents,
      { ...made, ...(task !== undefined && { task }), ...(matched !== undefined && { matched }) },
    ];
  }
  if (line.type === 'agent.changed') {
    const { agent, state, note } = line.data;
    return alter(agents, agent, ({ note: _former, ...old }) => ({
      ...old,
      state,
      ...(note !== undefined && { note }),
    }));
  }
  if (line.type === 'step.started' && line.data.who?.agent !== undefined) {
    const state = line.data.kind === 'model' ? 'thinking' : 'acting';
    const note = ContextNote.safeParse(line.data.input);
    const context = note.success ? note.data.context : undefined;
    return alter(agents, line.data.who.agent, (old) => ({ ...old, state, ...(context && { context }) }));
  }
  if (line.type === 'step.finished' && start?.data.kind === 'model' && start.data.who?.agent !== undefined) {
    const { facts } = line.data;
    return alter(agents, start.data.who.agent, (old) => ({
      ...old,
      ...answeredBy(facts?.match),
      turns: old.turns + 1,
      state: 'acting',
    }));
  }
  if (line.type === 'signal.opened' && line.data.who?.agent !== undefined)
    return alter(agents, line.data.who.agent, (old) => ({ ...old, state: 'blocked' }));
  if (line.type === 'signal.received')
    return agents.map((agent) =>
      agent.state === 'blocked' && line.key?.includes(agent.id) === true
        ? { ...agent, state: 'acting' }
        : agent,
    );
  if (line.type === 'run.paused' || line.type === 'run.finished') {
    return agents.map((agent) =>
      agent.state === 'thinking' || agent.state === 'acting' ? { ...agent, state: 'idle' } : agent,
    );
  }
  return agents;
}

/** Another endpoint than the one that it was matched to may have answered; that holds until the next call says otherwise. */
function answeredBy(match: Match | undefined): Partial<AgentView> {
  if (!match) return {};
  const { endpoint, why } = match;
  return { endpoint, ...(why !== undefined && { matched: why }) };
}

function alter(
  agents: readonly AgentView[],
  id: string,
  to: (old: AgentView) => AgentView,
): readonly AgentView[] {
  return agents.map((agent) => (agent.id === id ? to(agent) : agent));
}
