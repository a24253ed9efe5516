/** How the commands of a run are confined. */
import type { Confinement } from '../ports.ts';
import type { Run } from './run.ts';

/**
 * As the settings say, with these folders writable. What a run was allowed because it was confined from its beginning must not happen
 * unconfined later, on another machine or after the sandbox went away: then it is refused.
 */
export function confinementOf(run: Run, writable: readonly string[]): Confinement {
  const { mode, network, readable } = run.settings.sandbox;
  const began = run.enforced !== undefined && run.enforced.by !== 'none';
  return { mode: began ? 'on' : mode, network, writable, readable };
}
