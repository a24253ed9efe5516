/** Appends to one file with group commit: what is asked for while a sync is under way is written and synced together. */
import type { FileHandle } from 'node:fs/promises';
import { PortError } from '../core/ports.ts';
import { storageError } from './storage.ts';

interface Waiting {
  readonly bytes: Buffer;
  readonly done: () => void;
  readonly failed: (error: PortError) => void;
}

export interface Appender {
  /** Resolves when the text is durable. Texts are in the file in the order of the calls. Errors: `storage.full`, `storage.failed`. */
  append(text: string): Promise<void>;
  /** Cuts the file to its first `bytes` bytes, durably. */
  truncate(bytes: number): Promise<void>;
  /** From now on every append fails with this error. */
  stop(error: PortError): void;
  /** Resolves when nothing is under way any more; the handle is closed. */
  close(): Promise<void>;
}

/** `length` is the length of the file that the handle is open on. The appender owns the handle. */
export function createAppender(handle: FileHandle, length: number): Appender {
  let end = length;
  let waiting: Waiting[] = [];
  let broken: PortError | undefined;
  let running: Promise<void> = Promise.resolve();
  let scheduled = false;

  const flush = async (): Promise<void> => {
    scheduled = false;
    const batch = waiting;
    waiting = [];
    const failure = broken ?? (await commit(Buffer.concat(batch.map((one) => one.bytes))));
    for (const one of batch) {
      if (failure) one.failed(failure);
      else one.done();
    }
  };

  /** Writes and syncs. A failed write is taken back; after a failed sync nothing on this handle can be trusted. */
  const commit = async (bytes: Buffer): Promise<PortError | undefined> => {
    try {
      if ((await handle.stat()).size !== end) return (broken = notAlone());
      await writeAll(handle, bytes, end);
    } catch (error) {
      const failure = storageError('The journal could not be written', error);
      await handle.truncate(end).catch(() => (broken = failure));
      return failure;
    }
    try {
      await handle.datasync();
    } catch (error) {
      return (broken = storageError('The journal could not be made durable', error));
    }
    end += bytes.length;
    return undefined;
  };

  return {
    append: (text) =>
      new Promise((done, failed) => {
        waiting.push({ bytes: Buffer.from(text, 'utf8'), done, failed });
        if (scheduled) return;
        scheduled = true;
        running = running.then(flush);
      }),
    truncate: async (bytes) => {
      await running;
      try {
        await handle.truncate(bytes);
        await handle.datasync();
        end = bytes;
      } catch (error) {
        throw storageError('The journal could not be cut', error);
      }
    },
    stop: (error) => {
      broken ??= error;
    },
    close: async () => {
      await running;
      broken ??= new PortError('storage.failed', 'The journal is closed.');
      await handle.close().catch(() => undefined);
    },
  };
}

/** Two owners would write over each other: whoever finds the other's lines stops. */
function notAlone(): PortError {
  return new PortError('run.locked', 'The journal was changed by another process.', {
    advice: 'Look at the run again; it may go on elsewhere.',
  });
}

/** A write may take less than it was given. */
async function writeAll(handle: FileHandle, bytes: Buffer, start: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, start + at);
    if (bytesWritten <= 0) throw new Error('nothing was written');
    at += bytesWritten;
  }
}
