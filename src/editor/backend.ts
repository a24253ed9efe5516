/** What the door makes when a surface first needs it. */
import type { Permissions, RoleFiles, RunStore, TestMemory, WorkingCopies } from '../core/ports.ts';
import type { KnownTests } from '../core/qa/known.ts';
import type { Installing, Prepared } from '../core/run/gate/install.ts';
import type { Engine, RunViews } from '../core/run/contract.ts';
import type { Collected, CollectHow, RetentionRules, Survey } from '../core/run/keeping/retention.ts';
import type { RunRecord } from '../core/run/views/record.ts';
import type { ToldGate } from '../core/run/views/told-tests.ts';
import type { Verification } from '../core/run/journal/verify.ts';
import type { PlanCheck } from '../protocol/panel.ts';
import type { PlanSpec } from '../protocol/plan.ts';

/** The tests of the workspace, apart from any run, and what runs told of them. */
export interface WorkspaceTests extends Pick<TestMemory, 'kept' | 'keep'> {
  /** How they are run, as the settings, the person and the files say now. Errors: `settings.invalid`, `tests.damaged`. */
  known(): Promise<KnownTests>;
  /** Paths of test files, as far as their names tell. */
  files(): Promise<readonly string[]>;
  /** Whether packages that its tests need are not there, neither in it nor prepared for its working copies. */
  lacksPackages(): Promise<boolean>;
  /** Installs them for working copies, once for its lock files; its own folder stays as it is. Errors: as `installPackages`. */
  install(how: Pick<Installing, 'sandbox' | 'signal' | 'began' | 'failed'>): Promise<Prepared | 'none'>;
  /** The gates of a run after a line of its journal, test by test. Errors: `run.missing`, `journal.damaged`. */
  told(run: string, since?: number): Promise<readonly ToldGate[]>;
}

/** Role files, approved by their text. */
export interface EditorRoles extends Pick<RoleFiles, 'list' | 'add'> {
  /** Lets a workspace's role with exactly this text be used. */
  approve(text: string): Promise<void>;
}

/** The house behind the surfaces. */
export interface Backend {
  readonly views: RunViews;
  readonly store: Pick<RunStore, 'isOwned' | 'owner' | 'putSignal' | 'watch'>;
  readonly copies: Pick<WorkingCopies, 'read' | 'names' | 'diff'>;
  /** Loads the engine on first call; views of runs need none. */
  engine(): Promise<Engine>;
  /**
   * Problems that the run would have with a plan, in words for a person, none if it can be carried out; and the roles and endpoints that
   * there are now. Errors: as `RunViews.view`.
   */
  checkPlan(run: string, plan: PlanSpec): Promise<PlanCheck>;
  readonly tests: WorkspaceTests;
  /** What was allowed for good in this workspace. */
  readonly permissions: Permissions;
  /** The audit log of a run, checked while it is read: for people, or as JSON. Errors: `run.missing`, `journal.damaged`. */
  audit(run: string, form: 'text' | 'json'): Promise<string>;
  /** A run's whole record, to be looked at. */
  record(run: string): RunRecord;
  /** Checks a run's journal and blobs. */
  verify(run: string): Promise<Verification>;
  /** The run as one file, secrets taken out. The signal ends it. */
  exportRun(run: string, signal: AbortSignal): Promise<string>;
  /** Adds an exported run under a name of its own. Errors: `bundle.invalid`. */
  importRun(text: string): Promise<string>;
  readonly roles: EditorRoles;
  /** Asks whoever owns the run to stop, and resolves when nobody owns it. The signal ends the wait. Errors: as `takeOver`. */
  takeOver(run: string, signal: AbortSignal): Promise<void>;
  /** What lies in storage. The signal ends the look. */
  survey(signal: AbortSignal): Promise<Survey>;
  /** Removes what the rules give up and what no run needs; what went, or would. */
  collect(rules: Omit<RetentionRules, 'now'>, how?: CollectHow): Promise<readonly Collected[]>;
}
