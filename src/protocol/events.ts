/** What a journal holds: one line an event. Views are folds of these (I4). */
import * as z from 'zod';
import { AgentCreated } from './agent-events.ts';
import { AttachedFile } from './attached.ts';
import { CarriedOn } from './conversation.ts';
import { ConflictTrees, Rejection } from './answers.ts';
import { ImageRef } from './images.ts';
import { PEOPLE_EVENTS } from './people.ts';
import { CONSENSUS_EVENTS } from './consensus.ts';
import { PLAN_EVENTS } from './plan-events.ts';
import { PlanSpec } from './plan.ts';
import { BLAME_EVENTS } from './blame.ts';
import { CANDIDATE_EVENTS } from './candidates.ts';
import type { Enforced } from './enforced.ts';
import { ReviewComment } from './handover.ts';
import { Match } from './registry.ts';
import { AskedDanger, DecidedBy } from './policy.ts';
import { BudgetLimits, RunMode, RunSettings } from './settings.ts';
import { StepKind } from './step-kind.ts';
import { MORE_EVIDENCE, TestsFound } from './test-evidence.ts';
import { TEAM_EVENT_DATA } from './team-events.ts';

/** Version of the line format. A reader refuses a higher one and reads lower ones. */
export const JOURNAL_VERSION = 1;

/** Who acts: stamped by the host (I7), never taken from what a model wrote. */
export const Actor = z.object({
  role: z.string(),
  agent: z.string().optional(),
  task: z.string().optional(),
  attempt: z.number().int().optional(),
  /** Which of several that work on the same task. */
  candidate: z.number().int().optional(),
});
export type Actor = z.infer<typeof Actor>;

/** What one endpoint's part in something cost. */
const SpentAt = z.object({
  endpoint: z.string(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number().nullable(),
  calls: z.number().int(),
});

const EnforcedData: z.ZodType<Enforced> = z.object({
  by: z.enum(['bubblewrap', 'seatbelt', 'none']),
  network: z.enum(['none', 'loopback', 'open']),
  why: z.string().optional(),
});

/** What a step's output says that views and audit need at hand. */
export const StepFacts = z.object({
  state: z.enum(['ok', 'error', 'denied']).optional(),
  /** For steps that ran a command: what it was held to. */
  enforced: EnforcedData.optional(),
  /** Its output holds a picture. */
  pictured: z.literal(true).optional(),
  /** Of a model's reply: who gave it, why, and how its endpoints did. */
  match: Match.optional(),
});
export type StepFacts = z.infer<typeof StepFacts>;

/** What something cost. `costUsd` is null where the price is unknown. */
export const Spent = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  cachedTokens: z.number().optional(),
  costUsd: z.number().nullable(),
  calls: z.number().int(),
  endpoint: z.string().optional(),
  /** The parts, where more than one endpoint or only failed ones took part. */
  parts: z.array(SpentAt).optional(),
});
export type Spent = z.infer<typeof Spent>;

/** A file that a run proposes to change. Hashes are git blob ids; absent where the file is absent. */
export const ChangedFile = z.object({
  path: z.string(),
  kind: z.enum(['added', 'modified', 'deleted']),
  oldBlob: z.string().optional(),
  newBlob: z.string().optional(),
  oldMode: z.string().optional(),
  newMode: z.string().optional(),
  binary: z.boolean(),
  additions: z.number().int(),
  deletions: z.number().int(),
});
export type ChangedFile = z.infer<typeof ChangedFile>;

/** One failing (or otherwise remarkable) test, cut to what people and models need. */
export const TestNote = z.object({
  id: z.string(),
  file: z.string().optional(),
  line: z.number().optional(),
  message: z.string().optional(),
  expected: z.string().optional(),
  actual: z.string().optional(),
});
export type TestNote = z.infer<typeof TestNote>;

/** The outcome of one gate. */
export const GateReport = z.object({
  verdict: z.enum(['green', 'red', 'notProved']),
  reasons: z.array(z.string()),
  command: z.string().optional(),
  exitCode: z.number().nullable().optional(),
  durationMs: z.number().optional(),
  totals: z.object({ passed: z.number(), failed: z.number(), skipped: z.number() }),
  newlyFailing: z.array(TestNote),
  newlyPassing: z.array(z.string()),
  stillFailing: z.array(TestNote),
  removed: z.array(z.string()),
  newlySkipped: z.array(z.string()),
  added: z.array(z.string()),
  ...MORE_EVIDENCE,
});
export type GateReport = z.infer<typeof GateReport>;

/** What a run asks a person, and what kind of answer it takes. */
export const Ask = z.object({
  kind: z.enum(['plan', 'permission', 'question', 'review', 'apply', 'hand']),
  title: z.string(),
  detail: z.string().optional(),
  options: z.array(z.string()).optional(),
  who: Actor.optional(),
  /** For `hand`: absolute path of the working copy. */
  folder: z.string().optional(),
  /** For `hand`: name of the working copy, and the integration tree that what is in it was made from. */
  copy: z.object({ id: z.string(), from: z.string() }).optional(),
  /** For `permission`: what "always allow this here" would allow, in words. Absent where that is not offered. */
  always: z.array(z.string()).optional(),
  /** For `permission`: absent where it stays harmless. */
  danger: AskedDanger.optional(),
  /** For `permission`: a role of the project that may be used from now on, as its file reads; `instead`: who does it where it may not. */
  role: z.object({ name: z.string(), instead: z.string().optional() }).optional(),
  /** For `apply`: files that a person may resolve first. */
  conflict: ConflictTrees.optional(),
});
export type Ask = z.infer<typeof Ask>;

