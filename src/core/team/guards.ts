/**
 * Tells when an agent goes round in circles, from what it called and what came of it. Pure, so a replay sees the same. A long run that
 * gets on is no loop: whoever reads what it had not read, or leaves files as they never were, makes progress.
 */
import * as z from 'zod';
import { TEAM_LIMITS } from '../limits.ts';
import type { ToolCall } from '../models/contract.ts';
import type { Observation } from '../tools/contract.ts';

/** Arguments of a call, as models write them. */
const Args = z.string().transform((text, context) => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'no object' });
    return z.NEVER;
  }
});

/** What one turn came to. */
export interface Turn {
  /** The calls with what came of them. */
  readonly outcome: string;
  /** The failures among them, without what differs from time to time; "" where there is none. */
  readonly failure: string;
  /** The tree that it left. */
  readonly tree: string;
  /** In words: what was called. */
  readonly called: string;
  /** Something was read or left that had not been before. */
  readonly news: boolean;
  /** It only looked how something gets on that runs. */
  readonly waits: boolean;
}

/** A loop, and what it looks like. */
export interface Loop {
  readonly guard: 'identical' | 'alternating' | 'failing' | 'idle';
  readonly why: string;
}

/** What an agent has seen, to tell what is new. */
export interface Watch {
  readonly turns: Turn[];
  readonly seen: Set<string>;
  /** Turns before this one were looked at when a guard last stepped in. */
  from: number;
  /** Steps of the ladder that were taken, and when the last was. */
  rungs: number;
  firedAt: number;
}

export const createWatch = (): Watch => ({ turns: [], seen: new Set(), from: 0, rungs: 0, firedAt: 0 });

/** Notes a turn; `tree` is what it left. */
export function note(
  watch: Watch,
  calls: readonly ToolCall[],
  results: readonly (Observation | undefined)[],
  tree: string,
): void {
  const told = calls.map(({ name, arguments: args }, at) => ({
    name,
    args,
    state: results[at]?.state ?? 'error',
    text: withoutDurations(results[at]?.text ?? ''),
  }));
  const now = [
    `tree ${tree}`,
    ...told.filter(({ state }) => state === 'ok').map(({ name, text }) => `${name} ${text}`),
  ];
  const news = now.filter((each) => !watch.seen.has(each)).length > 0;
  for (const each of now) watch.seen.add(each);
  watch.turns.push({
    outcome: JSON.stringify(told),
    failure: told
      .filter(({ state }) => state !== 'ok')
      .map(({ name, text }) => `${name} ${withoutTimes(text)}`)
      .join('\n'),
    tree,
    called: told.map(({ name, args }) => `${name} ${shown(args)}`.trim()).join(', '),
    news,
    waits: told.every(({ name }) => name === 'read_output'),
  });
}

const CALLED_CHARS = 120;

/** The words among the arguments, for a person: "npm test" of `{"command":"npm test"}`. */
function shown(args: string): string {
  const { data } = Args.safeParse(args);
  const values = data === undefined ? [] : Object.values(data);
  const words = values.filter((value) => typeof value === 'string' || typeof value === 'number');
  const text = data === undefined ? args : words.join(' ').replaceAll(/\s+/gu, ' ');
  return text.length > CALLED_CHARS ? `${text.slice(0, CALLED_CHARS)}…` : text;
}

/** A duration (`12.3 ms`, `duration_ms 3.1`, `in 0.02s`) or a time of day: it alone tells nothing new. */
const DURATION =
  /\b\d+(?:[.,]\d+)?\s?(?:ms|[µμn]s|s|sec(?:ond)?s?|m|min(?:ute)?s?|h)\b|(?<=duration_ms:?\s)\d+(?:\.\d+)?|\b\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\b/giu;

const withoutDurations = (text: string): string => text.replace(DURATION, '#');

/** Durations, times and numbers of processes differ although the failure is the same. */
const withoutTimes = (text: string): string => text.replace(/\d+(?:[.:]\d+)*/gu, '#');

/** The loop that the latest turns make. */
export function loopIn({ turns, from }: Watch): Loop | undefined {
  const recent = turns.slice(from);
  return identical(recent) ?? alternating(recent) ?? failing(recent) ?? idle(recent);
}

function identical(turns: readonly Turn[]): Loop | undefined {
  const last = turns.slice(-TEAM_LIMITS.identicalTurns);
  const [first] = last;
  if (!first || first.waits || last.length < TEAM_LIMITS.identicalTurns) return undefined;
  if (last.some(({ outcome }) => outcome !== first.outcome)) return undefined;
  return {
    guard: 'identical',
    why: `made the same call ${String(last.length)} times and got the same each time: ${first.called}`,
  };
}

function alternating(turns: readonly Turn[]): Loop | undefined {
  const last = turns.slice(-TEAM_LIMITS.alternatingTurns);
  const [one, other] = last;
  if (!one || !other || last.length < TEAM_LIMITS.alternatingTurns || one.outcome === other.outcome)
    return undefined;
  if (last.some(({ outcome }, at) => outcome !== (at % 2 === 0 ? one : other).outcome)) return undefined;
  return { guard: 'alternating', why: `goes back and forth between ${one.called} and ${other.called}` };
}

function failing(turns: readonly Turn[]): Loop | undefined {
  const last = turns.at(-1);
  if (!last || last.failure === '') return undefined;
  const same = turns.filter(({ failure }) => failure === last.failure);
  // Whoever reads on between failures is looking for the cause; whoever edits in between did not find it.
  const inARow = turns.slice(-TEAM_LIMITS.sameFailures).every((turn) => same.includes(turn));
  const times = inARow ? same.length : new Set(same.map(({ tree }) => tree)).size;
  if (times < TEAM_LIMITS.sameFailures) return undefined;
  const [first = ''] = last.failure.split('\n', 1);
  return { guard: 'failing', why: `met the same failure ${String(times)} times: ${first.slice(0, 200)}` };
}

function idle(turns: readonly Turn[]): Loop | undefined {
  const last = turns.slice(-TEAM_LIMITS.idleTurns);
  if (last.length < TEAM_LIMITS.idleTurns || last.some(({ news }) => news)) return undefined;
  return {
    guard: 'idle',
    why: `neither changed a file nor learned anything new in ${String(last.length)} turns`,
  };
}
