/** From what a person names at the terminal to the answer that a review takes. */
import type { Rejection, ReviewAnswer } from '../protocol/answers.ts';
import type { Decided, Named, OfferedFile } from './review-decided.ts';
import { UsageError } from './usage-error.ts';

/** What was typed. Things are named `path` or `path:number of the hunk`. */
export interface ReviewChoices {
  readonly accept: readonly string[];
  readonly reject: readonly string[];
  /** One for each of `reject`, or one for all. */
  readonly reasons: readonly string[];
  /** Own texts: `path=file that holds it`. */
  readonly edits: readonly string[];
  readonly sendBack: boolean;
  readonly discard: boolean;
  /** For the team, of the whole change. */
  readonly say: string | undefined;
  /** Drop what was decided in earlier calls. */
  readonly forget: boolean;
  /** Tell where each hunk comes from. */
  readonly why: boolean;
  /** A question to the team about a part: `path:number=question`. */
  readonly ask: string | undefined;
}

/** What was named. Errors: `UsageError` where something is named that is not offered, or more is said than goes together. */
export function decidedBy(
  choices: ReviewChoices,
  offered: readonly OfferedFile[],
  edited: Readonly<Record<string, string>>,
): Decided {
  if (choices.reasons.length > 0 && choices.reject.length === 0)
    throw new UsageError('--reason says why something is rejected: give --reject, too.');
  const decided = {
    accepts: choices.accept.map((text) => named(text, offered)),
    rejects: choices.reject.map((text, at) => ({ ...named(text, offered), reason: reasonAt(choices, at) })),
    edited,
    say: choices.say,
  };
  for (const path of Object.keys(edited)) {
    named(path, offered);
    if ([...decided.accepts, ...decided.rejects].some((each) => each.path === path))
      throw new UsageError(`${path} is taken as you edited it, so it is not accepted or rejected besides.`);
  }
  return decided;
}

/** The answer that decisions come to. */
export function answerOf(
  choices: Pick<ReviewChoices, 'sendBack' | 'discard'>,
  offered: readonly OfferedFile[],
  { accepts, rejects, edited, say }: Decided,
): ReviewAnswer {
  if (choices.discard)
    return {
      decision: 'discard',
      accepted: [],
      rejected: offered.map(({ file }) => ({ path: file.path })),
      edited: {},
    };
  const isTaken = accepts.length === 0 || choices.sendBack;
  const fates = offered.map((each) => fateOf(each, { accepts, rejects, isTaken, edited }));
  return {
    decision: choices.sendBack ? 'revise' : 'apply',
    accepted: fates.flatMap(({ accepted }) => accepted),
    rejected: fates.flatMap(({ rejected }) => rejected),
    edited: { ...edited },
    ...(say !== undefined && { remarks: [{ body: say }] }),
  };
}

function reasonAt({ reject, reasons }: ReviewChoices, at: number): string | undefined {
  if (reasons.length > 1 && reasons.length !== reject.length)
    throw new UsageError('--reason is given once for all that is rejected, or once for each --reject.');
  return reasons.length === 1 ? reasons[0] : reasons[at];
}

/** Errors: `UsageError`. */
export function named(text: string, offered: readonly OfferedFile[]): Named {
  const whole = offered.find(({ file }) => file.path === text);
  if (whole) return { path: text, number: undefined };
  const [, path = text, digits = ''] = /^(.*):(\d+)$/u.exec(text) ?? [];
  const part = offered.find(({ file }) => file.path === path);
  if (!part) throw new UsageError(`The change set has no file "${path}".`);
  const number = Number(digits);
  if (part.hunks.some((hunk) => hunk.number === number)) return { path, number };
  throw new UsageError(
    part.hunks.length === 0
      ? `${path} is taken or left as a whole.`
      : `${path} has the parts 1 to ${part.hunks.length}, not ${digits}.`,
  );
}

interface Said {
  readonly accepts: readonly Named[];
  readonly rejects: readonly Named[];
  /** What becomes of what is not named. */
  readonly isTaken: boolean;
  readonly edited: Readonly<Record<string, string>>;
}

interface Fate {
  readonly accepted: readonly string[];
  readonly rejected: readonly Rejection[];
}

const because = (reason: string | undefined) => (reason === undefined ? {} : { reason });

function fateOf({ file: { path }, hunks }: OfferedFile, said: Said): Fate {
  const about = (list: readonly Named[], number?: number) =>
    list.find((each) => each.path === path && each.number === number);
  if (Object.hasOwn(said.edited, path)) return { accepted: [path], rejected: [] };
  const left = about(said.rejects);
  const isLeft = left !== undefined || (!about(said.accepts) && !said.isTaken);
  const parts = hunks.filter(
    ({ number }) => about(said.rejects, number) ?? (isLeft && !about(said.accepts, number)),
  );
  if (isLeft && parts.length === hunks.length)
    return { accepted: [], rejected: [{ path, ...because(left?.reason) }] };
  return {
    accepted: parts.length < hunks.length || hunks.length === 0 ? [path] : [],
    rejected: parts.map(({ number, hunk }) => ({
      path,
      hunk: hunk.id,
      ...because((about(said.rejects, number) ?? left)?.reason),
    })),
  };
}
