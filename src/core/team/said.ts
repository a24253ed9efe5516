/** The messages of an agent's conversation, each with what it is. */
import type { ChatMessage } from '../models/contract.ts';

/** What a message is in the conversation. */
type Part =
  /** What a round begins with: the task, a red gate, a review. */
  | { readonly kind: 'round' }
  | { readonly kind: 'reminder' }
  /** A message from the person or a teammate. */
  | { readonly kind: 'heard' }
  /** A picture that came with a result. */
  | { readonly kind: 'shown' }
  | { readonly kind: 'reply' }
  | {
      readonly kind: 'observation';
      readonly tool: string;
      readonly args: string;
      readonly state: 'ok' | 'error' | 'denied';
      /** Under which the whole text can be read on. */
      readonly handle: string;
    };

/** One message of the conversation. Everything up to the first reply is turn 0; a reply begins its turn. */
export type Said = Part & { readonly turn: number; readonly message: ChatMessage };
