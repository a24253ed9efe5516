/**
 * The team's blackboard: what its members have established, each under a key, with a version and who says so. A fact is changed by
 * compare-and-set, so that nobody overwrites what they have not read. A fold of the story: a replay has the same.
 */
import type { EventData } from '../../protocol/events.ts';
import { TEAM_LIMITS } from '../limits.ts';

export type Fact = EventData<'fact.noted'>;

export type Noted =
  /** `isFull`: an older one gave way to it. */
  | { readonly ok: true; readonly fact: Fact; readonly isFull: boolean }
  /** `current` is what stands there now. */
  | { readonly ok: false; readonly why: string; readonly current: Fact | undefined };

export interface Facts {
  /** `seen` is the version that its author knows; absent: none. */
  note(fact: Omit<Fact, 'version'>, seen: number | undefined): Noted;
  /** As it was noted in a former life. */
  keep(fact: Fact): void;
  get(key: string): Fact | undefined;
  /** The facts that have most to do with the words, as many as fit. */
  about(words: string, charsMax: number): readonly Fact[];
  readonly count: number;
}

export function createFacts(max: number = TEAM_LIMITS.facts): Facts {
  const facts = new Map<string, Fact>();
  /** Of those that gave way too: a version stands for one text, for ever. */
  const versions = new Map<string, number>();
  const put = (fact: Fact): boolean => {
    versions.set(fact.key, fact.version);
    facts.delete(fact.key);
    facts.set(fact.key, fact);
    const isFull = facts.size > max;
    for (const oldest of facts.keys()) if (facts.size > max) facts.delete(oldest);
    return isFull;
  };
  return {
    note(fact, seen) {
      const current = facts.get(fact.key);
      const last = versions.get(fact.key) ?? 0;
      const isKnown = (seen ?? 0) === (current?.version ?? 0) || (!current && seen === last);
      if (!isKnown) return { ok: false, why: conflictText(fact.key, current), current };
      const noted = { ...fact, version: last + 1 };
      return { ok: true, fact: noted, isFull: put(noted) };
    },
    keep: put,
    get: (key) => facts.get(key),
    about: (words, charsMax) => fitting(ranked([...facts.values()], words), charsMax),
    get count() {
      return facts.size;
    },
  };
}

function conflictText(key: string, current: Fact | undefined): string {
  if (!current) return `There is no fact "${key}" now: note it without a version.`;
  return `"${key}" stands at version ${String(current.version)}. Read it, and give that version to change it.`;
}

/** Words that tell something, in lower case. */
const wordsOf = (text: string): ReadonlySet<string> =>
  new Set(text.toLowerCase().match(/[\p{L}\p{N}_]{3,}/gu));

function ranked(facts: readonly Fact[], words: string): readonly Fact[] {
  const wanted = wordsOf(words);
  const rank = (fact: Fact): number =>
    [...wordsOf(`${fact.key} ${fact.text}`)].filter((word) => wanted.has(word)).length;
  const latest = facts.map((fact, at) => ({ fact, at, rank: rank(fact) }));
  return latest.sort((one, other) => other.rank - one.rank || other.at - one.at).map(({ fact }) => fact);
}

function fitting(facts: readonly Fact[], charsMax: number): readonly Fact[] {
  let left = charsMax;
  return facts.filter((fact) => {
    const takes = factText(fact).length + 1;
    if (takes > left) return false;
    left -= takes;
    return true;
  });
}

/** A fact with what it takes to change it. Further lines are set in: none of them can pass for a fact of somebody else. */
export const factText = ({ key, text, version, by, task }: Fact): string =>
  `${key} (v${String(version)}, ${by}${task === undefined ? '' : ` of ${task}`}): ${text.replaceAll('\n', '\n  ')}`;
