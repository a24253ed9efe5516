/** What the parts of one run's story share. */
import type { AttachedFile } from '../../protocol/attached.ts';
import type { CarriedOn } from '../../protocol/conversation.ts';
import type { Enforced } from '../../protocol/enforced.ts';
import type { ImageRef } from '../../protocol/images.ts';
import type { BudgetLimits, RunMode, RunSettings } from '../../protocol/settings.ts';
import type { Redactor } from '../policy/redact.ts';
import type { Fence } from '../policy/untrusted.ts';
import type { Steps } from '../ports.ts';
import type { TeamWorld } from '../team/life.ts';
import type { Ledger } from '../tools/ledger.ts';
import type { RoleRegistry } from '../team/registry.ts';
import type { Pages } from '../tools/pages.ts';
import type { EnginePorts } from './contract.ts';
import type { Exchanges } from './agents/exchanges.ts';
import type { Offers } from './agents/offers.ts';
import type { Away } from './agents/away.ts';
import type { History } from './budget/history.ts';
import type { FoundRole } from '../team/role-file.ts';

export interface Run {
  readonly id: string;
  readonly goal: string;
  readonly mode: RunMode;
  readonly images: readonly ImageRef[];
  readonly attached: readonly AttachedFile[];
  /** What it goes on from, where it follows another run. */
  readonly carried: CarriedOn | undefined;
  readonly settings: RunSettings;
  /** The budget as the story has heard of it: what the run began with, and what the person changed while it worked. */
  readonly heard: { budget: BudgetLimits };
  readonly steps: Steps;
  readonly ports: EnginePorts;
  readonly roles: RoleRegistry;
  /** Files of the person's own roles, as they were read last, by name. */
  readonly roleFiles: Map<string, FoundRole>;
  /** Digests of role files that the person did not want. */
  readonly refusedRoles: Set<string>;
  /** Asks about a role that nobody has approved. */
  readonly offers: Offers;
  /** What calls took so far, for estimates. */
  readonly history: History;
  readonly team: TeamWorld;
  /** Waits for somebody, while others may have the slot. */
  readonly away: Away;
  /** Questions between two, to tell when they only ask. */
  readonly exchanges: Exchanges;
  readonly redactor: Redactor;
  /** Of the web, as read in this process. */
  readonly pages: Pages;
  readonly ledger: Ledger;
  /** Fences text that nobody vouches for. */
  readonly fence: Fence;
  /** What the run's commands are held to, as recorded with its base; absent before that, and in runs that recorded nothing. */
  readonly enforced?: Enforced;
}
