/** What the surfaces of a window share. */
import type * as vscode from 'vscode';
import type { Disposable, KeptText } from '../core/ports.ts';
import type { Facts } from '../core/doctor/facts.ts';
import type { LiveTests } from '../core/run/contract.ts';
import type { RunEntry, RunView } from '../protocol/view.ts';
import type { Backend } from './backend.ts';
import type { ModelProbe } from './configure/questions.ts';
import type { Demo } from './demo.ts';
import type { Desk } from './desk.ts';
import type { Doctor } from './doctor.ts';
import type { EditorLog } from './log.ts';
import type { Discovery, EditorModels } from './models.ts';
import type { Obstacle } from './obstacle.ts';
import type { AppliedProblems } from './review/applied-problems.ts';
import type { AskTeam } from './review/ask-team.ts';
import type { Remarks } from './review/comments.ts';
import type { HunkThreads } from './review/hunk-threads.ts';
import type { Keep } from './review/keep.ts';
import type { NewProblems } from './review/new-problems.ts';
import type { ReviewCursor } from './review/cursor.ts';
import type { Review } from './review/review.ts';
import type { RoleApproval } from './role-approval.ts';
import type { RunsTree } from './runs-tree.ts';
import type { EditorSecrets } from './secrets.ts';
import type { Tests } from './tests/tests.ts';

/** What the door brings along. Each is used only when something needs it. */
export interface SurfaceNeeds {
  readonly context: vscode.ExtensionContext;
  readonly log: EditorLog;
  readonly secrets: EditorSecrets;
  readonly load: () => Promise<Backend>;
  /** Where what goes with the goal that is being written outlives the window. */
  readonly goalKept: KeptText;
  readonly discovery: Discovery;
  /** Calls back when the editor's language models came or went. */
  readonly onEditorModels: (changed: () => void) => Disposable;
  /** Told each time that the person does something with us. */
  readonly attend: () => void;
  readonly probe: ModelProbe;
  /** Collects what the doctor judges. */
  readonly examine: (signal: AbortSignal) => Promise<Facts>;
  /** What commands of runs print, with who runs them. */
  readonly onPrinted: vscode.Event<Printed>;
  /** How far tests of runs have come while they run. */
  readonly onTests: vscode.Event<LiveTests>;
  /** What language servers find in files that runs changed. */
  readonly problems: AppliedProblems;
}

export interface Printed {
  readonly label: string;
  readonly text: string;
}

/** What other extensions may read. */
export interface QuartetApi {
  /** Newest first. */
  runs(): Promise<readonly RunEntry[]>;
  /** Errors: `run.missing`, `journal.damaged`. */
  view(run: string): Promise<RunView>;
}

export interface Shared extends SurfaceNeeds {
  readonly desk: Desk;
  readonly models: EditorModels;
  /** Something else is kept of the tests. */
  readonly testsKept: vscode.EventEmitter<void>;
  /** Somebody looked whether a model answers, wherever it is set up. */
  readonly modelFound: vscode.EventEmitter<boolean>;
  /** Another model was picked for new runs. */
  readonly modelPicked: vscode.EventEmitter<void>;
  readonly obstacle: () => Promise<Obstacle | undefined>;
}

/** What the editor may ask for while the window opens: documents of a review, the list of runs. */
export interface ToolsAtOnce {
  readonly review: Review;
  readonly runsTree: RunsTree;
}

export interface Tools extends ToolsAtOnce {
  readonly cursor: ReviewCursor;
  readonly hunks: HunkThreads;
  readonly team: AskTeam;
  readonly remarks: Remarks;
  readonly keep: Keep;
  readonly newProblems: NewProblems;
  readonly demo: Demo;
  readonly doctor: Doctor;
  readonly tests: Tests;
  readonly approval: RoleApproval;
}
