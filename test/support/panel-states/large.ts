/** Runs that grow, made by the fold: of any size, and with what may happen in one, in any order. */
import { createFold } from '../../../src/core/run/views/state.ts';
import type { JournalLine, RunEvent } from '../../../src/protocol/events.ts';
import type { PlanSpec } from '../../../src/protocol/plan.ts';
import { RunSettings } from '../../../src/protocol/settings.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { report, START, task } from './parts.ts';

export interface GrowingRun {
  readonly view: RunView;
  /** Its journal so far. */
  readonly lines: readonly JournalLine[];
  /** The view after what happens next. */
  grow(...events: readonly RunEvent[]): RunView;
}

const ENDPOINTS = ['large', 'small'] as const;
const TOOLS = ['read_file', 'list_files', 'search', 'edit_file', 'run_command', 'run_tests', 'submit_result'];

const started = (goal: string): RunEvent => ({
  type: 'run.started',
  data: {
    ...{ run: 'run-large', goal, mode: 'team', engine: '1', workspace: 'w', demo: false },
    settings: RunSettings.parse({
      endpoints: ENDPOINTS.map((id) => ({ id, kind: 'scripted', model: id, requestsPerMinute: 60 })),
      routes: { default: [...ENDPOINTS] },
    }),
  },
});

/** Tasks of which each waits for the one seven before it. */
export function planOf(count: number): PlanSpec {
  const tasks = Array.from({ length: count }, (_, at) => {
    const files = [`src/part-${at}/index.js`, `test/part-${at}.test.js`];
    const acceptance = ['Its tests pass on the base and on the change', `\`part${at}()\` says what it did`];
    const depends_on = at < 7 ? [] : [`part-${at - 7}`];
    return task(`part-${at}`, `Give part ${at} a test and a name of its own`, {
      ...{ files, acceptance, depends_on, estimate_tokens: 6000 },
    });
  });
  return { summary: `Give each of ${count} parts a test and a name of its own.`, tasks };
}

const spent = { inputTokens: 1800, outputTokens: 200, costUsd: 0.012, calls: 1 };

/** What one agent does for a task: it is made, asks its model and uses a tool. */
function workOf(id: string, role: string, endpoint: string): readonly RunEvent[] {
  const agent = `task/${id}/attempt/1/${role}`;
  const who = { role, agent, task: id, attempt: 1 };
  const key = `${agent}/round/0/turn/1`;
  const context = { tokens: 12_000, window: 128_000 };
  return [
    {
      type: 'agent.created',
      data: { agent, role, task: id, endpoint, tools: TOOLS, promptDigest: 'd1935c66' },
    },
    {
      ...{ type: 'step.started', key: `${key}/model` },
      data: { kind: 'model', title: `${role} is thinking`, who, digest: '', input: { context } },
    },
    {
      ...{ type: 'step.finished', key: `${key}/model` },
      data: { output: { content: `I look at ${id} first.` }, spent: { ...spent, endpoint } },
    },
    {
      ...{ type: 'step.started', key: `${key}/tool/0` },
      data: {
        ...{ kind: 'tool', title: `Read src/${id}/index.js`, who, digest: '' },
        input: { tool: 'read_file', args: '{}' },
      },
    },
    { type: 'step.finished', key: `${key}/tool/0`, data: { output: { state: 'ok', text: 'text' } } },
    { type: 'agent.changed', data: { agent, state: 'done' } },
  ];
}

/** All that happens for one task, in its order. */
export function lifeOf(id: string): readonly RunEvent[] {
  const turn = `task/${id}/attempt/1`;
  const green = report('green', {
    newlyPassing: [`${id} says what it did`, `${id} is there`],
    added: [`${id} says what it did`],
  });
  return [
    { type: 'task.changed', data: { task: id, state: 'working', attempt: 1 } },
    ...workOf(id, 'coder', 'large'),
    {
      ...{ type: 'message.posted', key: `${turn}/m` },
      data: { from: 'coder', to: 'reviewer', text: `Look at ${id}`, task: id },
    },
    {
      type: 'fact.noted',
      key: `${turn}/f`,
      data: { key: `name of ${id}`, text: `It is ${id}.`, version: 1, by: 'coder', task: id },
    },
    {
      type: 'gate.finished',
      key: `${turn}/gate/0`,
      data: { scope: 'task', task: id, round: 0, report: green },
    },
    ...workOf(id, 'qa', 'small'),
    ...workOf(id, 'reviewer', 'small'),
    {
      type: 'message.delivered',
      key: `${turn}/d`,
      data: { agent: `${turn}/reviewer`, messages: [`${turn}/m`] },
    },
    {
      type: 'review.finished',
      key: `${turn}/review/0`,
      data: { task: id, round: 0, verdict: 'approve', comments: [] },
    },
    { type: 'merge.finished', key: `integrate/${id}/1`, data: { task: id, tree: 't1', conflicts: [] } },
    { type: 'task.changed', data: { task: id, state: 'done', attempt: 1 } },
  ];
}

