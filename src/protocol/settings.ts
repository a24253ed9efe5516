/** The settings of one run, resolved before it starts and recorded in `run.started`. They hold no secret. */
import * as z from 'zod';

/** Named limits (I10). Reaching one is an event that says its name. */
export const Limits = z.object({
  /** Plans that may be sent back to the planner. */
  planning: z.number().int().min(1).default(3),
  /** Times that a red gate sends a coder back. */
  gateRounds: z.number().int().min(0).default(3),
  /** Times that a review sends a coder back. */
  reviewRounds: z.number().int().min(0).default(2),
  /** Fresh agents that may try one task. */
  attempts: z.number().int().min(1).default(2),
  /** Times that a merge conflict goes to a coder. */
  conflictRounds: z.number().int().min(0).default(2),
  /** Model replies per attempt. */
  turns: z.number().int().min(1).default(40),
  /** Tasks that work at once. */
  concurrency: z.number().int().min(1).max(32).default(3),
  /** Tasks in one plan. */
  tasks: z.number().int().min(1).max(200).default(50),
  /** Longest time of one command, in seconds. */
  commandSeconds: z.number().int().min(1).default(300),
  /** Longest time of one test run, in seconds. */
  testSeconds: z.number().int().min(1).default(900),
  /** Times that a newly failing test is run again on the same files, to tell chance from a cause. */
  flakyReruns: z.number().int().min(0).max(5).default(1),
  /** Longest observation given to a model, in characters; the rest stays in the journal. */
  observationChars: z.number().int().min(1000).default(20000),
  /** Output limit sent with each model call, in tokens. */
  outputTokens: z.number().int().min(256).default(8192),
});
export type Limits = z.infer<typeof Limits>;

/** Hard limits of a run. Absent means unlimited. */
export const BudgetLimits = z.object({
  costUsdMax: z.number().positive().optional(),
  tokensMax: z.number().int().positive().optional(),
  /** Active minutes; time spent waiting for people does not count. */
  minutesMax: z.number().positive().optional(),
});
export type BudgetLimits = z.infer<typeof BudgetLimits>;

/** One place where a model answers. The key is never part of it: it is looked up by `id` where it is used. */
export const Endpoint = z.object({
  id: z.string().min(1).max(100),
  /** `openai`: an OpenAI-compatible HTTP server. `editor`: a model of the editor. `scripted`: plays a script. `cassette`: plays a recording. */
  kind: z.enum(['openai', 'editor', 'scripted', 'cassette']),
  label: z.string().max(200).optional(),
  baseUrl: z.string().max(2000).optional(),
  model: z.string().max(300),
  /** US dollars per million tokens. Absent: unknown, which is never taken for zero. */
  inputUsdPerMillion: z.number().nonnegative().optional(),
  outputUsdPerMillion: z.number().nonnegative().optional(),
  contextTokens: z.number().int().positive().default(128000),
  /** For `scripted` and `cassette`: the script's or recording's name, resolved by the door. */
  script: z.string().max(1000).optional(),
});
export type Endpoint = z.infer<typeof Endpoint>;

/** What a person must approve. */
export const Approvals = z.object({
  plan: z.boolean().default(true),
  commands: z.boolean().default(true),
  changes: z.boolean().default(true),
});
export type Approvals = z.infer<typeof Approvals>;

/** Everything that steers a run and does not change while it lives. */
export const RunSettings = z.object({
  approvals: Approvals.default({ plan: true, commands: true, changes: true }),
  /** `false`: nobody can be asked; policy's "ask" becomes allow for what is confined to the working copy, else deny. */
  interactive: z.boolean().default(true),
  /** Applies the accepted change set to the workspace; without it the set waits to be applied by hand. */
  apply: z.boolean().default(true),
  limits: Limits.prefault({}),
  budget: BudgetLimits.default({}),
  endpoints: z.array(Endpoint).min(1),
  /** Endpoint ids per role in fallback order; `default` serves the rest. */
  routes: z.record(z.string(), z.array(z.string()).min(1)),
  /** The person's own test command; absent: found by QA. */
  testCommand: z.string().max(2000).optional(),
  /** A project's own instructions (AGENTS.md and the like), already read. */
  instructions: z.string().max(32000).optional(),
});
export type RunSettings = z.infer<typeof RunSettings>;

/** How much of the team a goal is given to. */
export const RunMode = z.enum(['team', 'quick', 'ask', 'qa']);
export type RunMode = z.infer<typeof RunMode>;
