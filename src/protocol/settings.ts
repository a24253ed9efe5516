/** The settings of one run, resolved before it starts and recorded in `run.started`. They hold no secret. */
import * as z from 'zod';
import { BestOf } from './candidates.ts';
import { ConsensusSettings } from './consensus.ts';
import { PlanSpec } from './plan.ts';
import { Policy } from './policy.ts';
import { QaSettings } from './qa-settings.ts';
import { BrowseSettings, HostTool, WebSettings } from './tool-settings.ts';

/** Named limits (I10). Reaching one is an event that says its name. */
export const Limits = z.object({
  /** Plans that may be sent back to the planner. */
  planning: z.number().int().min(1).default(3),
  /** Times that a red gate sends a coder back. */
  gateRounds: z.number().int().min(0).default(3),
  /** Times that a review sends a coder back. */
  reviewRounds: z.number().int().min(0).default(2),
  /** Times that a person may send a change back. */
  revisions: z.number().int().min(0).default(3),
  /** Times that the planner plans again where tasks failed. Absent in runs that began before there was one: never. */
  replans: z.number().int().min(0).max(5).optional(),
  /** Fresh agents that may try one task. */
  attempts: z.number().int().min(1).default(2),
  /** Times that a merge conflict goes to a coder. */
  conflictRounds: z.number().int().min(0).default(2),
  /** Model replies per attempt. */
  turns: z.number().int().min(1).default(40),
  /** Tasks that work at once. */
  concurrency: z.number().int().min(1).max(32).default(3),
  /** Tasks that may wait for an answer while others work in their place. Absent in runs that began before there was one: none. */
  parked: z.number().int().min(0).max(32).optional(),
  /** Tasks in one plan, sub-tasks included. */
  tasks: z.number().int().min(1).max(200).default(50),
  /** Levels of sub-tasks. */
  depth: z.number().int().min(0).max(4).default(2),
  /** Longest time of one command, in seconds. */
  commandSeconds: z.number().int().min(1).default(300),
  /** Longest time of one test run, in seconds. */
  testSeconds: z.number().int().min(1).default(900),
  /** Times that a newly failing test is run again on the same files, to tell chance from a cause. */
  flakyReruns: z.number().int().min(0).max(5).default(1),
  /** Longest observation given to a model, in characters; the rest stays in the journal. */
  observationChars: z.number().int().min(1000).default(20000),
  /** Commands that one working copy may have running in the background. */
  background: z.number().int().min(1).max(20).default(3),
  /** Output limit sent with each model call, in tokens. */
  outputTokens: z.number().int().min(256).default(8192),
});
export type Limits = z.infer<typeof Limits>;

/** How commands and tests are confined by the operating system. */
export const SandboxSettings = z.object({
  /** `auto`: where the system can. `on`: no command runs without. `off`: never. */
  mode: z.enum(['auto', 'on', 'off']).default('auto'),
  /** What a confined command reaches: `none` and `local` a loopback of its own where the system has that, `local` else this machine's. */
  network: z.enum(['none', 'local', 'all']).default('local'),
  /** Absolute paths of more folders that commands may read. */
  readable: z.array(z.string().min(1).max(1000)).max(100).default([]),
});
export type SandboxSettings = z.infer<typeof SandboxSettings>;

const caps = {
  costUsdMax: z.number().positive().optional(),
  tokensMax: z.number().int().positive().optional(),
  /** Active minutes; time spent waiting for people does not count. */
  minutesMax: z.number().positive().optional(),
  /** Model replies. */
  turnsMax: z.number().int().positive().optional(),
  /** Agents that ask a model at all. */
  agentsMax: z.number().int().positive().optional(),
};

/** Hard limits of one role in a run. Absent means unlimited. */
export const Caps = z.object(caps);
export type Caps = z.infer<typeof Caps>;

/** Hard limits of a run, and of roles in it. Absent means unlimited. */
export const BudgetLimits = z.object({
  ...caps,
  roles: z.record(z.string(), Caps).optional(),
  /** Ids of the endpoints that are asked instead once the budget is used up to `degradeAtPercent` (80 where absent). */
  degradeTo: z.array(z.string()).min(1).optional(),
  degradeAtPercent: z.number().min(0).max(100).optional(),
});
export type BudgetLimits = z.infer<typeof BudgetLimits>;

