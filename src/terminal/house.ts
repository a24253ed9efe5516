/** What the terminal's commands need of the house behind them. */
import type { Engine, EnginePorts, RunViews } from '../core/run/contract.ts';
import type { Collected, CollectHow, RetentionRules, Survey } from '../core/run/retention.ts';

export interface House {
  readonly ports: EnginePorts;
  readonly views: RunViews;
  /** `asks`: somebody is there to be asked. */
  readonly engine: (asks: boolean) => Engine;
  /** Collects garbage of the storage folder; what went, or would. */
  readonly collect: (rules: RetentionRules, how: CollectHow) => Promise<readonly Collected[]>;
  /** What lies in the storage folder. */
  readonly survey: () => Promise<Survey>;
}
