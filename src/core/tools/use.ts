/** What one agent's calls have in common. */
import type { Actor } from '../../protocol/events.ts';
import type { TextClass } from '../../protocol/settings.ts';
import type { Stance } from '../policy/decide.ts';
import type { Redactor } from '../policy/redact.ts';
import type { Clock, Hasher, Permissions, Shell, Steps } from '../ports.ts';
import type { Bus } from '../team/bus.ts';
import type { Crew } from '../team/crew.ts';
import type { Facts } from '../team/facts.ts';
import type { Observation, Shelf, Tool, ToolWorld } from './contract.ts';
import type { Ledger } from './ledger.ts';
import type { Taint } from './outward.ts';
import type { AskTeammate } from './talk.ts';
import type { Readings } from './readings.ts';

export interface ToolUse {
  readonly steps: Steps;
  readonly who: Actor;
  /** The role's tools. */
  readonly granted: ReadonlyMap<string, Tool>;
  readonly world: Omit<ToolWorld, 'who' | 'shelf' | 'readings'>;
  /** Where the agent's observations are kept whole. */
  readonly shelf: Shelf;
  /** What it has read, to tell what changed since. */
  readonly readings: Readings;
  readonly stance: Stance;
  /** What it has read of strangers. */
  readonly taint: Taint;
  /** What decisions look at, inside a step. */
  readonly permits: {
    readonly shell: Pick<Shell, 'dialect'>;
    readonly permissions: Permissions;
    readonly clock: Pick<Clock, 'now'>;
    readonly hasher: Hasher;
    /** Id of the run. */
    readonly run: string;
  };
  readonly ledger: Ledger;
  /** The widest class of text that an endpoint of the role may get. */
  readonly classMax: TextClass;
  readonly redactor: Redactor;
  /** Where messages to teammates go. */
  readonly bus: Bus;
  readonly crew: Pick<Crew, 'open' | 'answer'>;
  readonly facts: Facts;
  /** Asks a teammate and waits; the observation is fit for the model. */
  readonly ask: (key: string, question: AskTeammate) => Promise<Observation>;
}