/** How far a text may travel. `public`: the web's. `internal`: the project's. `secret`: from where keys are kept. */
export const TextClass = z.enum(['public', 'internal', 'secret']);
export type TextClass = z.infer<typeof TextClass>;

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
  /** What the endpoint allows in any 60 seconds; calls beyond wait, or go to the next endpoint. */
  requestsPerMinute: z.number().int().positive().optional(),
  tokensPerMinute: z.number().int().positive().optional(),
  /** For `openai`: which API is spoken. Absent or `auto`: Responses where the host is known to have it, else Chat Completions. */
  api: z.enum(['auto', 'chat', 'responses']).optional(),
  /** How tools are offered. Absent or `auto`: as the API does, and as text where the endpoint refuses that. */
  tools: z.enum(['auto', 'native', 'text']).optional(),
  /** Whether the model sees images. Absent: it is tried, and a refusal remembered. */
  vision: z.boolean().optional(),
  /** The widest class of text that it may be sent. Absent: every class. */
  classesMax: TextClass.optional(),
  /** For `scripted` and `cassette`: the script's or recording's name, resolved by the door. */
  script: z.string().max(1000).optional(),
});
export type Endpoint = z.infer<typeof Endpoint>;

/** One place of a route: an endpoint's id, or ids of endpoints that are equal, over which load is spread. */
const RoutePlace = z.union([z.string(), z.array(z.string()).min(1)]);
/** Places in fallback order. */
export const Route = z.array(RoutePlace).min(1);
export type Route = z.infer<typeof Route>;

/** What a person must approve. */
export const Approvals = z.object({
  plan: z.boolean().default(true),
  commands: z.boolean().default(true),
  changes: z.boolean().default(true),
});
export type Approvals = z.infer<typeof Approvals>;

/** What a project says of how work is to be done in it, from a file that people have for agents. */
export const ProjectInstruction = z.object({
  /** Relative to the workspace. */
  path: z.string().max(1000),
  /** Files that it is about; none: all of them. */
  globs: z.array(z.string().max(1000)).max(20),
  text: z.string().max(32000),
  /** The file says more. */
  cut: z.boolean().optional(),
});
export type ProjectInstruction = z.infer<typeof ProjectInstruction>;

/** Everything that steers a run and does not change while it lives. */
export const RunSettings = z.object({
  approvals: Approvals.default({ plan: true, commands: true, changes: true }),
  /** `false`: nobody can be asked; policy's "ask" becomes allow for what is confined to the working copy, else deny. */
  interactive: z.boolean().default(true),
  /** Applies the accepted change set to the workspace; without it the set waits to be applied by hand. */
  apply: z.boolean().default(true),
  /** What agents may do. Absent in runs that began before there was one: the default. */
  policy: Policy.optional(),
  limits: Limits.prefault({}),
  budget: BudgetLimits.default({}),
  sandbox: SandboxSettings.prefault({}),
  endpoints: z.array(Endpoint).min(1),
  /** A route per role; `default` serves the rest. */
  routes: z.record(z.string(), Route),
  /** Id of the endpoint that the person picked for this run: it alone answers, whatever routes and roles say. Absent: those decide. */
  picked: z.string().optional(),
  /** Absent: agents do not reach the web. */
  web: WebSettings.optional(),
  /** Absent: agents open no page. */
  browse: BrowseSettings.optional(),
  /** Absent: every task is given to one. */
  bestOf: BestOf.optional(),
  /** Processors of the machine that the run began on. */
  processors: z.number().int().min(1).optional(),
  /** Absent: one reviews. */
  consensus: ConsensusSettings.optional(),
  /** The run looks for the person's own roles, and the workspace's. */
  ownRoles: z.boolean().optional(),
  /** A role of the project that nobody has approved is offered to the person when it is asked. Absent in runs that began before: refused. */
  offersRoles: z.boolean().optional(),
  /** What teammates say of a file is told to others who have read it. Absent in runs that began before that was so. */
  tellsFiles: z.boolean().optional(),
  /** Sub-tasks begin anew where what they are part of is changed. Absent in runs that began before: whoever works on them is told. */
  restartsParts: z.boolean().optional(),
  /** The run began where there are language servers. */
  languages: z.boolean().optional(),
  /** Tools of other programs that the person granted. */
  hostTools: z.array(HostTool).max(200).optional(),
  /** The person's own test command; absent: found by QA. */
  testCommand: z.string().max(2000).optional(),
  /** Absent in runs that began before QA did more than run the tests. */
  qa: QaSettings.optional(),
  /** A plan that a person put in the place of the planner's when the run was forked. */
  plan: PlanSpec.optional(),
  /** What the project says of how work is to be done, as it was read when the run began. */
  project: z.array(ProjectInstruction).max(40).optional(),
  /** The same in runs that began before there was `project`: the text of AGENTS.md. */
  instructions: z.string().max(32000).optional(),
});
export type RunSettings = z.infer<typeof RunSettings>;

/** How much of the team a goal is given to. */
export const RunMode = z.enum(['team', 'quick', 'ask', 'qa']);
export type RunMode = z.infer<typeof RunMode>;
