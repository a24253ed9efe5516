/** What views show of a team at work: its messages, and later whatever else its members share. Part of `RunView`. */
import type { ConsensusData } from './consensus.ts';
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
}

/** One edge of the wait-for graph: agents by id, tasks by id, `person`, `merge queue`, `budget`. */
export interface Wait {
  readonly who: string;
  readonly on: string;
  readonly why: string;
}

export interface TeamView {
  /** The latest, oldest first. */
  readonly messages: readonly MessageView[];
  /** What the team has established, as it stands now. */
  readonly facts: readonly (EventData<'fact.noted'> & { readonly at: number })[];
  /** Where guards stepped in, and what each tried. */
  readonly guards: readonly (EventData<'guard.fired'> & { readonly at: number })[];
  /** What several said who were asked the same, the latest of each task. */
  readonly consensus: readonly ConsensusData[];
  /** Who waits for whom now; empty in a run that is over. */
  readonly waits: readonly Wait[];
}

/** True where a message has the words in its text, or a word is who it is from or to, its kind, its state or its task. */
export function isAbout(message: MessageView, words: string): boolean {
  const { from, to, task = '', kind = 'notification', state, text } = message;
  const fields = [from, to, task, kind, state];
  return words
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => fields.includes(word.replace(/^@/u, '')) || text.toLowerCase().includes(word));
}
