/**
 * The journal's writing end. Lines get their number and place in the chain when they are said; those that wait while an append is
 * under way become durable together (group commit). Order on disk is the order of saying.
 */
import type { RunEvent } from '../../../protocol/events.ts';
import type { Clock, Hasher, OwnedRun } from '../../ports.ts';
import { encodeLine, endAfter, type ChainEnd, type EncodedLine } from './codec.ts';

export interface JournalWriter {
  /** Appends a line; the promise resolves when it and all before it are durable (I3). Rejects for ever after a failed write. */
  write(event: RunEvent): Promise<void>;
  /** Resolves when everything said so far is durable. */
  flush(): Promise<void>;
}

export function createWriter(run: OwnedRun, start: ChainEnd, clock: Clock, hasher: Hasher): JournalWriter {
  let end = start;
  let waiting: EncodedLine[] = [];
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  let commitFailed: unknown;

  const commit = async (): Promise<void> => {
    await last.catch(() => undefined);
    // Nothing may follow the gap that a failed write left in the chain.
    if (commitFailed !== undefined) throw asError(commitFailed);
    const batch = waiting;
    [waiting, next] = [[], undefined];
    for (const { blob } of batch) if (blob) await run.writeBlob(blob.name, blob.text);
    await run.append(batch.map(({ text }) => text).join(''));
  };
  const failOnce = (error: unknown): never => {
    commitFailed = error;
    throw error;
  };

  const enqueue = (): Promise<void> => {
    if (next) return next;
    const started =
      commitFailed === undefined ? commit().catch(failOnce) : Promise.reject(asError(commitFailed));
    started.catch(() => undefined);
    next = started;
    last = started;
    return started;
  };

  return {
    write(event) {
      if (commitFailed !== undefined) return Promise.reject(asError(commitFailed));
      const encoded = encodeLine(event, clock.now(), end, hasher);
      end = endAfter(encoded.line);
      waiting.push(encoded);
      return enqueue();
    },
    flush: () => (waiting.length > 0 ? enqueue() : last),
  };
}

function asError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}
