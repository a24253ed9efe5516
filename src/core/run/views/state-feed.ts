/** The part of the fold that makes the conversation: which line shows as what. */
import * as z from 'zod';
import type { Actor, EventData, JournalLine } from '../../../protocol/events.ts';
import { blameLines } from '../../../protocol/blame-lines.ts';
import type { FeedItem } from '../../../protocol/view.ts';
import { answeredText, consensusText } from '../../team/consensus.ts';
import { guardText } from './guard-text.ts';
import { limitText } from './limit-text.ts';
import type { StepStart } from './state-parts.ts';

/** An item for the feed. `slot` is the key of the step it shows: a later item of the same slot takes its place. */
export interface FeedEntry {
  readonly item: FeedItem;
  readonly slot?: string;
}

/** What a tool step notes of its input. */
const ToolNote = z.object({ tool: z.string(), args: z.string() });
const ToolOutput = z.object({ state: z.enum(['ok', 'error', 'denied']) });
const ReplyOutput = z.object({ content: z.string(), reasoning: z.string().optional() });
const NOBODY: Actor = { role: 'host' };

/** What a line shows as; undefined where it shows as nothing. `former` is the item of the line's key, if there is one. */
export function feedOf(
  line: JournalLine,
  start: StepStart | undefined,
  former: FeedItem | undefined,
): FeedEntry | undefined {
  switch (line.type) {
    case 'step.started':
      return toolStarted(line);
    case 'step.finished':
      return start?.data.kind === 'model' ? replied(line, start) : toolEnded(line, former);
    case 'step.failed':
      return failed(line, start, former);
    case 'message.posted':
      return messaged(line);
    case 'gate.finished': {
      const { scope, task, candidate, report } = line.data;
      const of = { ...(task !== undefined && { task }), ...(candidate !== undefined && { candidate }) };
      return { item: { kind: 'gate', id: line.seq, at: line.at, scope, report, ...of } };
    }
    case 'review.finished':
      return { item: { kind: 'review', id: line.seq, at: line.at, ...line.data } };
    case 'consensus.reached':
      return { item: reviewedBySeveral(line) };
    case 'consensus.answered':
      return { item: answeredBySeveral(line) };
    default:
      return noted(line);
  }
}

function reviewedBySeveral({ seq, at, data }: JournalLine & { type: 'consensus.reached' }): FeedItem {
  const { task, how, because, split, verdict, votes } = data;
  return {
    kind: 'consensus',
    id: seq,
    at,
    about: 'review',
    task,
    role: 'reviewer',
    because,
    how,
    split,
    decided: verdict,
    votes: votes.map(({ endpoint, weight, verdict: vote, why }) => ({
      endpoint,
      weight,
      text: why,
      ...(vote === 'none' ? { silent: true as const } : { choice: vote }),
    })),
    text: consensusText(data),
  };
}

function answeredBySeveral({ seq, at, data }: JournalLine & { type: 'consensus.answered' }): FeedItem {
  const { task, role, asker, question, because, how, split, decided, said, votes } = data;
  return {
    kind: 'consensus',
    id: seq,
    at,
    about: 'question',
    role,
    asker,
    question,
    because,
    how,
    split,
    votes: votes.map(({ endpoint, weight, choice, text, silent }) => ({
      endpoint,
      weight,
      text,
      ...(choice !== undefined && { choice }),
      ...(silent && { silent }),
    })),
    text: answeredText(data),
    ...(task !== undefined && { task }),
    ...(decided !== undefined && { decided }),
    ...(said !== undefined && { said }),
  };
}

function messaged(line: JournalLine & { type: 'message.posted' }): FeedEntry {
  const { from, to, text, task } = line.data;
  return {
    item: { kind: 'message', id: line.seq, at: line.at, from, to, text, ...(task !== undefined && { task }) },
  };
}

function toolStarted(line: JournalLine & { type: 'step.started' }): FeedEntry | undefined {
  const note =
    line.data.kind === 'tool' || line.data.kind === 'tests' ? ToolNote.safeParse(line.data.input) : undefined;
  if (!note?.success || line.key === undefined) return undefined;
  const { tool, args } = note.data;
  const who = line.data.who ?? NOBODY;
  const item: FeedItem = {
    kind: 'tool',
    id: line.seq,
    at: line.at,
    who,
    tool,
    args,
    title: line.data.title,
    state: 'running',
  };
  return { item, slot: line.key };
}

