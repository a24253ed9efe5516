/** Runs that another process works on. Nothing in their journal tells that the process is gone: somebody has to look. */
import type { Disposable } from '../core/ports.ts';

/** How often is looked, in milliseconds. */
const LOOK_MS = 5_000;

export interface Foreign {
  /** Runs that read as if another process worked on them. */
  readonly runs: () => readonly string[];
  readonly isOwned: (run: string) => Promise<boolean>;
  /** Nobody owns the run any more. */
  readonly left: (run: string) => Promise<void>;
}

export function watchOwners({ runs, isOwned, left }: Foreign, lookMs = LOOK_MS): Disposable {
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    for (const run of runs()) if (!(await isOwned(run))) await left(run);
    looking = false;
  };
  // What cannot be looked at now is looked at the next time.
  const timer = setInterval(() => void look().catch(() => (looking = false)), lookMs);
  return { dispose: () => clearInterval(timer) };
}
