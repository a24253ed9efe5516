/** What is offered for review at the terminal, and what was decided on it. */
import type { ReviewHunk } from '../core/run/handover/provenance.ts';
import type { ChangedFile } from '../protocol/events.ts';

/** A file with its hunks; none where it is taken or left as a whole. */
export interface OfferedFile {
  readonly file: ChangedFile;
  readonly hunks: readonly ReviewHunk[];
}

export interface Named {
  readonly path: string;
  readonly number: number | undefined;
  readonly reason?: string | undefined;
}

/** What was decided so far, with hunks by their number in the file. */
export interface Decided {
  readonly accepts: readonly Named[];
  readonly rejects: readonly Named[];
  readonly edited: Readonly<Record<string, string>>;
  readonly say?: string | undefined;
}
