/** Decisions of a review that were made in several calls: kept until they are handed in. */
import * as z from 'zod';
import type { Decided, Named, OfferedFile } from './review-decided.ts';

const Place = z.object({
  path: z.string(),
  /** Id of the hunk, which stays when numbers do not; absent: the whole file. */
  hunk: z.string().optional(),
});
const Kept = z.object({
  revision: z.number().int(),
  accept: z.array(Place),
  reject: z.array(Place.extend({ reason: z.string().optional() })),
  edited: z.record(z.string(), z.string()),
  say: z.string().optional(),
});

export const NOTHING: Decided = { accepts: [], rejects: [], edited: {} };

export const isNothing = ({ accepts, rejects, edited, say }: Decided): boolean =>
  accepts.length + rejects.length + Object.keys(edited).length === 0 && say === undefined;

/**
 * What was kept, as far as it is still offered. In a later round only what was accepted holds on, where it reads the same. What cannot
 * be read counts as nothing.
 */
export function parseKept(
  text: string | undefined,
  offered: readonly OfferedFile[],
  revision: number,
): Decided {
  const kept = text === undefined ? undefined : Kept.safeParse(parsed(text)).data;
  if (!kept) return NOTHING;
  const find = <P extends z.infer<typeof Place>>({ path, hunk, ...more }: P) => {
    const file = offered.find((each) => each.file.path === path);
    const number = file?.hunks.find((each) => each.hunk.id === hunk)?.number;
    return file && (hunk === undefined || number !== undefined) ? [{ path, number, ...more }] : [];
  };
  if (kept.revision !== revision)
    return { ...NOTHING, accepts: kept.accept.flatMap(find).filter(({ number }) => number !== undefined) };
  const paths = offered.map(({ file }) => file.path);
  return {
    accepts: kept.accept.flatMap(find),
    rejects: kept.reject.flatMap(find),
    edited: Object.fromEntries(Object.entries(kept.edited).filter(([path]) => paths.includes(path))),
    say: kept.say,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function keptText(decided: Decided, offered: readonly OfferedFile[], revision: number): string {
  const place = ({ path, number, reason }: Named) => {
    const file = offered.find((each) => each.file.path === path);
    const hunk = file?.hunks.find((each) => each.number === number)?.hunk.id;
    return { path, ...(hunk !== undefined && { hunk }), ...(reason !== undefined && { reason }) };
  };
  return JSON.stringify({
    revision,
    accept: decided.accepts.map(place),
    reject: decided.rejects.map(place),
    edited: decided.edited,
    say: decided.say,
  } satisfies z.infer<typeof Kept>);
}

/** A later decision takes the place of those before it on the same hunk; one on a file, of all on the file. */
export function together(before: Decided, now: Decided): Decided {
  const later = [...now.accepts, ...now.rejects];
  const stays = ({ path, number }: Named) =>
    !Object.hasOwn(now.edited, path) &&
    !later.some((each) => each.path === path && (each.number === undefined || each.number === number));
  const isNamedNow = (path: string) => later.some((each) => each.path === path);
  return {
    accepts: [...before.accepts.filter(stays), ...now.accepts],
    rejects: [...before.rejects.filter(stays), ...now.rejects],
    edited: {
      ...Object.fromEntries(Object.entries(before.edited).filter(([path]) => !isNamedNow(path))),
      ...now.edited,
    },
    say: now.say ?? before.say,
  };
}

/** What is decided on a hunk, or, without a number, on a file. */
export function decisionOn(
  { accepts, rejects, edited }: Decided,
  path: string,
  number?: number,
): string | undefined {
  if (Object.hasOwn(edited, path)) return 'your text';
  const about = (list: readonly Named[], at: number | undefined) =>
    list.find((each) => each.path === path && each.number === at);
  for (const at of new Set([number, undefined])) {
    const rejected = about(rejects, at);
    if (rejected) return rejected.reason === undefined ? 'rejected' : `rejected: ${rejected.reason}`;
    if (about(accepts, at)) return 'accepted';
  }
  return undefined;
}
