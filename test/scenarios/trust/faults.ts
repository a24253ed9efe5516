/** Faults as the system reports them, at a chosen call of a run. */
import { PortError } from '../../../src/core/ports.ts';
import { storageError } from '../../../src/node/storage.ts';
import type { Call, Meddler } from '../../support/in-memory/life.ts';
import type { Trial } from './trial.ts';

/** No space, an I/O error, a read-only disk, no permission, too many open files. */
export const ERRNOS = ['ENOSPC', 'EIO', 'EROFS', 'EACCES', 'EMFILE'] as const;
export type Errno = (typeof ERRNOS)[number];

/** `once`: that call alone. `on`: every call from then on. `hidden`: that call alone, which succeeds and says that it failed. */
export const MODES = ['once', 'on', 'hidden'] as const;
export type Mode = (typeof MODES)[number];

export interface Fault {
  /** The call at which it comes, from 1. */
  readonly at: number;
  readonly errno: Errno;
  readonly mode: Mode;
}

/** What a failed append left of its text in the file. */
const LEFTOVERS = ['none', 'half', 'whole'] as const;

/** Models are another matter: see `simulation.ts`. */
const STEADY = /^models\./;

export function faulty(trial: Trial, { at, errno, mode }: Fault): Meddler {
  const isDue = ({ n, site }: Call): boolean => !STEADY.test(site) && (mode === 'on' ? n >= at : n === at);
  return {
    before: (call) => {
      if (mode === 'hidden' || !isDue(call)) return;
      leave(trial, call);
      throw failure(call, errno);
    },
    after: (call) => {
      if (mode === 'hidden' && isDue(call)) throw failure(call, errno);
    },
  };
}

/** A write that fails may have been done in part. */
function leave(trial: Trial, { site, n, args }: Call): void {
  if (site !== 'run.append') return;
  const text = String(args[0]);
  const left = LEFTOVERS[n % LEFTOVERS.length];
  const part = left === 'none' ? '' : left === 'half' ? text.slice(0, Math.floor(text.length / 2)) : text;
  trial.damage((journal) => journal + part);
}

function failure({ site }: Call, errno: Errno): PortError {
  const cause = Object.assign(new Error(`${errno}: injected at ${site}`), { code: errno });
  if (site !== 'shell.run') return storageError('The disk refused', cause);
  return new PortError('shell.failed', `The command could not be started: ${cause.message}`, {
    cause,
    advice: 'Check that the folder and the shell exist.',
  });
}
