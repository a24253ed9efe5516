/** What entries of the audit log rest on. */
import type { JournalLine } from '../../../protocol/events.ts';

/** A line that an entry rests on. */
export interface Proof {
  readonly seq: number;
  readonly type: string;
  readonly sum: string;
}

export const proofOf = ({ seq, type, sum }: JournalLine): Proof => ({ seq, type, sum });

export const timeText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
