/** Appends to one file with group commit: what is asked for while a sync is under way is written and synced together. */
import { constants, fstatSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
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

/** What an appender needs of an open file. */
export interface Appendable extends Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'close'> {
  /** A write is durable when it returns, as if `datasync` followed it. */
  readonly isSynced: boolean;
  /** How long it is now. At once: whoever asked another thread would know how long it was. */
  size(): number;
}

/**
 * Opens a file that is there. Linux syncs with the write, which saves every commit a way to another thread and back; elsewhere that is not
 * known to reach the disk.
 */
export async function openToAppend(path: string): Promise<Appendable> {
  const isSynced = process.platform === 'linux';
  const handle = await open(path, isSynced ? constants.O_RDWR | constants.O_DSYNC : constants.O_RDWR);
  return {
    isSynced,
    size: () => fstatSync(handle.fd).size,
    write: handle.write.bind(handle),
    datasync: () => handle.datasync(),
    truncate: (bytes) => handle.truncate(bytes),
    close: () => handle.close(),
  };
}

/** The appender owns the file. */
export function createAppender(file: Appendable): Appender {
  let end = file.size();
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
      if (file.size() !== end) return (broken = notAlone());
      await writeAll(file, bytes, end);
    } catch (error) {
      const failure = storageError('The journal could not be written', error);
      // Where it is not for want of space, it may have been the sync that failed.
      if (file.isSynced && failure.code !== 'storage.full') broken = failure;
      await file.truncate(end).catch(() => (broken = failure));
      return failure;
    }
    try {
      if (!file.isSynced) await file.datasync();
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
        await file.truncate(bytes);
        await file.datasync();
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
      await file.close().catch(() => undefined);
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
async function writeAll(file: Appendable, bytes: Buffer, start: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, start + at);
    if (bytesWritten <= 0) throw new Error('nothing was written');
    at += bytesWritten;
  }
}
