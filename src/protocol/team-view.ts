/** What views show of a team at work: its messages, and later whatever else its members share. Part of `RunView`. */
import type { AnsweredData, ConsensusData } from './consensus.ts';
import type { EventData } from './events.ts';

/** A message and what became of it. */
export interface MessageView extends EventData<'message.posted'> {
  /** The line that posted it. */
  readonly id: number;
  readonly key: string;
  readonly at: number;
  /** `dead`: nobody it was for read it; `why` says why not. `resent`: the person sent it again. */
  readonly state: 'waiting' | 'read' | 'dead' | 'resent';
  /** Agents that read it. */
  readonly readBy: readonly string[];
  readonly why?: string;
  /** Of several it was for, those that it did not reach, and why not. */
  readonly missed?: readonly { readonly agent: string; readonly why: string }[];
}

/** Somebody it was for will not read it, and it was not sent again. */
export const isDead = ({ state, missed = [] }: MessageView): boolean =>
  state === 'dead' || (state !== 'resent' && missed.length > 0);

/** Somebody it was for has not read it. It can be sent again while the run is not finished. */
export const isUnread = (message: MessageView): boolean => message.state === 'waiting' || isDead(message);

/** Why it is dead, in words; "" where nobody says. */
export const deadText = ({ why, missed = [] }: MessageView): string =>
  [...(why === undefined ? [] : [why]), ...missed.map((each) => each.why)].join(' ');

/** Something that the team has established, as it stands now. */
export interface FactView extends EventData<'fact.noted'> {
  /** The line that noted it. */
  readonly id: number;
  readonly at: number;
  /** What this version took the place of, and who had said so. */
  readonly former?: { readonly text: string; readonly by: string };
}

/** One edge of the wait-for graph: agents by id, tasks by id, `person`, `slot`, `budget`, `endpoint:<id>`. */
export interface Wait {
  readonly who: string;
  readonly on: string;
  readonly why: string;
}

/** What the name of an endpoint begins with in a wait. */
export const ENDPOINT = 'endpoint:';

export interface TeamView {
  /** The latest, oldest first. */
  readonly messages: readonly MessageView[];
  /** The one noted last at the end. */
  readonly facts: readonly FactView[];
  /** Where guards stepped in, and what each tried. */
  readonly guards: readonly (EventData<'guard.fired'> & { readonly at: number })[];
  /** What several said who were asked the same, the latest of each task. */
  readonly consensus: readonly ConsensusData[];
  /** Questions that several answered, the latest. */
  readonly answered?: readonly (AnsweredData & { readonly at: number })[];
  /** How many work at once, where something but the plan and the limit of it holds somebody back. */
  readonly size?: EventData<'team.sized'>;
  /** Who waits for whom now; empty in a run that is over. */
  readonly waits: readonly Wait[];
}

/**
 * True where a message has the words in its text or headers, or a word is who it is from or to, its kind, its state or its task. A header is
 * also found by its name: `attempt:2`.
 */
export function isAbout(message: MessageView, words: string): boolean {
  const { from, to, task = '', kind = 'notification', state, text, headers = {} } = message;
  const named = Object.entries(headers).flatMap(([name, value]) =>
    [value, ...value.split(', ')].map((each) => `${name}:${each}`),
  );
  const fields = [from, to, task, kind, state, ...named].map((field) => field.toLowerCase());
  const told = [text, headers['event'] ?? ''].join('\n').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => fields.includes(word.replace(/^@/u, '')) || told.includes(word));
}