function toolEnded(
  line: JournalLine & { type: 'step.finished' },
  former: FeedItem | undefined,
): FeedEntry | undefined {
  if (former?.kind !== 'tool' || line.key === undefined) return undefined;
  const output = ToolOutput.safeParse(line.data.output);
  const { facts } = line.data;
  const state = facts?.state ?? (output.success ? output.data.state : 'ok');
  const result = line.data.brief ?? '';
  const { enforced, pictured } = facts ?? {};
  const item = {
    ...former,
    state,
    result,
    durationMs: line.at - former.at,
    ...(enforced && { enforced }),
    ...(pictured && { pictured }),
  };
  return { item, slot: line.key };
}

function replied(line: JournalLine & { type: 'step.finished' }, start: StepStart): FeedEntry | undefined {
  const output = ReplyOutput.safeParse(line.data.output);
  const text = output.success ? output.data.content : (line.data.brief ?? '');
  const reasoning = output.success ? output.data.reasoning : undefined;
  if (text.trim() === '' && reasoning === undefined) return undefined;
  const item: FeedItem = {
    kind: 'said',
    id: line.seq,
    at: line.at,
    who: start.data.who ?? NOBODY,
    text,
    ...(reasoning !== undefined && { reasoning }),
  };
  return { item };
}

function failed(
  line: JournalLine & { type: 'step.failed' },
  start: StepStart | undefined,
  former: FeedItem | undefined,
): FeedEntry {
  const text =
    line.data.advice === undefined ? line.data.message : `${line.data.message} ${line.data.advice}`;
  if (former?.kind === 'tool' && line.key !== undefined) {
    return {
      item: { ...former, state: 'error', result: text, durationMs: line.at - former.at },
      slot: line.key,
    };
  }
  const task = start?.data.who?.task;
  return {
    item: {
      kind: 'note',
      id: line.seq,
      at: line.at,
      level: 'error',
      text,
      ...(task !== undefined && { task }),
    },
  };
}

function noted(line: JournalLine): FeedEntry | undefined {
  const note = planNoteOf(line) ?? noteOf(line);
  return note && { item: { kind: 'note', id: line.seq, at: line.at, ...note } };
}

type Note = { readonly level: 'info' | 'warning' | 'error'; readonly text: string; readonly task?: string };

/** What is said of a run that was asked to pause and has not come to rest. */
export const DRAINING = 'You asked it to pause: what is under way ends first, nothing new begins.';

function planNoteOf(line: JournalLine): Note | undefined {
  if (line.type === 'plan.proposed')
    return line.data.problems.length > 0
      ? { level: 'warning', text: `The plan was sent back: ${line.data.problems.join(' ')}` }
      : undefined;
  if (line.type !== 'plan.suggested' && line.type !== 'suggestion.decided') return undefined;
  const text = suggestionText(line);
  return text === undefined
    ? undefined
    : { level: line.type === 'plan.suggested' ? 'warning' : 'info', text, task: line.data.task };
}

function noteOf(line: JournalLine): Note | undefined {
  switch (line.type) {
    case 'base.taken':
      return {
        level: 'info',
        text: [`Looked at the workspace: ${String(line.data.files)} files.`, ...line.data.notes].join(' '),
      };
    case 'run.draining':
      return { level: 'info', text: DRAINING };
    case 'run.paused':
      return {
        level: line.data.reason === 'stopped' || line.data.reason === 'closed' ? 'info' : 'warning',
        text: line.data.message,
      };
    case 'run.finished':
      // The answer says so itself.
      if (line.data.outcome === 'answered') return undefined;
      return { level: line.data.outcome === 'failed' ? 'error' : 'info', text: line.data.message };
    case 'limit.reached':
      return {
        level: 'warning',
        text: `${limitText(line.data)}.`,
        ...taskOf(line.data.who),
      };
    case 'change.refused':
      return { level: 'warning', text: `Your change was not made: ${line.data.problems.join(' ')}` };
    case 'hand.kept':
      return { level: 'warning', text: keptText(line.data), task: line.data.task };
    case 'settings.changed':
      return { level: 'info', text: settingsText(line.data) };
    case 'alert.raised':
      return { level: 'warning', text: line.data.message, ...taskOf(line.data.who) };
    case 'team.sized':
      return { level: 'info', text: sizedText(line.data) };
    case 'agent.created':
      return line.data.passed
        ? { level: 'info', text: matchText(line.data), ...taskOf(line.data) }
        : undefined;
    case 'run.upgraded':
      return { level: 'info', text: upgradedText(line.data) };
    case 'guard.fired':
      return { level: 'warning', text: guardText(line.data), ...taskOf(line.data) };
    case 'context.compacted':
      return { level: 'info', text: compactedText(line.data), ...taskOf(line.data.who) };
    case 'blame.found':
      return { level: 'warning', text: blameLines(line.data).join('\n'), task: line.data.task };
    case 'candidate.chosen':
      return { level: 'info', text: choiceText(line.data), task: line.data.task };
    case 'merge.finished':
      return line.data.conflicts.length > 0
        ? {
            level: 'warning',
            text: `Conflicts while merging: ${line.data.conflicts.join(', ')}.`,
            task: line.data.task,
          }
        : undefined;
    case 'changes.applied':
      return { level: 'info', text: `Applied ${String(line.data.files.length)} files to your workspace.` };
    default:
      return undefined;
  }
}

