/** What a person points at with a goal: places as they stand, and texts in a fence, since nobody vouches for those (I8). */
import { randomBytes } from 'node:crypto';
import { attachedText } from '../../core/policy/untrusted.ts';

/** 1-based, both ends included. */
export interface Lines {
  readonly from: number;
  readonly to: number;
}

export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
}

/** Most problems that go with a goal (I10). */
const PROBLEMS_MAX = 30;

/** A place as the team names it: it reads it with its own tools. */
export const placeText = (path: string, lines?: Lines): string => {
  if (lines === undefined) return path;
  return lines.from === lines.to
    ? `${path}, line ${lines.from}`
    : `${path}, lines ${lines.from} to ${lines.to}`;
};

/** A text that was found somewhere, in a fence of its own. */
export const attached = (origin: string, text: string): string =>
  attachedText(text, origin, randomBytes(6).toString('hex'));

export function problemsText(problems: readonly Problem[]): string {
  const shown = problems.slice(0, PROBLEMS_MAX);
  const rest = problems.length - shown.length;
  return [
    ...shown.map(
      ({ path, line, severity, message }) => `${path}:${line}: ${severity}: ${message.replace(/\s+/gu, ' ')}`,
    ),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ].join('\n');
}
