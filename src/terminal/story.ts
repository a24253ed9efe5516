/** A run told in lines, as its journal grows. */
import { commandIn } from '../core/qa/checks/check.ts';
import { plainText } from '../core/policy/terminal-text.ts';
import { guardText } from '../core/run/views/guard-text.ts';
import { limitText } from '../core/run/views/limit-text.ts';
import { answeredText, consensusText } from '../core/team/consensus.ts';
import {
  compactedText,
  DRAINING,
  keptText,
  matchText,
  sizedText,
  suggestionText,
  upgradedText,
} from '../core/run/views/state-feed.ts';
import { blameLines } from '../protocol/blame-lines.ts';
import { badgeOf } from '../protocol/enforced.ts';
import type { EventData, GateReport, JournalLine } from '../protocol/events.ts';
import type { NeedView, RunView } from '../protocol/view.ts';
import { aloneText, evidenceLines } from './evidence-text.ts';
import { candidateLine, ofCandidate } from './candidates-text.ts';
import { costText } from './ledger-text.ts';
import { planText, suggestedText, suggestionFor } from './plan-text.ts';

/**
 * Tells a run line by line: what a line tells a person, undefined where it tells nothing. Remembers how calls were named, and what it
 * said last.
 */
export function createStory(): (line: JournalLine) => string | undefined {
  const calls = new Map<string, string>();
  let last = '';
  let alone = false;
  return (line) => {
    if (line.type === 'run.started') alone = line.data.mode === 'qa' && line.data.settings.qa !== undefined;
    if (alone && line.type === 'gate.finished') return aloneText(line.data);
    const text = refusalText(line, calls) ?? textOf(line);
    if (text === undefined) return undefined;
    if (line.type === 'step.started' && line.key !== undefined) calls.set(line.key, text);
    const plain = plainText(text);
    const isEnd = line.type === 'run.paused' || line.type === 'run.finished';
    const said = isEnd ? beyond(plain, last.trim()) : plain;
    last = plain;
    return said === '' ? undefined : said;
  };
}

/** An end repeats what it comes of, and may add what to do. */
function beyond(text: string, last: string): string {
  return last !== '' && text.startsWith(last) ? text.slice(last.length).trimStart() : text;
}

const REFUSAL_CHARS_MAX = 240;

/** A call that was refused or failed; undefined for any other line. */
function refusalText(line: JournalLine, calls: Map<string, string>): string | undefined {
  if (line.type !== 'step.finished' || line.key === undefined) return undefined;
  const call = calls.get(line.key);
  calls.delete(line.key);
  const { output, brief = '' } = line.data;
  const state = typeof output === 'object' && output !== null && 'state' in output ? output.state : 'ok';
  if (call === undefined || (state !== 'error' && state !== 'denied')) return undefined;
  const lines = brief.trim().split('\n');
  const end = lines.at(-1) ?? '';
  const why = end.startsWith('[') ? end.replace(/^\[|\]$/g, '') : (lines[0] ?? '');
  return `${call}: ${shortened(why, REFUSAL_CHARS_MAX)}`;
}

