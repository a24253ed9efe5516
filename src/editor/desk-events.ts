/** What the desk tells the surfaces. */
import type { RunEnd } from '../core/run/contract.ts';
import type { PanelUpdate } from '../protocol/panel.ts';

/** A place in a run's page. */
export type Place = Omit<Extract<PanelUpdate, { type: 'show' }>, 'type'>;

/** A run whose record cannot be read, and why. */
export interface Broken {
  readonly run: string;
  readonly error: Error;
}

export interface Ended {
  readonly run: string;
  readonly end: RunEnd;
}
