/**
 * Test suites that run at once on this machine, whatever windows and terminals they belong to: each holds one of so many locks in a
 * folder of the person's. A dead process gives its lock up, and nobody waits for ever: where all stay taken, it goes on and says so.
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PortError, type Log, type SuiteTurn } from '../core/ports.ts';
import { createTurns } from '../core/resilience/turns.ts';
import { takeLock, type LockTiming, type RunLock } from './run-lock.ts';
import { makeFolder } from './storage.ts';

export interface SuiteSlotsOptions {
  /** Absolute folder that all processes of this person share; made when it is not there. */
  readonly folder: string;
  readonly log: Log;
  /** How long others are waited for, in milliseconds. */
  readonly waitMs?: number;
  readonly timing?: Partial<LockTiming>;
}

export interface SuiteSlots {
  /** Waits until fewer than `max` suites run. Rejects with the signal's reason when aborted. */
  take(max: number, signal: AbortSignal): Promise<SuiteTurn>;
}

/** As long as most suites take that nobody waits for in front of the screen. */
const WAIT_MS_MAX = 600_000;
const LOOK_MS = 300;

/** One for all suites of this process, in the order they came; what others hold is looked at by whoever is next. */
const turns = createTurns();

export function createSuiteSlots(options: SuiteSlotsOptions): SuiteSlots {
  return {
    async take(max, signal) {
      const done = await turns.take(max, signal);
      try {
        const { lock, beside } = await slotOf(options, max, signal);
        const end = async (): Promise<void> => {
          await lock?.release().catch(() => undefined);
          done();
        };
        return { end, ...(beside !== undefined && { beside }) };
      } catch (error) {
        done();
        throw error;
      }
    },
  };
}

interface Slot {
  readonly lock?: RunLock;
  /** Why it runs beside others although too many do. */
  readonly beside?: string;
}

async function slotOf(options: SuiteSlotsOptions, max: number, signal: AbortSignal): Promise<Slot> {
  const { log, waitMs = WAIT_MS_MAX } = options;
  const until = performance.now() + waitMs;
  let isTold = false;
  for (;;) {
    signal.throwIfAborted();
    const found = await freeSlot(options, max);
    if (found !== undefined) return found;
    if (performance.now() >= until) {
      const beside = `Other test suites of this machine did not end within ${Math.round(waitMs / 1000)} s, so these ran beside them: times and limits may differ.`;
      log.warn(beside);
      return { beside };
    }
    if (!isTold) log.info(`A test suite waits: ${max} run on this machine already.`);
    isTold = true;
    await wait(LOOK_MS, undefined, { signal });
  }
}

/** `undefined` where all are taken. Where locks cannot be written the limit holds in this process alone. */
async function freeSlot({ folder, log, timing }: SuiteSlotsOptions, max: number): Promise<Slot | undefined> {
  for (let slot = 0; slot < max; slot++) {
    const own = join(folder, String(slot));
    try {
      await makeFolder(own);
      return { lock: await takeLock(own, { lost: () => undefined, ...(timing && { timing }) }) };
    } catch (error) {
      if (error instanceof PortError && error.code === 'run.locked') continue;
      log.warn(`Suites of other windows cannot be counted: ${String(error)}`);
      return {};
    }
  }
  return undefined;
}