/** At most so many characters, with a sign where some are left out. */
export function shortened(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1)}…`;
}

/** Longest goal told with its run, in characters. */
export const GOAL_CHARS_MAX = 1000;

/** What was given with the goal, and what of it nobody is told. */
function givenText({ images = [], attached = [] }: EventData<'run.started'>): string {
  const names = [
    ...images.map(({ name }) => name),
    ...attached.map(({ name, withheld }) =>
      withheld === undefined ? name : `${name} (${withheld} that look like secrets left out)`,
    ),
  ];
  return names.length === 0 ? '' : `\nAttached: ${names.join(', ')}`;
}

function textOf(line: JournalLine): string | undefined {
  switch (line.type) {
    case 'run.started':
      return `Run ${line.data.run}${line.data.demo ? ' (demo: a script speaks for the models)' : ''}\nGoal: ${shortened(line.data.goal, GOAL_CHARS_MAX)}${givenText(line.data)}`;
    case 'base.taken':
      return [`Looked at ${line.data.files} files.`, ...line.data.notes].join('\n  ');
    case 'plan.proposed':
      return line.data.problems.length > 0
        ? `The plan was sent back: ${line.data.problems.join(' ')}`
        : undefined;
    case 'plan.decided':
      return line.data.approved
        ? planText(line.data.plan, line.data.estimates ?? [])
        : 'The plan was not approved.';
    case 'plan.suggested':
    case 'suggestion.decided':
      return suggestionText(line);
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
    case 'tests.found':
      return testsText(line.data);
    case 'gate.finished':
      return gateLine(line.data);
    case 'blame.found':
      return blameLines(line.data).join('\n  ');
    case 'candidate.changed':
    case 'candidate.chosen':
      return candidateLine(line);
    case 'review.finished':
      return [
        `Review of ${line.data.task}${ofCandidate(line.data.candidate)}: ${line.data.verdict === 'approve' ? 'approved' : 'changes requested'}`,
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
    case 'consensus.reached':
      return consensusText(line.data);
    case 'consensus.answered':
      return answeredText(line.data);
    case 'guard.fired':
      return `  ${guardText(line.data)}`;
    case 'agent.created':
      return line.data.passed ? `  ${matchText(line.data)}` : undefined;
    case 'team.sized':
      return `  ${sizedText(line.data)}`;
    case 'hand.kept':
      return `${keptText(line.data)} "quartet kept RUN" shows it and gives it back.`;
    case 'run.upgraded':
      return upgradedText(line.data);
    case 'fact.noted':
      return `  ${line.data.by} notes ${line.data.key}: ${line.data.text}`;
    case 'context.compacted':
      return `  ${compactedText(line.data)}`;
    case 'limit.reached':
      return limitText(line.data);
    case 'run.draining':
      return DRAINING;
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
function gateLine({ scope, task, candidate, report }: EventData<'gate.finished'>): string {
  const where = `Tests ${SCOPES[scope]}${task === undefined ? '' : ` ${task}`}${ofCandidate(candidate)}`;
  if (scope !== 'baseline') return [`${where}: ${gateText(report)}`, ...evidenceLines(report)].join('\n');
  return [`${where}: ${totals(report)}`, ...(noneRan(report) ? reasons(report) : [])].join('\n');
}

/** How the tests are run, and what else is asked of a change. */
function testsText({ found, command, why, said, checks }: EventData<'tests.found'>): string {
  if (!found) return why;
  const own = said === 'found' ? ' Say that it is right, or what is: quartet tests' : '';
  const also = checks.map(commandIn).join(', ');
  return `Tests: ${command}. ${why}${own}${also === '' ? '' : `\n  Also: ${also}`}`;
}

function noneRan({ totals: { passed, failed, skipped } }: GateReport): boolean {
  return passed + failed + skipped === 0;
}

function totals(report: GateReport): string {
  if (noneRan(report)) return 'no tests ran';
  const { passed, failed, skipped } = report.totals;
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

export function gateText(report: GateReport): string {
  const verdict = report.verdict === 'notProved' ? 'not proved' : report.verdict;
  return [`${verdict}; ${totals(report)}`, ...reasons(report)].join('\n');
}

/** A plan with what it will likely cost, task by task and in all. */
const estimatedText = (plan: NonNullable<RunView['plan']>): string =>
  `${planText(plan.spec, plan.estimates ?? [])}\n${totalText(plan)}`;

function totalText({ costUsd, estimates = [] }: NonNullable<RunView['plan']>): string {
  const tokens = estimates.reduce((sum, each) => sum + each.tokens, 0);
  return `Estimated in all: ${tokens === 0 ? '' : `about ${tokens} tokens, `}${costText(costUsd)}`;
}

function reasons(report: GateReport): readonly string[] {
  return report.reasons.slice(0, 5).map((reason) => `  ${reason}`);
}

/** The plan that a question is about. */
function planAsked(signal: string, view: RunView): string | undefined {
  const suggestion = suggestionFor(view, signal);
  if (suggestion) return suggestedText(view, suggestion);
  return view.plan && estimatedText(view.plan);
}

/** What a run asks, in lines. Only a question's own options are answers to it as they stand. */
export function needText({ signal, ask }: NeedView, view: RunView): string {
  const plan = ask.kind === 'plan' ? planAsked(signal, view) : undefined;
  const detail = plan ?? ask.detail;
  const options = ask.kind === 'question' ? (ask.options ?? []) : [];
  return plainText(
    [
      ask.title,
      ...(detail === undefined ? [] : [detail]),
      ...(ask.folder === undefined ? [] : [`  folder: ${ask.folder}`]),
      ...(options.length > 0 ? [`  (${options.join(' / ')})`] : []),
      ...(ask.always ? [`  always: ${ask.always.join('; ')}`] : []),
    ].join('\n'),
  );
}
