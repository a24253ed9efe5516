/** A run as one Markdown text: the goal, the plan, who said and did what, the evidence, how it ended. A fold like any view (I4). */
import type { GateReport } from '../../../protocol/events.ts';
import type { FactView } from '../../../protocol/team-view.ts';
import type { FeedItem, RunView, TaskView } from '../../../protocol/view.ts';
import { plainText } from '../../policy/terminal-text.ts';
import { fenced } from './record-text.ts';

export function transcriptOf(view: RunView): string {
  const names = new Map(view.tasks.map(({ spec }) => [spec.id, spec.title]));
  const parts = [
    ...headOf(view),
    ...planOf(view),
    '## Conversation',
    ...view.feed.map((item) => itemText(item, names)),
    ...endOf(view),
  ];
  return `${parts.map(plainText).join('\n\n')}\n`;
}

/** A text that may hold Markdown of its own, one level in. */
const quoted = (text: string): string => text.trim().replace(/^/gmu, '> ').replace(/^> $/gmu, '>');

const timeText = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

function headOf(view: RunView): readonly string[] {
  const { inputTokens, outputTokens, calls, costUsd } = view.spent;
  const cost = costUsd === null ? 'cost unknown' : `$${costUsd.toFixed(4)}`;
  return [
    `# ${view.id}`,
    quoted(view.goal),
    [
      `- Status: ${view.status}`,
      `- Began: ${timeText(view.startedAt)}; last change: ${timeText(view.updatedAt)}`,
      `- Spent: ${calls} model calls, ${inputTokens + outputTokens} tokens, ${cost}`,
      ...(view.given ? [`- Attached: ${view.given.map(({ name }) => name).join(', ')}`] : []),
      ...(view.picked === undefined ? [] : [`- Model: ${view.picked}, picked for every role`]),
      ...(view.demo ? ['- Demo: a script spoke for the models'] : []),
      ...(view.forked ? [`- Forked from ${view.forked.run} at line ${view.forked.seq}`] : []),
    ].join('\n'),
  ];
}

function planOf({ plan, tasks }: RunView): readonly string[] {
  if (tasks.length === 0) return [];
  return ['## Plan', ...(plan ? [plan.spec.summary] : []), tasks.map(taskText).join('\n')];
}

function taskText({ spec, state, attempt, tokens }: TaskView): string {
  const facts = [spec.role, state, ...(attempt > 1 ? [`attempt ${attempt}`] : []), `${tokens} tokens`];
  const after = spec.depends_on.length === 0 ? '' : `, after ${spec.depends_on.join(', ')}`;
  return `- **${spec.id}** ${spec.title} (${facts.join(', ')}${after})`;
}

function itemText(item: FeedItem, names: ReadonlyMap<string, string>): string {
  const task = 'task' in item ? item.task : 'who' in item ? item.who.task : undefined;
  const about = task === undefined ? '' : ` · ${names.get(task) ?? task}`;
  const head = (who: string): string => `### ${who}${about} · ${timeText(item.at)}`;
  switch (item.kind) {
    case 'said':
      return [head(item.who.role), ...thinkingText(item.reasoning), item.text].join('\n\n').trim();
    case 'message':
      return `${head(`${item.from} → ${item.to}`)}\n\n${item.text}`;
    case 'tool':
      return toolText(item, head(item.who.role));
    case 'gate':
      return `${head(`Tests (${item.scope})`)}\n\n${gateText(item.report)}`;
    case 'review':
      return `${head(`Review: ${item.verdict}`)}\n\n${item.comments
        .map(({ path, line, severity, body }) => `- ${severity} \`${path}:${line}\`: ${body}`)
        .join('\n')}`.trim();
    case 'consensus':
      return `${head(item.about === 'review' ? 'Several reviewed' : `${item.asker ?? ''} → several`)}\n\n${item.text}`;
    case 'note':
      return `_${item.text}_`;
  }
}

const thinkingText = (reasoning = ''): readonly string[] =>
  reasoning === '' ? [] : [`Thinking:\n\n${quoted(reasoning)}`];

function toolText(item: Extract<FeedItem, { kind: 'tool' }>, head: string): string {
  const result = item.result === undefined || item.result === '' ? [] : [fenced(item.result)];
  return [
    head,
    `**${item.title}** (\`${item.tool}\`, ${item.state})`,
    fenced(item.args, 'json'),
    ...result,
  ].join('\n\n');
}

function gateText({ verdict, totals, reasons, newlyFailing, stillFailing }: GateReport): string {
  const { passed, failed, skipped } = totals;
  const tests = [
    ...newlyFailing.map(({ id }) => `- newly failing: ${id}`),
    ...stillFailing.map(({ id }) => `- still failing: ${id}`),
  ];
  return [
    `**${verdict}**: ${passed} passed, ${failed} failed, ${skipped} skipped`,
    ...reasons.map((reason) => `- ${reason}`),
    ...tests,
  ].join('\n');
}

function endOf({
  team,
  answer,
  summary,
  evidence,
  changes,
  finished,
  paused,
  needs,
}: RunView): readonly string[] {
  const gate = evidence.accepted ?? evidence.integrated;
  const end = finished ?? paused;
  const { facts = [] } = team ?? {};
  return [
    ...(facts.length > 0 ? ['## What the team knows', facts.map(factText).join('\n')] : []),
    ...(answer ? ['## Answer', answer.text, ...sourcesText(answer.sources)] : []),
    ...(summary ? [`## ${summary.title}`, summary.body] : []),
    ...(gate ? ['## Evidence', gateText(gate)] : []),
    ...(changes ? ['## Changes', changes.files.map(fileText).join('\n')] : []),
    ...(needs.length > 0 ? ['## Waits for you', needs.map(({ ask }) => `- ${ask.title}`).join('\n')] : []),
    ...(end ? ['## End', end.message] : []),
  ];
}

const factText = ({ key, text, version, by }: FactView): string =>
  `- **${key}** (version ${String(version)}, ${by}): ${text.replaceAll('\n', '\n  ')}`;

const sourcesText = (sources: readonly string[]): readonly string[] =>
  sources.length === 0 ? [] : [sources.map((source) => `- ${source}`).join('\n')];

const fileText = (file: NonNullable<RunView['changes']>['files'][number]): string =>
  `- ${file.kind} \`${file.path}\` (+${file.additions} −${file.deletions})`;
