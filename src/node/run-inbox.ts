/** The inbox of a run: one file a signal, put there whole by anybody, taken by the owner. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { SignalFile } from '../protocol/answers.ts';
import { PortError, type Ids, type Log, type OwnedRun } from '../core/ports.ts';
import { createWhole, readIfThere } from './storage.ts';
import { watchStamp } from './watch.ts';

/** Longest signal that is read, in bytes. */
const SIGNAL_BYTES_MAX = 1024 * 1024;

/** Puts a signal into an inbox, durable when resolved. Errors: `signal.large`. */
export async function putIntoInbox(inbox: string, ids: Ids, signal: SignalFile): Promise<void> {
  const text = JSON.stringify(signal);
  if (Buffer.byteLength(text) > SIGNAL_BYTES_MAX)
    throw new PortError(
      'signal.large',
      `An answer may be ${SIGNAL_BYTES_MAX / 1024} KiB long; this one is longer.`,
      {
        advice: 'Put the text into a file of the project and name it in the answer.',
      },
    );
  await createWhole(inbox, `${ids.next('signal')}.json`, text);
}

/** Delivers what lies in the inbox and what comes, each once, oldest first. A file that is no signal is put aside and logged. */
export function openInbox(
  inbox: string,
  log: Log,
  deliver: Parameters<OwnedRun['onSignal']>[0],
): ReturnType<OwnedRun['onSignal']> {
  const known = new Set<string>();
  let over = false;
  let scanning = Promise.resolve();

  const scan = async () => {
    for (const name of await signalNames(inbox)) {
      if (over || known.has(name)) continue;
      known.add(name);
      const signal = await readSignal(inbox, name, log);
      // Disposed while it was read: it stays in the inbox.
      if (signal && !(over as boolean))
        deliver(signal, () => fs.rm(join(inbox, name), { force: true }), name.replace(/\.json$/u, ''));
    }
  };
  const scanNext = () => {
    scanning = scanning.then(scan).catch((error: unknown) => log.warn(`inbox ${inbox}: ${String(error)}`));
  };
  const watcher = watchStamp(inbox, async () => (await signalNames(inbox)).join('\n'), scanNext);
  scanNext();
  return {
    scanned: scanning,
    dispose: () => {
      over = true;
      watcher.dispose();
    },
  };
}

async function signalNames(inbox: string): Promise<string[]> {
  const names = await fs.readdir(inbox).catch(() => []);
  return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
}

async function readSignal(inbox: string, name: string, log: Log): Promise<SignalFile | undefined> {
  const path = join(inbox, name);
  const { size } = await fs.stat(path);
  const text = size <= SIGNAL_BYTES_MAX ? await readIfThere(path) : undefined;
  try {
    return SignalFile.parse(JSON.parse(text ?? ''));
  } catch {
    log.warn(`${path} is not a signal; it is put aside`);
    await fs.rename(path, `${path}.invalid`).catch(() => undefined);
    return undefined;
  }
}
