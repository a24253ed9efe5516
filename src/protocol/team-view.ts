/** What views show of a team at work: its messages, and later whatever else its members share. Part of `RunView`. */
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

export interface TeamView {
  /** The latest, oldest first. */
  readonly messages: readonly MessageView[];
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
