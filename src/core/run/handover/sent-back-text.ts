/** What a coder is told of a change that the person sent back. */
import type { ReviewRemark } from '../../../protocol/answers.ts';
import { clip } from '../../tools/contract.ts';
import { bullets } from '../agents/prompts.ts';

/** Something that was rejected: where, why, and how it read. */
export interface SentBack {
  readonly path: string;
  readonly reason: string | undefined;
  /** Its lines with "-" and "+"; none for a whole file. */
  readonly lines: readonly string[];
}

/** Longest part of a description that one thing sent back may take, in lines, and all of it, in characters. */
const SENT_BACK_LINES_MAX = 40;
const SENT_BACK_CHARS_MAX = 7_500;

/** What the person rejected and wants mended. */
export function sentBackText(rejected: readonly SentBack[], remarks: readonly ReviewRemark[]): string {
  const out = rejected.map(({ path, reason, lines }) =>
    [
      `${path}: ${reason ?? 'no reason given'}`,
      ...lines.slice(0, SENT_BACK_LINES_MAX),
      ...(lines.length > SENT_BACK_LINES_MAX ? ['…'] : []),
    ].join('\n    '),
  );
  const mend = remarks.map(({ path, line, body }) =>
    path === undefined ? body : `${path}${line === undefined ? '' : `:${line}`}: ${body}`,
  );
  const parts = [
    'The person looked at the change and sends a part of it back.',
    ...(out.length > 0
      ? [
          `They rejected this, and it was taken out of your working copy. Do it as they want it, or do without it:\n${bullets(out)}`,
        ]
      : []),
    ...(mend.length > 0 ? [`They want this mended:\n${bullets(mend)}`] : []),
    'Leave the rest of the change as it is.',
  ];
  return clip(parts.join('\n\n'), SENT_BACK_CHARS_MAX);
}