/** What may happen to a run of these tasks as a whole. */
export function storyOf(plan: PlanSpec): readonly RunEvent[] {
  const [first, ...others] = plan.tasks;
  const id = first?.id ?? '';
  const who = { role: 'coder', agent: `task/${id}/attempt/1/coder`, task: id };
  const question = `question/task/${id}`;
  return [
    { type: 'base.taken', data: { tree: 't0', files: 3, notes: [] } },
    { type: 'plan.proposed', data: { revision: 1, plan, problems: [], costUsd: 1 } },
    { type: 'signal.opened', key: 'plan/1', data: { kind: 'plan', title: 'Approve the plan' } },
    { type: 'signal.received', key: 'plan/1', data: { value: { decision: 'approve' }, from: 'editor' } },
    { type: 'plan.decided', data: { revision: 1, approved: true, by: 'person', plan } },
    { type: 'signal.opened', key: question, data: { kind: 'question', title: 'Which name?', who } },
    { type: 'signal.received', key: question, data: { value: 'part', from: 'editor' } },
    {
      type: 'plan.decided',
      data: { revision: 2, approved: true, by: 'person', plan: { ...plan, tasks: others } },
    },
    { type: 'team.sized', data: { agents: 2, of: 3, why: 'the budget' } },
    { type: 'guard.fired', data: { guard: 'loop', rung: 'told', why: 'It reads the same file.', task: id } },
    { type: 'fact.noted', data: { key: `name of ${id}`, text: 'It is another.', version: 2, by: 'qa' } },
    { type: 'message.dead', data: { message: `task/${id}/attempt/1/m`, why: 'Nobody came.', tries: 1 } },
    { type: 'gate.finished', data: { scope: 'integrated', round: 0, report: report('green') } },
    { type: 'settings.changed', data: { budget: { costUsdMax: 2 } } },
    { type: 'alert.raised', data: { code: 'x', message: 'Something is to be known.' } },
    { type: 'run.draining', data: {} },
    { type: 'run.paused', data: { reason: 'stopped', message: 'You stopped it.', retry: [] } },
    { type: 'run.resumed', data: { engine: '1' } },
    { type: 'summary.written', data: { title: 'Parts', body: 'Each has a name.' } },
    { type: 'run.finished', data: { outcome: 'done', message: 'Done.', partial: false } },
  ];
}

/** A run that has just begun. */
export function growingRun(goal = 'Give each part a test and a name of its own'): GrowingRun {
  const fold = createFold();
  const lines: JournalLine[] = [];
  const grow = (...events: readonly RunEvent[]): RunView => {
    for (const event of events) {
      const seq = lines.length + 1;
      const line = { ...event, v: 1, seq, at: START + seq * 100, prev: '', sum: '' } as const;
      lines.push(line);
      fold.apply(line);
    }
    const view = fold.view();
    if (!view) throw new Error('It begins with its start.');
    return view;
  };
  let view = grow(started(goal));
  return {
    get view() {
      return view;
    },
    lines,
    grow: (...events) => (view = grow(...events)),
  };
}

/** A run of fifty tasks, each of which had three agents; a few are still to be done. */
export function largeRun(): GrowingRun {
  const run = growingRun();
  const plan = planOf(50);
  run.grow(...storyOf(plan).slice(0, 5), ...plan.tasks.flatMap(({ id }) => lifeOf(id)));
  for (const { id } of plan.tasks.slice(-5))
    run.grow({ type: 'task.changed', data: { task: id, state: 'waiting', attempt: 1 } });
  return run;
}

/** One line of the conversation, and nothing else. */
export const noteEvent: RunEvent = { type: 'alert.raised', data: { code: 'note', message: 'A note.' } };
