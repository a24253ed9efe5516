/** A run whose record cannot be read to its end: what came before is shown, with what is wrong. It never passes for a run that can go on. */
import * as z from 'zod';
import { RunMode } from '../../../protocol/settings.ts';
import type { RunEntry, RunView, Unreadable } from '../../../protocol/view.ts';
import { PortError } from '../../ports.ts';
import { NO_SPENT } from './state-parts.ts';

/** What an error says of the record, where it is one of reading; `line` could not be read. */
export function unreadableBy(error: unknown, line: number): Unreadable | undefined {
  if (!(error instanceof PortError) || error.retryable) return undefined;
  const { code, message } = error;
  if (code !== 'journal.damaged' && code !== 'journal.newer') return undefined;
  return { why: code === 'journal.newer' ? 'newer' : 'damaged', line, message };
}

/** The state before the line that cannot be read. Nothing of it is open: nobody can answer, and nothing goes on. */
export function cutShort(view: RunView, unreadable: Unreadable): RunView {
  const paused = { reason: 'closed', message: unreadable.message } as const;
  return { ...view, status: 'unreadable', unreadable, paused, needs: [], active: [] };
}

/** The state of a run that is to be told something. Errors: `journal.damaged`, `journal.newer`. */
export function readable(view: RunView): RunView {
  const { unreadable } = view;
  if (unreadable === undefined) return view;
  throw new PortError(`journal.${unreadable.why}`, unreadable.message, {
    advice: 'The run cannot go on, so nobody would hear of it.',
  });
}

/** What the first line seems to say, although it cannot be trusted. */
const Glimpse = z.object({
  at: z.number().catch(0),
  data: z.object({
    goal: z.string().catch(''),
    mode: RunMode.catch('team'),
    demo: z.boolean().catch(false),
  }),
});

/** A run of which nothing can be read; `text` begins with its first line. */
export function nothingRead(run: string, text: string, unreadable: Unreadable): RunView {
  const { at, data } = glimpse(text);
  return cutShort(
    {
      ...{ id: run, goal: data.goal || run, mode: data.mode, demo: data.demo, status: 'unreadable' },
      ...{ startedAt: at, updatedAt: at, lastSeq: 0, spent: NO_SPENT, budget: {}, evidence: {} },
      ...{ tasks: [], agents: [], needs: [], active: [], feed: [], ledger: [] },
    },
    unreadable,
  );
}

function glimpse(text: string): z.infer<typeof Glimpse> {
  try {
    return Glimpse.parse(JSON.parse(text.split('\n', 1)[0] ?? ''));
  } catch {
    return { at: 0, data: { goal: '', mode: 'team', demo: false } };
  }
}

/** A run that lies there and cannot be looked into at all. */
export function lostEntry(run: string, error: unknown, origin: RunEntry['origin']): RunEntry {
  const isMissing = error instanceof PortError && error.code === 'run.missing';
  const message = error instanceof Error ? error.message : String(error);
  const unreadable: Unreadable = {
    why: 'damaged',
    line: 1,
    message: isMissing ? 'The journal is missing.' : message,
  };
  return {
    ...{ id: run, goal: run, mode: 'team', demo: false, status: 'unreadable', startedAt: 0, updatedAt: 0 },
    ...{ origin, unreadable },
  };
}