export const TaskStateName = z.enum([
  'waiting',
  'ready',
  'working',
  'testing',
  'reviewing',
  'integrating',
  'done',
  'failed',
  'blocked',
  'skipped',
]);
export type TaskStateName = z.infer<typeof TaskStateName>;

export const Outcome = z.enum(['done', 'failed', 'notProved', 'rejected', 'answered']);
export type Outcome = z.infer<typeof Outcome>;

export const PauseReason = z.enum(['stopped', 'waiting', 'budget', 'endpoint', 'environment', 'closed']);
export type PauseReason = z.infer<typeof PauseReason>;

/** Data of each event type. Names are past tense. */
export const EVENT_DATA = {
  'run.started': z.object({
    run: z.string(),
    goal: z.string(),
    mode: RunMode,
    settings: RunSettings,
    engine: z.string(),
    workspace: z.string(),
    /** True where a script speaks for the models. Shown wherever the run shows. */
    demo: z.boolean(),
    /** From which the fences around untrusted text are drawn; a fork keeps it, so that it reads as its beginning did. */
    fence: z.string().optional(),
    /** What the person showed with the goal. */
    images: z.array(ImageRef).optional(),
    /** The text files that they gave with it, or with the run that this one follows. */
    attached: z.array(AttachedFile).optional(),
    /** The run this one follows, if it does. */
    follows: z.string().optional(),
    /** What it goes on from there. */
    carried: CarriedOn.optional(),
    /** The run that this one began as, up to that line: what came before was paid for there. */
    forked: z.object({ run: z.string(), seq: z.number().int() }).optional(),
    /** How many secrets and pictures were taken out when the run was exported: what the steps were given can no longer be compared. */
    redacted: z.number().int().optional(),
    /** It came as a file: nobody here vouches for what it records, and nothing is done because of it. */
    imported: z.literal(true).optional(),
  }),
  'run.resumed': z.object({
    engine: z.string(),
    /** The budget from here on, where the person changed it. */
    budget: BudgetLimits.optional(),
  }),
  /**
   * The program no longer runs as the one that wrote the lines before, so the run goes on task by task: what is finished stays, the
   * other tasks start new attempts. Keys from here on begin with `life/<life>/`.
   */
  'run.upgraded': z.object({
    life: z.number().int(),
    engine: z.string(),
    why: z.string(),
    base: z.string(),
    plan: PlanSpec.optional(),
    /** Of the plan, as `plan.decided` has it. */
    tainted: z.string().optional(),
    tree: z.string(),
    done: z.array(z.string()),
    attempts: z.record(z.string(), z.number().int()),
    verdict: GateReport.optional(),
    enforced: EnforcedData.optional(),
    /** Tasks that a person worked on by hand: in which copy, and the integration tree that what lies there was made from. */
    hands: z
      .array(z.object({ task: z.string(), attempt: z.number().int(), copy: z.string(), from: z.string() }))
      .optional(),
  }),
  'run.paused': z.object({
    reason: PauseReason,
    message: z.string(),
    retry: z.array(z.string()).default([]),
  }),
  'run.finished': z.object({ outcome: Outcome, message: z.string(), partial: z.boolean().default(false) }),
  'step.started': z.object({
    kind: StepKind,
    title: z.string(),
    who: Actor.optional(),
    /** SHA-256 of the canonical input: tells a changed program from the one that wrote the journal. */
    digest: z.string(),
    input: z.unknown().optional(),
    /** Worst case reserved in the budget, for model calls. */
    reserved: z.object({ tokens: z.number(), costUsd: z.number().nullable() }).optional(),
    again: z.number().int().optional(),
  }),
  'step.finished': z.object({
    output: z.unknown().optional(),
    /** SHA-256 of the output's JSON, where it was too long for a line. */
    blob: z.string().optional(),
    /** A few lines of the output, for views. */
    brief: z.string().optional(),
    /** What views show of an output that may lie in a blob. */
    facts: StepFacts.optional(),
    spent: Spent.optional(),
  }),
  'step.failed': z.object({
    code: z.string(),
    message: z.string(),
    advice: z.string().optional(),
    retryable: z.boolean(),
    spent: Spent.optional(),
  }),
  'signal.opened': Ask,
  'signal.received': z.object({ value: z.unknown(), from: z.string() }),
  'signal.unknown': z.object({ name: z.string(), value: z.unknown(), from: z.string(), reason: z.string() }),
  'base.taken': z.object({
    tree: z.string(),
    files: z.number().int(),
    notes: z.array(z.string()),
    /** What the run's commands are held to, found out as it began. */
    enforced: EnforcedData.optional(),
  }),
  /** Once, before the tests of the base are run. */
  'tests.found': TestsFound,
  ...PLAN_EVENTS,
  'task.changed': z.object({
    task: z.string(),
    state: TaskStateName,
    attempt: z.number().int(),
    note: z.string().optional(),
  }),
  'agent.created': AgentCreated,
  'agent.changed': z.object({
    agent: z.string(),
    state: z.enum(['idle', 'thinking', 'acting', 'waiting', 'blocked', 'failed', 'done']),
    note: z.string().optional(),
  }),
  /** An agent's conversation is told to its model in fewer words from here on. Counts are tokens. */
  'context.compacted': z.object({
    who: Actor,
    /** The window is near, the endpoint refused, or it was found to cut silently. */
    why: z.enum(['near', 'refused', 'cut']),
    endpoint: z.string(),
    before: z.number().int(),
    after: z.number().int(),
    window: z.number().int(),
    /** Turns that only a digest tells of now. */
    turns: z.number().int(),
  }),
  ...TEAM_EVENT_DATA,
  ...CONSENSUS_EVENTS,
  'gate.finished': z.object({
    scope: z.enum(['baseline', 'task', 'integrated', 'accepted']),
    task: z.string().optional(),
    candidate: z.number().int().optional(),
    round: z.number().int(),
    report: GateReport,
    /** Of a task's gate: the trees that its change lies between. Absent in records of before that was noted. */
    change: z.object({ from: z.string(), to: z.string() }).optional(),
  }),
  'review.finished': z.object({
    task: z.string(),
    candidate: z.number().int().optional(),
    round: z.number().int(),
    verdict: z.enum(['approve', 'request_changes']),
    comments: z.array(ReviewComment),
  }),
  ...BLAME_EVENTS,
  ...CANDIDATE_EVENTS,
  'merge.finished': z.object({ task: z.string(), tree: z.string(), conflicts: z.array(z.string()) }),
  'changes.proposed': z.object({
    revision: z.number().int(),
    base: z.string(),
    tree: z.string(),
    files: z.array(ChangedFile),
    verdict: z.enum(['green', 'red', 'notProved']),
  }),
  'changes.decided': z.object({
    accepted: z.array(z.string()),
    rejected: z.array(Rejection),
  }),
  'changes.applied': z.object({
    files: z.array(
      z.object({
        path: z.string(),
        how: z.enum(['written', 'deleted', 'merged', 'unchanged', 'conflict']),
        note: z.string().optional(),
      }),
    ),
    tested: z.boolean(),
  }),
  /** An applied change set was taken back. */
  'changes.undone': z.object({
    files: z.array(
      z.object({
        path: z.string(),
        how: z.enum(['written', 'deleted', 'conflict']),
        note: z.string().optional(),
      }),
    ),
  }),
  /** An applied change set was committed in the person's repository. */
  'changes.committed': z.object({
    commit: z.string(),
    branch: z.string().optional(),
    files: z.array(z.string()),
  }),
  /** What was done with a finished run (applying, undoing, committing) is over. */
  'epilogue.ended': z.object({ done: z.boolean(), message: z.string() }),
  'summary.written': z.object({ title: z.string(), body: z.string() }),
  'answer.written': z.object({ text: z.string(), sources: z.array(z.string()) }),
  /** What policy says of a tool call before it is made. A person's answer to an `ask` is the signal of the same key. */
  'policy.decided': z.object({
    tool: z.string(),
    who: Actor.optional(),
    decision: z.enum(['allow', 'ask', 'deny']),
    by: DecidedBy,
    why: z.string(),
    /** The rule that decided, in words. */
    rule: z.string().optional(),
    /** Command line or paths, as the model wrote them, without control characters. */
    command: z.string().optional(),
    paths: z.array(z.string()).optional(),
    /** Web addresses, as the model wrote them. */
    urls: z.array(z.string()).optional(),
  }),
  /** Files that are protected and that a command changed although nobody allowed it were put back. */
  'policy.enforced': z.object({ tool: z.string(), who: Actor.optional(), paths: z.array(z.string()) }),
  ...PEOPLE_EVENTS,
  'limit.reached': z.object({ limit: z.string(), value: z.number(), who: Actor.optional() }),
  'alert.raised': z.object({ code: z.string(), message: z.string(), who: Actor.optional() }),
} as const;

export type EventType = keyof typeof EVENT_DATA;
export type EventData<T extends EventType> = z.infer<(typeof EVENT_DATA)[T]>;

/** One event before it is written: what the run says. `key` is semantic and unique among keyed events of one type. */
export type RunEvent = {
  readonly [T in EventType]: { readonly type: T; readonly key?: string; readonly data: EventData<T> };
}[EventType];

/** One line of a journal. `prev` repeats the former line's `sum`; `sum` is the SHA-256 of the line without it. */
export type JournalLine = RunEvent & {
  readonly v: number;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** SHA-256 of the data's JSON, where it was too long for a line and lies in a blob. */
  readonly blob?: string;
  readonly prev: string;
  readonly sum: string;
};
