/** Journals made for tests. */
import type { JournalLine, RunEvent } from '../../../../src/protocol/events.ts';
import { RunSettings } from '../../../../src/protocol/settings.ts';
import { CHAIN_START, encodeLine, endAfter, type ChainEnd } from '../../../../src/core/run/journal/codec.ts';
import { nodeHasher } from '../../../../src/node/hasher.ts';

export const RUN = 'run-00000001-0000';

export const started = (goal = 'a goal'): RunEvent => ({
  type: 'run.started',
  data: {
    run: RUN,
    goal,
    mode: 'team',
    settings: RunSettings.parse({
      endpoints: [{ id: 's', kind: 'scripted', model: 's' }],
      routes: { default: ['s'] },
    }),
    engine: '1',
    workspace: 'w',
    demo: false,
  },
});
export const finished: RunEvent = {
  type: 'run.finished',
  data: { outcome: 'done', message: 'Done.', partial: false },
};
export const paused: RunEvent = {
  type: 'run.paused',
  data: { reason: 'stopped', message: 'Stopped.', retry: [] },
};
export const message = (text: string): RunEvent => ({
  type: 'message.posted',
  data: { from: 'coder', to: 'team', text },
});

/** The lines of these events, going on from `end`, and the blobs that they need. */
export function journalOf(events: readonly RunEvent[], from: ChainEnd = CHAIN_START) {
  let end = from;
  let text = '';
  const lines: JournalLine[] = [];
  const blobs = new Map<string, string>();
  for (const event of events) {
    const encoded = encodeLine(event, 1_700_000_000_000 + end.seq, end, nodeHasher);
    end = endAfter(encoded.line);
    text += encoded.text;
    lines.push(encoded.line);
    if (encoded.blob) blobs.set(encoded.blob.name, encoded.blob.text);
  }
  return { text, lines, blobs, end };
}
