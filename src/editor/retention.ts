/** What the settings give up of finished runs goes when the window opens; the log says what and why. */
import type { Log } from '../core/ports.ts';
import { sizeText, type RetentionRules } from '../core/run/keeping/retention.ts';
import type { Desk } from './desk.ts';

export interface RetentionNeeds {
  readonly desk: Desk;
  readonly log: Log;
  /** What the settings give up; undefined: nothing. */
  readonly retention: () => Promise<Pick<RetentionRules, 'daysMax' | 'bytesMax'> | undefined>;
}

/** Only finished runs, never one that is open or that a process owns. Errors: `settings.invalid`. */
export async function applyRetention({ desk, log, retention }: RetentionNeeds): Promise<void> {
  const rules = await retention();
  if (rules === undefined) return;
  const backend = await desk.connect();
  const kept = desk.openId === undefined ? [] : [desk.openId];
  const runs = await backend.collect({ ...rules, kept }, { kinds: ['run', 'copy', 'scratch'] });
  // Packing what is left costs time: only where something went.
  const trees = runs.some(({ what }) => what === 'run')
    ? await backend.collect({}, { kinds: ['trees'] })
    : [];
  for (const { what, name, bytes, why } of [...runs, ...trees])
    log.info(`Removed ${what} ${name} (${sizeText(bytes)}): ${why}`);
}
