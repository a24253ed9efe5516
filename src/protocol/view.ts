/** The state of a run as views see it: the fold of its journal, made by `core/run/state`. Plain data that crosses to the panel. */
import type {
  Actor,
  Ask,
  ChangedFile,
  EventData,
  GateReport,
  Outcome,
  PauseReason,
  TaskStateName,
} from './events.ts';
import type { TaskEstimate } from './plan-events.ts';
import type { Rejection } from './answers.ts';
import type { Blame } from './blame.ts';
import type { CandidateScore } from './candidates.ts';
import type { CarriedOn } from './conversation.ts';
import type { Enforced } from './enforced.ts';
import type { StepKind } from './step-kind.ts';
import type { ReviewComment } from './handover.ts';
import type { HandKept } from './people.ts';
import type { PlanSpec, TaskSpec } from './plan.ts';
import type { Autonomy } from './policy.ts';
import type { RegistryView } from './registry.ts';
import type { TeamView } from './team-view.ts';
import type { BudgetLimits, RunMode } from './settings.ts';
import type { TestsFound } from './test-evidence.ts';

export type RunStatus =
  | 'planning'
  | 'waiting'
  | 'working'
  | 'reviewing'
  | 'paused'
  | 'finished'
  | 'failed'
  /** Its record cannot be read to its end, so nothing more can become of it. */
  | 'unreadable';

/** Why a run's record cannot be read to its end. What came before is shown. */
export interface Unreadable {
  /** `newer`: a later Quartet wrote it in another format. */
  readonly why: 'damaged' | 'newer';
  /** The first line that cannot be read. */
  readonly line: number;
  /** What is wrong, in English. */
  readonly message: string;
}

/** One task with what became of it. */
export interface TaskView {
  readonly spec: TaskSpec;
  readonly state: TaskStateName;
  readonly attempt: number;
  readonly note?: string;
  readonly tokens: number;
  readonly costUsd: number | null;
  /** What its author said as it handed over. */
  readonly result?: string;
  readonly gate?: GateReport;
  /** The trees that its change lies between, or that of those it is tested with, as it was last tested. */
  readonly change?: { readonly from: string; readonly to: string };
  readonly review?: ReviewView;
  /** The last change that it did not stand beside. */
  readonly blame?: Blame;
  /** Of the last attempt, where several work on it. */
  readonly candidates?: readonly CandidateView[];
}

export interface ReviewView {
  readonly verdict: 'approve' | 'request_changes';
  readonly comments: readonly ReviewComment[];
}

/** One of several that work on a task, and what became of it. */
export interface CandidateView {
  /** From 1. */
  readonly candidate: number;
  readonly attempt: number;
  readonly state: EventData<'candidate.changed'>['state'];
  readonly note?: string;
  readonly endpoint?: string | undefined;
  readonly temperature?: number | undefined;
  readonly tokens: number;
  readonly costUsd: number | null;
  readonly gate?: GateReport;
  readonly review?: ReviewView;
  readonly score?: CandidateScore | undefined;
  /** Its work is what goes on, and who says so. */
  readonly chosen?: { readonly by: 'rule' | 'person'; readonly why: string };
}

/** An agent and what it does now. */
export interface AgentView {
  readonly id: string;
  readonly role: string;
  readonly task?: string;
  readonly state: string;
  readonly endpoint: string;
  readonly turns: number;
  /** Tokens that its last request had, and that its model's window has; absent before the first. */
  readonly context?: { readonly tokens: number; readonly window: number };
  readonly note?: string;
  /** Why it asks that endpoint; absent: it is the first of its role. */
  readonly matched?: string;
}

/** One open request to the person: the inbox. */
export interface NeedView {
  readonly signal: string;
  readonly ask: Ask;
  readonly at: number;
}

/** What one of several said. */
export interface VoteView {
  readonly endpoint: string;
  readonly weight: number;
  /** `approve`, `request_changes`, or an option of a question. */
  readonly choice?: string;
  readonly text: string;
  /** It said nothing; `text` tells why. */
  readonly silent?: true;
}

