/** Taking a run over from a process that works on it: asked to stop first, never pushed aside. */
import { PortError, type Clock, type RunStore } from '../../ports.ts';

/** How long the owner has to end what is in flight and pause. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 200;

interface TakeOverPorts {
  readonly store: Pick<RunStore, 'owner' | 'putSignal'>;
  readonly clock: Clock;
}

interface Waiting {
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Resolves when nobody owns the run any more, at once where nobody does. A process that is gone but cannot be looked at counts as
 * owner until its lock has been silent for long; `RunStore.own` decides that. Errors: `run.missing`, `run.locked` where the owner
 * does not stop in time; the signal's reason where it ends the wait. The owner was asked by then, and stops all the same.
 */
export async function takeOver(
  { store, clock }: TakeOverPorts,
  runId: string,
  { patienceMs = PATIENCE_MS, signal }: Waiting = {},
): Promise<void> {
  const owner = await store.owner(runId);
  if (owner === undefined) return;
  await store.putSignal(runId, { name: 'stop', value: { owner }, from: 'take-over' });
  for (let waited = 0; waited < patienceMs; waited += LOOK_MS) {
    await clock.sleep(LOOK_MS, signal);
    if ((await store.owner(runId)) !== owner) return;
  }
  throw new PortError('run.locked', `The run is owned by ${owner}, which does not stop.`, {
    retryable: true,
    advice: 'End that process, then resume the run.',
  });
}
