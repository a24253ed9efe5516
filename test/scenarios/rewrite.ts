/** Puts changed lines in place of a run's, with a chain that fits: what a careful forger, or another version, would write. */
import { CHAIN_START, decodeJournal, encodeLine } from '../../src/core/run/journal/codec.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import type { InMemoryPorts } from '../support/in-memory/ports.ts';

/** `change` gives the line to write; undefined leaves it out. */
export async function rewrite(
  ports: InMemoryPorts,
  run: string,
  change: (line: JournalLine) => JournalLine | undefined,
): Promise<void> {
  let end = CHAIN_START;
  const { lines } = decodeJournal(await ports.store.read(run), ports.hasher);
  const texts = lines.flatMap((line) => {
    const changed = change(structuredClone(line));
    if (!changed) return [];
    const encoded = encodeLine(changed, changed.at, end, ports.hasher);
    end = { seq: encoded.line.seq, sum: encoded.line.sum };
    return [encoded.text];
  });
  ports.store.edit(run, () => texts.join(''));
}
