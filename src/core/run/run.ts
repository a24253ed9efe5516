/** What the parts of one run's story share. */
import type { RunMode, RunSettings } from '../../protocol/settings.ts';
import type { Redactor } from '../policy/redact.ts';
import type { Steps } from '../ports.ts';
import type { TeamWorld } from '../team/life.ts';
import type { RoleRegistry } from '../team/registry.ts';
import type { Pages } from '../tools/pages.ts';
import type { EnginePorts } from './contract.ts';

export interface Run {
  readonly id: string;
  readonly goal: string;
  readonly mode: RunMode;
  readonly settings: RunSettings;
  readonly steps: Steps;
  readonly ports: EnginePorts;
  readonly roles: RoleRegistry;
  readonly team: TeamWorld;
  readonly redactor: Redactor;
  /** Of the web, as read in this process. */
  readonly pages: Pages;
}
