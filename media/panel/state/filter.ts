/** Which entries of the conversation are shown. */
import type { FeedItem } from '../../../src/protocol/view.ts';
import { roleOf } from './names.ts';

export interface Filter {
  readonly text: string;
  /** Empty: everybody. */
  readonly role: string;
  /** Empty: every task. */
  readonly task: string;
}

export const NO_FILTER: Filter = { text: '', role: '', task: '' };

const isFiltering = ({ text, role, task }: Filter): boolean =>
  text.trim() !== '' || role !== '' || task !== '';

/** Who speaks, or is spoken to, in an entry. */
function rolesOf(item: FeedItem): readonly string[] {
  switch (item.kind) {
    case 'said':
    case 'tool':
      return [item.who.role];
    case 'message':
      return [roleOf(item.from), roleOf(item.to)];
    case 'gate':
      return ['qa'];
    case 'review':
      return ['reviewer'];
    case 'consensus':
      return [item.role, ...(item.asker === undefined ? [] : [roleOf(item.asker)])];
    case 'note':
      return ['host'];
  }
}

function taskOf(item: FeedItem): string | undefined {
  return 'who' in item ? item.who.task : 'task' in item ? item.task : undefined;
}

function wordsOf(item: FeedItem): string {
  switch (item.kind) {
    case 'said':
      return `${item.text}\n${item.reasoning ?? ''}`;
    case 'tool':
      return `${item.tool}\n${item.title}\n${item.args}\n${item.result ?? ''}`;
    case 'message':
    case 'consensus':
    case 'note':
      return item.text;
    case 'gate':
      return [...item.report.reasons, ...item.report.newlyFailing.map(({ id }) => id)].join('\n');
    case 'review':
      return item.comments.map(({ path, body }) => `${path}\n${body}`).join('\n');
  }
}

/** The entries that fit, in their order; all of them where nothing is asked for. */
export function filtered(feed: readonly FeedItem[], filter: Filter): readonly FeedItem[] {
  if (!isFiltering(filter)) return feed;
  const words = filter.text.trim().toLowerCase();
  return feed.filter(
    (item) =>
      (filter.role === '' || rolesOf(item).includes(filter.role)) &&
      (filter.task === '' || taskOf(item) === filter.task) &&
      (words === '' || wordsOf(item).toLowerCase().includes(words)),
  );
}

/** Who takes part in a conversation, in the order of their first entries. */
export const speakersOf = (feed: readonly FeedItem[]): readonly string[] => [
  ...new Set(feed.flatMap(rolesOf)),
];
