/** Where words stand in a run's conversation: which of its parts say them, from its beginning to its end. */
import { summaryOf } from '../../../src/protocol/summary.ts';
import type { FeedItem, RunView } from '../../../src/protocol/view.ts';
import { told } from '../texts.ts';
import { entryName, isEcho } from './feed.ts';
import { filtered, type Filter } from './filter.ts';

/** The parts that are no entries, before them and after them. */
export const PARTS = { goal: 'goal', answer: 'answer', summary: 'summary' } as const;

type Told = Pick<RunView, 'goal' | 'feed' | 'answer' | 'summary' | 'tasks'>;

/** The texts among a call's arguments: their names and signs are not what people read. */
function textsIn(args: string): string {
  const texts: string[] = [];
  try {
    JSON.parse(args, (_, value: unknown) => {
      if (typeof value === 'string') texts.push(value);
      return value;
    });
  } catch {
    return args;
  }
  return texts.join('\n');
}

function wordsOf(item: FeedItem): string {
  switch (item.kind) {
    case 'said':
      return `${item.text}\n${item.reasoning ?? ''}`;
    case 'tool':
      return `${told(item.title)}\n${textsIn(item.args)}\n${item.result ?? ''}`;
    case 'message':
    case 'consensus':
      return item.text;
    case 'note':
      return told(item.text);
    case 'gate':
      return [...item.report.reasons.map(told), ...item.report.newlyFailing.map(({ id }) => id)].join('\n');
    case 'review':
      return item.comments.map(({ path, body }) => `${path}\n${body}`).join('\n');
  }
}

/** What is looked for, as it is compared. */
export const wordsIn = ({ text }: Pick<Filter, 'text'>): string => text.trim().toLowerCase();

/** Looks for `words`, and remembers which entries have them while the conversation grows. No words are nowhere. */
export function createFinder(words: string): (run: Told, filter: Filter) => readonly string[] {
  const known = new WeakMap<FeedItem, boolean>();
  const has = (text: string): boolean => text.toLowerCase().includes(words);
  const says = (item: FeedItem): boolean => {
    const before = known.get(item);
    if (before !== undefined) return before;
    const now = has(wordsOf(item));
    known.set(item, now);
    return now;
  };
  return ({ goal, feed, answer, ...run }, filter) => {
    const summary = summaryOf(run);
    return words === ''
      ? []
      : [
          ...(has(goal) ? [PARTS.goal] : []),
          ...filtered(feed, filter)
            .filter((item, index, shown) => !isEcho(item, shown[index - 1]) && says(item))
            .map(entryName),
          ...(answer && has(answer.text) ? [PARTS.answer] : []),
          ...(summary && has(`${summary.title}\n${summary.body}`) ? [PARTS.summary] : []),
        ];
  };
}

/** The part after the one at `at`, or before it, and round again. */
export function stepFrom(found: readonly string[], at: string | undefined, by: 1 | -1): string | undefined {
  const here = at === undefined ? -1 : found.indexOf(at);
  if (here < 0) return by === 1 ? found[0] : found.at(-1);
  return found[(here + by + found.length) % found.length];
}

/** The first found part at or after the one that is `seen`, of those of `run`; where there is none the last. */
export function nearest(found: readonly string[], run: Told, seen: string | undefined): string | undefined {
  const places = new Map(
    [PARTS.goal, ...run.feed.map(entryName), PARTS.answer, PARTS.summary].map((name, at) => [name, at]),
  );
  const from = places.get(seen ?? '') ?? 0;
  return found.find((name) => (places.get(name) ?? 0) >= from) ?? found.at(-1);
}
