/** A question about a change that waits for review, in the words that the team gets: with the change, and what the record says of it. */
import type { ReviewHunk } from './provenance.ts';

export interface AboutHunk {
  readonly path: string;
  readonly hunk: ReviewHunk;
  /** What the record says, in paragraphs. Texts of models, so they go in a fence. */
  readonly record: readonly string[];
}

const SIGNS = { context: ' ', added: '+', removed: '-' } as const;

/** `fence` encloses a text that nobody vouches for. */
export function questionText(
  question: string,
  { path, hunk: { hunk }, record }: AboutHunk,
  fence: (origin: string, text: string) => string,
): string {
  const lines = hunk.lines.map(({ kind, text }) => `${SIGNS[kind]} ${text.replace(/\r?\n$/u, '')}`);
  return [
    question,
    `It is about a change to ${path} at line ${hunk.oldStart}. A team proposed it, and it is not applied: the files that you read are as they were before. Say where the record leaves it open, and do not guess.`,
    fence('the change', lines.join('\n')),
    ...(record.length > 0 ? [fence('what the record says of it', record.join('\n\n'))] : []),
  ].join('\n\n');
}
