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
  /** For whoever asks: as many as fit, first those that have most to do with the words, of equals the latest. */
  about(words: string, charsMax: number): readonly Fact[];
  /** For whoever did not ask: the same, but for what has no word in common with theirs and what they know. */
  offered(words: string, charsMax: number, isKnown: (fact: Fact) => boolean): readonly Fact[];
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
    offered: (words, charsMax, isKnown) =>
      fitting(
        ranked([...facts.values()], words).filter(({ fact, rank }) => rank > 0 && !isKnown(fact)),
        charsMax,
      ),
    get count() {
      return facts.size;
    },
  };
}

function conflictText(key: string, current: Fact | undefined): string {
  if (!current) return `There is no fact "${key}" now: note it without a version.`;
  return `"${key}" stands at version ${String(current.version)}. Read it, and give that version to change it.`;
}

/** Words that tell something, in lower case; of scripts that leave no blanks between words, each two letters that stand together. */
function wordsOf(text: string): ReadonlySet<string> {
  const lower = text.toLowerCase();
  const words = lower.match(/[\p{L}\p{N}_]{3,}/gu) ?? [];
  const pairs = (lower.match(DENSE) ?? []).flatMap((run) => {
    const letters = Array.from(run);
    return letters.slice(1).map((letter, at) => `${letters[at] ?? ''}${letter}`);
  });
  return new Set([...words, ...pairs]);
}

const DENSE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]{2,}/gu;

interface Ranked {
  readonly fact: Fact;
  /** 0: no word in common. */
  readonly rank: number;
}

/** Words that few facts have count for more: what stands in all of them tells none from another. */
function ranked(facts: readonly Fact[], words: string): readonly Ranked[] {
  const wanted = wordsOf(words);
  const shared = facts.map(({ key, text }) =>
    [...wordsOf(`${key} ${text}`)].filter((word) => wanted.has(word)),
  );
  const spread = new Map<string, number>();
  for (const word of shared.flat()) spread.set(word, (spread.get(word) ?? 0) + 1);
  const rank = (at: number): number =>
    (shared[at] ?? []).reduce((sum, word) => sum + 1 / (spread.get(word) ?? 1), 0);
  return facts
    .map((fact, at) => ({ fact, at, rank: rank(at) }))
    .sort((one, other) => other.rank - one.rank || other.at - one.at);
}

function fitting(facts: readonly Ranked[], charsMax: number): readonly Fact[] {
  let left = charsMax;
  return facts.flatMap(({ fact }) => {
    const takes = factText(fact).length + 1;
    if (takes > left) return [];
    left -= takes;
    return fact;
  });
}

/** A fact with what it takes to change it. Further lines are set in: none of them can pass for a fact of somebody else. */
export const factText = ({ key, text, version, by, task }: Fact): string =>
  `${key} (v${String(version)}, ${by}${task === undefined ? '' : ` of ${task}`}): ${text.replaceAll('\n', '\n  ')}`;