function choiceText({ task, candidate, by, why }: EventData<'candidate.chosen'>): string {
  const who = by === 'person' ? 'You chose' : 'Chosen:';
  return `${who} candidate ${candidate} of ${task}. ${why}`;
}

export const keptText = ({ task, why }: EventData<'hand.kept'>): string =>
  `What you did by hand on "${task}" is no part of the result. It is kept as long as the run is. ${why}`;

function settingsText({ autonomy, budget, concurrency }: EventData<'settings.changed'>): string {
  const parts = [
    ...(autonomy === undefined ? [] : [`autonomy "${autonomy}"`]),
    ...(budget ? ['other limits'] : []),
    ...(concurrency === undefined ? [] : [`${String(concurrency)} tasks at once`]),
  ];
  return `From here on: ${parts.join('; ')}.`;
}

function taskOf(who: Pick<Actor, 'task'> | undefined): { task?: string } {
  return who?.task === undefined ? {} : { task: who.task };
}

/** What planners want to be different in mid-run, and what became of it. Nothing is told of what a person is asked about. */
export function suggestionText(
  line: JournalLine & { type: 'plan.suggested' | 'suggestion.decided' },
): string | undefined {
  const { task, kind } = line.data;
  if (line.type === 'plan.suggested') {
    const { problems } = line.data;
    const what = kind === 'breakdown' ? `The sub-tasks of ${task} were` : `Another plan for ${task} was`;
    return problems.length === 0 ? undefined : `${what} sent back: ${problems.join(' ')}`;
  }
  const { taken, by, why } = line.data;
  if (taken)
    return kind === 'breakdown' ? `${task} is broken down.` : `Another plan was taken, as ${task} was stuck.`;
  if (by === 'person')
    return kind === 'breakdown' ? `${task} is done in one go.` : 'The plan stays as it is.';
  return `${kind === 'breakdown' ? `${task} could not be broken down` : 'There is no other plan'}: ${why ?? ''}`;
}

/** How many work at once and what bounds it, for a person. */
export const sizedText = ({ agents, of, why }: EventData<'team.sized'>): string =>
  agents < of
    ? `Team of ${String(agents)}, though ${String(of)} could work at once: ${why}.`
    : `Team of ${String(agents)}: nothing else holds it back any more.`;

/** Why an agent asks another endpoint than the first of its role, for a person. */
export const matchText = ({ role, endpoint, matched = '' }: EventData<'agent.created'>): string =>
  `${role} is matched to ${endpoint}: ${matched}.`;

/** Why a run goes on task by task, for a person. */
export const upgradedText = ({ why }: EventData<'run.upgraded'>): string =>
  `The run goes on task by task. ${why}`;

/** What an agent's compacted context tells a person. */
export function compactedText({
  who,
  why,
  before,
  after,
  window,
  turns,
}: EventData<'context.compacted'>): string {
  const because = { near: [], refused: ['its model refused more'], cut: ['its model read no more'] }[why];
  const short = turns === 0 ? [] : [`${turns === 1 ? 'one turn is' : `${turns} turns are`} told in short`];
  const more = [...because, ...short].join('; ');
  return `${who.role}: context compacted, ${thousands(before)} to ${thousands(after)} tokens of ${thousands(window)}${more === '' ? '' : `: ${more}`}.`;
}

const thousands = (tokens: number): string =>
  tokens < 10_000 ? String(tokens) : `${Math.round(tokens / 1000)}k`;