/** One entry of the conversation, in journal order. `id` is the sequence number of the line that made it. */
export type FeedItem =
  | {
      readonly kind: 'said';
      readonly id: number;
      readonly at: number;
      readonly who: Actor;
      readonly text: string;
      readonly reasoning?: string;
    }
  | {
      readonly kind: 'message';
      readonly id: number;
      readonly at: number;
      readonly from: string;
      readonly to: string;
      readonly text: string;
      readonly task?: string;
    }
  | {
      readonly kind: 'tool';
      readonly id: number;
      readonly at: number;
      readonly who: Actor;
      readonly tool: string;
      readonly title: string;
      readonly args: string;
      readonly state: 'running' | 'ok' | 'error' | 'denied' | 'interrupted';
      readonly result?: string;
      readonly durationMs?: number;
      /** What its command was held to, for tools that run one. */
      readonly enforced?: Enforced;
      /** It brought a picture, which lies in its record. */
      readonly pictured?: true;
    }
  | {
      readonly kind: 'gate';
      readonly id: number;
      readonly at: number;
      readonly scope: string;
      readonly task?: string;
      readonly candidate?: number;
      readonly report: GateReport;
    }
  | {
      readonly kind: 'review';
      readonly id: number;
      readonly at: number;
      readonly task: string;
      readonly candidate?: number | undefined;
      readonly verdict: string;
      readonly comments: readonly ReviewComment[];
    }
  | {
      /** Several reviewed the same change, or answered the same question. */
      readonly kind: 'consensus';
      readonly id: number;
      readonly at: number;
      readonly about: 'review' | 'question';
      readonly task?: string;
      /** Role that reviewed or answered. */
      readonly role: string;
      /** Of a question: who asks, and what. */
      readonly asker?: string;
      readonly question?: string;
      readonly because: string;
      readonly how: 'majority' | 'weighted' | 'judged';
      readonly split: boolean;
      /** `approve`, `request_changes`, or what the answers come to; absent: nothing. */
      readonly decided?: string;
      /** Words of whoever judged. */
      readonly said?: string;
      readonly votes: readonly VoteView[];
      /** All of it in lines. */
      readonly text: string;
    }
  | {
      readonly kind: 'note';
      readonly id: number;
      readonly at: number;
      readonly level: 'info' | 'warning' | 'error';
      readonly text: string;
      readonly task?: string;
    };

/** Something that goes on right now. */
export interface ActiveStep {
  readonly key: string;
  readonly kind: StepKind;
  readonly title: string;
  readonly who?: Actor;
  readonly since: number;
}

/** The change set offered, with the person's decisions so far. */
export interface ChangesView {
  readonly revision: number;
  readonly base: string;
  readonly tree: string;
  readonly verdict: 'green' | 'red' | 'notProved';
  readonly files: readonly ChangedFile[];
  readonly decided?: {
    readonly accepted: readonly string[];
    readonly rejected: readonly Rejection[];
  };
  /** The commit that holds the applied change. */
  readonly committed?: { readonly commit: string; readonly branch?: string | undefined };
  /** The workspace's tree before the change was last written to it, and after. */
  readonly written?: { readonly before: string; readonly after: string };
  /** True once the applied change was taken back. */
  readonly undone?: boolean;
  readonly applied?: readonly {
    readonly path: string;
    readonly how: string;
    readonly note?: string | undefined;
  }[];
}

/** A merge of a unit's change with everything before it. */
export interface MergeView {
  /** Id of the unit: that of its last task. */
  readonly unit: string;
  readonly tree: string;
  /** What the unit made, before others' changes came to it; absent where nothing came. It is what its reviewer read. */
  readonly own?: string;
  readonly verdict?: 'green' | 'red' | 'notProved';
}

/** What one agent's calls at one endpoint came to. */
export interface LedgerRow {
  readonly role: string;
  readonly agent: string;
  readonly task?: string;
  /** "" for calls that were cut off: where they went is not known. */
  readonly endpoint: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Tries, failed ones included. */
  readonly calls: number;
  /** Null as soon as a part of it has no known price. */
  readonly costUsd: number | null;
  /** Tokens and cost above stand for calls that were cut off: they count with all that was held for them. */
  readonly cutOff: boolean;
}

/** Another plan that a planner wants in mid-run. `key` is the name of the question about it, which may have more after it. */
export interface SuggestionView extends EventData<'plan.suggested'> {
  readonly key: string;
}

/** Everything a view may show of a run. */
/** What a person did by hand and is not part of the result. */
export interface KeptView extends HandKept {
  /** The line that says so. */
  readonly id: number;
}

