/** What the terminal's commands need of the house behind them. */
import type { Disposable } from '../core/ports.ts';
import type { Prepare } from '../core/run/gate/install.ts';
import type { Engine, EnginePorts, LiveTests, RunViews } from '../core/run/contract.ts';
import type { Collected, CollectHow, RetentionRules, Survey } from '../core/run/keeping/retention.ts';

/** Decisions that wait to be handed in, by run. They are the person's, and no part of the run. */
export interface KeptReviews {
  readonly read: (run: string) => Promise<string | undefined>;
  /** `undefined`: nothing is kept any more. */
  readonly write: (run: string, text: string | undefined) => Promise<void>;
}

export interface House {
  readonly ports: EnginePorts;
  readonly views: RunViews;
  /** `asks`: somebody is there to be asked. */
  readonly engine: (asks: boolean) => Engine;
  /** Collects garbage of the storage folder; what went, or would. */
  readonly collect: (rules: RetentionRules, how: CollectHow) => Promise<readonly Collected[]>;
  /** Installs packages once for the lock files of a tree, for working copies of a workspace that has none. */
  readonly prepare: Prepare;
  /** Hears how far tests have come while they run. */
  readonly onTests: (listener: (tests: LiveTests) => void) => Disposable;
  readonly reviews: KeptReviews;
  /** What lies in the storage folder. */
  readonly survey: () => Promise<Survey>;
}
