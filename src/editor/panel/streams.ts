/** What is told live on its way to the page: pieces of replies are joined until the next flush, of tests only the latest is told. */
import type { LiveTests, LiveText } from '../../core/run/contract.ts';
import type { PanelUpdate } from '../../protocol/panel.ts';
import type { RunView } from '../../protocol/view.ts';

/** Longest reply kept for a page that comes later; the journal has the whole of it soon. */
const REPLY_CHARS_MAX = 200_000;

interface Reply {
  readonly first: LiveText;
  text: string;
  /** How much of `text` the page has. */
  sent: number;
  /** True once the run's state has named the step that speaks. */
  isKnown: boolean;
}

export interface Streams {
  add(piece: LiveText): void;
  addTests(tests: LiveTests): void;
  /** What the page lacks of one run. It counts as sent. */
  take(run: string): readonly PanelUpdate[];
  /** Forgets steps that have ended. */
  settle(view: RunView): void;
  /** The page was replaced: everything on its way is to be sent again. */
  resend(): void;
}

export function createStreams(): Streams {
  const replies = new Map<string, Reply>();
  const tests = new Map<string, { readonly latest: LiveTests; isSent: boolean }>();
  const id = (run: string, key: string) => `${run}\n${key}`;
  return {
    add(piece) {
      const reply = replies.get(id(piece.run, piece.key)) ?? {
        first: piece,
        text: '',
        sent: 0,
        isKnown: false,
      };
      replies.set(id(piece.run, piece.key), reply);
      if (reply.text.length < REPLY_CHARS_MAX) reply.text += piece.text;
    },
    addTests(latest) {
      tests.set(id(latest.run, latest.key), { latest, isSent: false });
    },
    take(run) {
      const pieces = [...replies.values()].flatMap((reply) => {
        const text = reply.text.slice(reply.sent);
        if (reply.first.run !== run || text === '') return [];
        reply.sent = reply.text.length;
        const { key, role, task } = reply.first;
        return [{ type: 'stream', run, key, role, ...(task !== undefined && { task }), text } as const];
      });
      const fresh = [...tests.values()].filter(({ latest, isSent }) => latest.run === run && !isSent);
      for (const each of fresh) each.isSent = true;
      const told = fresh.map(
        ({ latest: { key, progress } }) => ({ type: 'tests', run, key, progress }) as const,
      );
      return [...pieces, ...told];
    },
    settle(view) {
      const active = new Set(view.active.map(({ key }) => id(view.id, key)));
      const ended = new Set(view.ended?.map((key) => id(view.id, key)));
      for (const [name, reply] of replies) {
        if (reply.first.run !== view.id) continue;
        if (active.has(name)) reply.isKnown = true;
        else if (reply.isKnown || ended.has(name) || view.paused !== undefined || view.finished !== undefined)
          replies.delete(name);
      }
      const isOver = view.paused !== undefined || view.finished !== undefined;
      for (const [name, { latest }] of tests)
        if (latest.run === view.id && (isOver || !active.has(name))) tests.delete(name);
    },
    resend() {
      for (const reply of replies.values()) reply.sent = 0;
      for (const each of tests.values()) each.isSent = false;
    },
  };
}
