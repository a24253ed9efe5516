/** What is told of running steps: replies on their way, and how far tests have come. Dropped when the step ends. */
import type { PanelUpdate } from '../../../src/protocol/panel.ts';
import type { TestProgress } from '../../../src/protocol/test-progress.ts';
import type { RunView } from '../../../src/protocol/view.ts';

/** One reply as far as it has come. */
export interface LiveReply {
  readonly key: string;
  readonly role: string;
  readonly task?: string;
  readonly text: string;
}

/** What is known of replies on their way. Pieces and views may overtake each other. */
export interface Live {
  readonly replies: readonly LiveReply[];
  /** Keys of the steps that the latest view shows as running. */
  readonly running: ReadonlySet<string>;
  /** Keys of steps that ran and ended; a late piece of one of them is dropped. */
  readonly ended: ReadonlySet<string>;
  /** By the key of their step. */
  readonly tests: ReadonlyMap<string, TestProgress>;
  /** For replies that came before their step: views that have not shown it yet. */
  readonly unseen: ReadonlyMap<string, number>;
}

export const NOTHING_LIVE: Live = {
  replies: [],
  running: new Set(),
  ended: new Set(),
  tests: new Map(),
  unseen: new Map(),
};

/** Views that a reply may be ahead of its step before it is dropped as a stray. */
const UNSEEN_MAX = 3;

export type Piece = Pick<Extract<PanelUpdate, { type: 'stream' }>, 'key' | 'role' | 'task' | 'text'>;

/** `live` with the next pieces of replies appended. Pieces of ended steps change nothing. */
export function appendPieces(live: Live, pieces: readonly Piece[]): Live {
  const fresh = pieces.filter(({ key, text }) => text !== '' && !live.ended.has(key));
  if (fresh.length === 0) return live;
  const replies = new Map(live.replies.map((reply) => [reply.key, reply]));
  const unseen = new Map(live.unseen);
  for (const { key, role, task, text } of fresh) {
    const sofar = replies.get(key)?.text ?? '';
    replies.set(key, { key, role, ...(task !== undefined && { task }), text: sofar + text });
    if (!live.running.has(key) && !unseen.has(key)) unseen.set(key, 0);
  }
  return { ...live, replies: [...replies.values()], unseen };
}

/** `live` with how far the tests of a step have come; of one that has ended nothing is kept. */
export function takeTests(live: Live, key: string, progress: TestProgress): Live {
  return live.ended.has(key) ? live : { ...live, tests: new Map([...live.tests, [key, progress]]) };
}

/** `live` after a view that shows which steps run and which have ended. */
export function settle(live: Live, { active, ended: over = [] }: Pick<RunView, 'active' | 'ended'>): Live {
  const running = new Set(active.map(({ key }) => key));
  const ended = new Set([...live.ended, ...live.running, ...over]);
  for (const key of running) ended.delete(key);

  const unseen = new Map<string, number>();
  for (const [key, count] of live.unseen) {
    if (!running.has(key) && !ended.has(key) && count + 1 < UNSEEN_MAX) unseen.set(key, count + 1);
  }
  const replies = live.replies.filter(({ key }) => running.has(key) || unseen.has(key));
  const tests = new Map([...live.tests].filter(([key]) => !ended.has(key)));
  return {
    replies: replies.length === live.replies.length ? live.replies : replies,
    running,
    ended,
    tests: tests.size === live.tests.size ? live.tests : tests,
    unseen,
  };
}
