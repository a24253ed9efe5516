/** A run told in lines, as its journal grows. */
import { plainText } from '../core/policy/terminal-text.ts';
import { badgeOf } from '../protocol/enforced.ts';
import type { EventData, GateReport, JournalLine } from '../protocol/events.ts';
import type { NeedView, RunView } from '../protocol/view.ts';

/** What a line tells a person; undefined where it tells nothing. */
export function told(line: JournalLine): string | undefined {
  const text = textOf(line);
  return text === undefined ? undefined : plainText(text);
}

function textOf(line: JournalLine): string | undefined {
  switch (line.type) {
    case 'run.started':
      return `Run ${line.data.run}${line.data.demo ? ' (demo: a script speaks for the models)' : ''}\nGoal: ${line.data.goal}`;
    case 'base.taken':
      return [`Looked at ${line.data.files} files.`, ...line.data.notes].join('\n  ');
    case 'plan.proposed':
      return line.data.problems.length > 0
        ? `The plan was sent back: ${line.data.problems.join(' ')}`
        : undefined;
    case 'plan.decided':
      return line.data.approved ? planText(line.data.plan) : 'The plan was not approved.';
    case 'task.changed':
      return `${line.data.task}: ${line.data.state}${line.data.note === undefined ? '' : ` (${line.data.note})`}`;
    case 'step.started':
      return line.data.kind === 'tool' || line.data.kind === 'tests'
        ? `  ${line.data.who?.task ?? line.data.who?.role ?? ''}: ${line.data.title}`
        : undefined;
    case 'message.posted':
      return `  ${line.data.from} to ${line.data.to}: ${line.data.text}`;
    default:
      return endText(line);
  }
}

function endText(line: JournalLine): string | undefined {
  switch (line.type) {
    case 'gate.finished':
      return gateLine(line.data);
    case 'review.finished':
      return [
        `Review of ${line.data.task}: ${line.data.verdict === 'approve' ? 'approved' : 'changes requested'}`,
        ...line.data.comments.map((each) => `  ${each.path}:${each.line} ${each.body}`),
      ].join('\n');
    case 'summary.written':
      return `\n${line.data.title}\n\n${line.data.body}\n`;
    case 'answer.written':
      return `\n${line.data.text}${line.data.sources.length > 0 ? `\n\nSources: ${line.data.sources.join(', ')}` : ''}\n`;
    case 'changes.proposed':
      return [
        'Changed:',
        ...line.data.files.map(
          (file) => `  ${file.kind.padEnd(8)} ${file.path} (+${file.additions} -${file.deletions})`,
        ),
      ].join('\n');
    case 'step.finished':
      return badgeText(line);
    case 'step.failed':
    case 'alert.raised':
      return line.data.message;
    case 'limit.reached':
      return `Limit reached: ${line.data.limit} (${line.data.value})`;
    case 'run.paused':
    case 'run.finished':
      return line.data.message;
    default:
      return undefined;
  }
}

/** What a command was held to. Tasks work side by side, so it says whose. */
function badgeText({ key = '', data }: JournalLine & { type: 'step.finished' }): string | undefined {
  if (!data.facts?.enforced) return undefined;
  const task = /(?:^|\/)task\/([^/]+)\//u.exec(key)?.[1];
  return `  ${task === undefined ? '' : `${task}: `}[${badgeOf(data.facts.enforced)}]`;
}

const SCOPES = {
  baseline: 'on the base',
  task: 'of',
  integrated: 'on the integrated tree, with',
  accepted: 'on what you accepted',
};

/** The base has counts, not a verdict: there is nothing to hold it against. */
function gateLine({ scope, task, report }: EventData<'gate.finished'>): string {
  const where = `Tests ${SCOPES[scope]}${task === undefined ? '' : ` ${task}`}`;
  return scope === 'baseline' ? `${where}: ${totals(report)}` : `${where}: ${gateText(report)}`;
}

function totals({ totals: { passed, failed, skipped } }: GateReport): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function planText(plan: {
  summary: string;
  tasks: readonly { id: string; title: string; role: string; depends_on: readonly string[] }[];
}): string {
  const tasks = plan.tasks.map(
    (task) =>
      `  ${task.id} [${task.role}] ${task.title}${task.depends_on.length > 0 ? ` (after ${task.depends_on.join(', ')})` : ''}`,
  );
  return [`Plan: ${plan.summary}`, ...tasks].join('\n');
}

export function gateText(report: GateReport): string {
  const verdict = report.verdict === 'notProved' ? 'not proved' : report.verdict;
  return [`${verdict}; ${totals(report)}`, ...report.reasons.slice(0, 5).map((reason) => `  ${reason}`)].join(
    '\n',
  );
}

/** What a run asks, in lines. */
export function needText(need: NeedView, view: RunView): string {
  const plan = need.ask.kind === 'plan' && view.plan ? [planText(view.plan.spec)] : [];
  const options = need.ask.options ? [`  (${need.ask.options.join(' / ')})`] : [];
  return plainText(
    [need.ask.title, ...(need.ask.detail === undefined ? [] : [need.ask.detail]), ...plan, ...options].join(
      '\n',
    ),
  );
}
