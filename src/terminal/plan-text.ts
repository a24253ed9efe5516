/** Plans and their tasks in lines: sub-tasks stand in from their task, `*` marks the critical path. */
import type { PlanCheck } from '../protocol/panel.ts';
import type { TaskEstimate } from '../protocol/plan-events.ts';
import { depthOf } from '../protocol/plan-tree.ts';
import type { PlanSpec, TaskSpec } from '../protocol/plan.ts';
import { planChange, planChangeText } from '../protocol/plan-change.ts';
import { criticalIn, takesOf, type Takes } from '../protocol/task-tree.ts';
import type { RunView, SuggestionView, TaskView } from '../protocol/view.ts';
import { createRegistry } from '../core/team/registry.ts';
import { costText } from './ledger-text.ts';

/** Whether a role of the person's own only reads is not known here. */
const ROLES = createRegistry();

/** A plan before it is carried out, with what is estimated. */
export function planText(plan: PlanSpec, estimates: readonly TaskEstimate[]): string {
  const lines = plan.tasks.map((task) => {
    const estimate = estimates.find((each) => each.task === task.id);
    const likely =
      estimate === undefined
        ? ''
        : `, about ${String(estimate.tokens)} tokens, ${costText(estimate.costUsd)}`;
    return `${indent(task.id)}${task.id} [${task.role}] ${task.title}${traits(task)}${likely}`;
  });
  return [`Plan: ${plan.summary}`, ...lines].join('\n');
}

const indent = (id: string): string => '  '.repeat(depthOf(id) + 1);

/** What is particular about how a task is done. */
function traits({ role, candidates = 1, depends_on, expand }: TaskSpec): string {
  const several = ROLES.writes(role) ? 'best of ' : 'opinions: ';
  return [
    ...(candidates > 1 ? [`, ${several}${String(candidates)}`] : []),
    ...(expand === true ? [', broken down when its turn comes'] : []),
    ...(depends_on.length > 0 ? [` (after ${depends_on.join(', ')})`] : []),
  ].join('');
}

/** A line for each task with how far it is, who works on it, what it takes and may write. */
export function taskLines(view: RunView): ReadonlyMap<string, string> {
  const critical = new Set(criticalIn(view));
  return new Map(
    view.tasks.map((task) => {
      const { spec, state, note } = task;
      const model = view.agents.findLast(
        (each) => each.task === spec.id && each.role === spec.role,
      )?.endpoint;
      const facts = [
        ...(model === undefined ? [] : [`asked ${model}`]),
        ...takesWords(takesOf(task, view.tasks, view.plan?.estimates)),
        ...(spec.files ? [`writes ${spec.files.join(' ')}`] : []),
        ...(spec.depends_on.length > 0 ? [`after ${spec.depends_on.join(', ')}`] : []),
        ...(spec.topics ? [`follows ${spec.topics.join(' ')}`] : []),
        ...conditionWords(spec),
      ];
      const more = facts.length === 0 ? '' : `; ${facts.join('; ')}`;
      const line = `${spec.id} [${spec.role}] ${state}: ${spec.title}${note === undefined ? '' : ` (${note})`}${more}`;
      return [spec.id, `${indent(spec.id).slice(2)}${critical.has(spec.id) ? '* ' : '  '}${line}`];
    }),
  );
}

/** All that is known of a task, in lines. */
export function taskText(view: RunView, { spec, result, gate, review }: TaskView): string {
  const { id, description, acceptance } = spec;
  return [
    taskLines(view).get(id) ?? '',
    `\n${description}`,
    ...(acceptance.length > 0 ? [`\nDone when:\n${acceptance.map((each) => `  ${each}`).join('\n')}`] : []),
    ...(result === undefined ? [] : [`\nIts author: ${result}`]),
    ...(gate ? [`\nTests: ${gate.verdict}. ${gate.reasons.join(' ')}`] : []),
    ...(review
      ? [
          `\nReview: ${review.verdict === 'approve' ? 'approved' : 'changes requested'}`,
          ...review.comments.map(({ path, line, body }) => `  ${path}:${String(line)} ${body}`),
        ]
      : []),
  ].join('\n');
}

const conditionWords = ({ when, requires = [] }: TaskView['spec']): readonly string[] => [
  ...(when ? [`only if ${when.task} is ${when.is}`] : []),
  ...(requires.length > 0 ? [`requires ${requires.join(', ')}`] : []),
];

/** What is to be known of a plan that holds: what serves whatever its tasks require, and what else there is. */
export const checkLines = ({ notes = [], requirements = [] }: PlanCheck): readonly string[] => [
  ...requirements.map(({ task, requires, by }) => `  ${task} requires ${requires}: ${by.join(', ')}`),
  ...notes.map((note) => `  ${note}`),
];

/** What a task has taken of what was estimated. */
function takesWords({ tokens, costUsd, likely }: Takes): readonly string[] {
  if (tokens === 0)
    return likely ? [`about ${String(likely.tokens)} tokens, ${costText(likely.costUsd)}`] : [];
  const of = (what: string): string => (likely ? ` of about ${what}` : '');
  return [
    `${String(tokens)}${of(String(likely?.tokens))} tokens, ${costText(costUsd)}${likely === undefined || likely.costUsd === null ? '' : of(costText(likely.costUsd))}`,
  ];
}

/** What a question about a plan is about, where a planner wants another one in mid-run. */
export const suggestionFor = ({ suggestions = [] }: RunView, signal: string): SuggestionView | undefined =>
  suggestions.find(({ key }) => signal === key || signal.startsWith(`${key}/`));

/** Sub-tasks, or what would be different in the plan. */
export function suggestedText({ plan }: RunView, suggestion: SuggestionView): string {
  const { kind, estimates, costUsd } = suggestion;
  const tokens = estimates.reduce((sum, each) => sum + each.tokens, 0);
  const different =
    kind === 'replan' && plan ? [`Different: ${planChangeText(planChange(plan.spec, suggestion.plan))}`] : [];
  return [
    planText(suggestion.plan, estimates),
    ...different,
    `Estimated in all: about ${String(tokens)} tokens, ${costText(costUsd)}`,
    kind === 'breakdown' ? '("end": it is done in one go)' : '("end": the plan stays as it is)',
  ].join('\n');
}