export interface RunView {
  readonly id: string;
  readonly goal: string;
  readonly mode: RunMode;
  readonly demo: boolean;
  /** The model that the person picked for it: it answers for every role. Absent: settings and roles say who does. */
  readonly picked?: string;
  /** Files that the person gave with the goal, images first. `withheld`: values left out of it that look like secrets. */
  readonly given?: readonly { readonly name: string; readonly bytes: number; readonly withheld?: number }[];
  /** It came as a file: it is looked at, not worked on. */
  readonly imported?: true;
  readonly status: RunStatus;
  readonly unreadable?: Unreadable;
  /** Version of the engine that wrote the last of it. */
  readonly engine?: string;
  /** That version is later than this one: what it knows more of is not shown, and a run that goes on here begins unfinished tasks anew. */
  readonly later?: true;
  /** Lines that this version cannot show: how many, and the first. */
  readonly strange?: { readonly count: number; readonly first: number };
  /** The run that this one follows, and what it goes on from. */
  readonly follows?: string;
  readonly carried?: CarriedOn;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly lastSeq: number;
  readonly paused?: { readonly reason: PauseReason; readonly message: string };
  /** It was asked to pause: what is under way ends first, and nothing new begins. */
  readonly draining?: true;
  readonly finished?: { readonly outcome: Outcome; readonly message: string; readonly partial: boolean };
  readonly plan?: {
    readonly revision: number;
    readonly spec: PlanSpec;
    readonly decided: 'open' | 'approved' | 'rejected';
    readonly problems: readonly string[];
    readonly costUsd: number | null;
    readonly estimates?: readonly TaskEstimate[];
    /** The plan that was carried out before this one was proposed. */
    readonly former?: PlanSpec;
  };
  /** Other plans that planners want while the plan is carried out, which nobody has decided about. */
  readonly suggestions?: readonly SuggestionView[];
  readonly tasks: readonly TaskView[];
  readonly agents: readonly AgentView[];
  readonly needs: readonly NeedView[];
  readonly active: readonly ActiveStep[];
  /** Keys of the model steps that ended last: what was streamed of them stands in the conversation now. */
  readonly ended?: readonly string[];
  readonly feed: readonly FeedItem[];
  readonly spent: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly cachedTokens: number;
    readonly calls: number;
    readonly costUsd: number | null;
  };
  /** Of a fork: the run and line it began as, and what had been spent there, which is not spent again. */
  readonly forked?: { readonly run: string; readonly seq: number; readonly spent: RunView['spent'] };
  readonly budget: BudgetLimits;
  /** How much is done without asking, from here on. */
  readonly autonomy?: Autonomy;
  /** The last change that the person made while it worked: how many there were, and why it was not made. */
  readonly changed?: { readonly count: number; readonly problems: readonly string[] };
  /** What the person did by hand and is not part of the result, in order. Absent: nothing. */
  readonly kept?: readonly KeptView[];
  /** Who spent what, where: a line for each agent and endpoint. */
  readonly ledger: readonly LedgerRow[];
  readonly evidence: {
    readonly baseline?: GateReport;
    readonly integrated?: GateReport;
    readonly accepted?: GateReport;
  };
  /** How its tests are run; absent before they were looked for, and in runs that recorded nothing. */
  readonly tests?: TestsFound;
  readonly changes?: ChangesView;
  /** Trees that held what was merged so far, in order; `verdict` once it was tested. A red one was not kept. */
  readonly merges?: readonly MergeView[];
  /** The tree that the work went on from. */
  readonly start?: string;
  readonly summary?: { readonly title: string; readonly body: string };
  readonly answer?: { readonly text: string; readonly sources: readonly string[] };
  /** What the team shares; absent where the conversation is left out. */
  readonly team?: TeamView;
  /** What it has, and how that does; absent where the conversation is left out. */
  readonly registry?: RegistryView;
}

/** One line of a list of runs. */
export interface RunEntry {
  readonly id: string;
  readonly goal: string;
  readonly mode: RunMode;
  readonly demo: boolean;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly updatedAt: number;
  /** Where the run lives: in this editor's storage or the terminal's. */
  readonly origin: 'editor' | 'terminal';
  readonly unreadable?: Unreadable;
  /** As in `RunView`. */
  readonly later?: true;
}
