/** The terminal's words: what was typed, checked, or what is wrong with it. */
import { resolve as absolute } from 'node:path';
import { parseArgs } from 'node:util';
import type { Autonomy } from '../protocol/policy.ts';
import { IMAGES_MAX } from '../protocol/image-bytes.ts';
import type { QaSettings } from '../protocol/qa-settings.ts';
import type { Approvals, BudgetLimits, SandboxSettings } from '../protocol/settings.ts';
import { bestOfOf } from './best-of-words.ts';
import { approvalsOf, autonomyOf, sandboxOf } from './leave-values.ts';
import { budgetOf, numberOf, priceOf } from './limits.ts';
import type { RunModels } from './models-file.ts';
import { keptActOf, qaOf, testActOf, type KeptAct, type TestAct } from './test-arguments.ts';
import type { ReviewChoices } from './review-choices.ts';
import { COMMAND_NAMES, unknownCommand, unknownOption } from './help.ts';
import { OPTIONS } from './options.ts';
import { consensusOf, type ConsensusWish } from './consensus-value.ts';
import { UsageError } from './usage-error.ts';

/** What `run` and `resume` have in common. */
export interface RunOptions {
  readonly workspace: string | undefined;
  readonly baseUrl: string | undefined;
  readonly model: string | undefined;
  readonly script: string | undefined;
  /** A recording that speaks for the models; `exact`: only to the very same requests. */
  readonly cassette: { readonly file: string | undefined; readonly exact: boolean };
  /** Where what models say is recorded. */
  readonly record: string | undefined;
  readonly approvals: Approvals;
  readonly apply: boolean;
  readonly json: boolean;
  readonly stateDir: string | undefined;
  readonly budget: BudgetLimits;
  readonly concurrency: number | undefined;
  /** Tasks that may wait for an answer while others work in their place; 0: none. */
  readonly parked: number | undefined;
  /** Several coders for each task. */
  readonly bestOf: ReturnType<typeof bestOfOf>;
  readonly testCommand: string | undefined;
  /** Longest that a run of the tests may take. */
  readonly testSeconds: number | undefined;
  /** How changes are proved. */
  readonly qa: QaSettings;
  readonly sandbox: SandboxSettings;
  /** Hosts that agents may reach, and their search service. */
  readonly web: { readonly domains: readonly string[]; readonly search: string | undefined };
  /** Agents may open pages of this machine; the browser for it, where one is named. */
  readonly browse: { readonly enabled: boolean; readonly browser: string | undefined };
  readonly mode: 'team' | 'quick' | 'ask' | 'qa';
  /** Files shown with the goal. */
  readonly images: readonly string[];
  /** Files given with the goal: images are shown, texts are told. */
  readonly attach: readonly string[];
  /** For `fork`: where, and what to say to the team. */
  readonly fork: {
    readonly at: number | undefined;
    readonly task: string | undefined;
    readonly instruction: string | undefined;
    /** File with a plan to go on with instead. */
    readonly planFile: string | undefined;
  };
  /** For `resume`: whoever owns the run is asked to stop. */
  readonly takeOver: boolean;
  /** For `show`: lines as they come. */
  readonly follow: boolean;
  /** For `gc`: what is given up. */
  readonly collect: {
    readonly daysMax: number | undefined;
    readonly megabytesMax: number | undefined;
    readonly dryRun: boolean;
    readonly unfinished: readonly string[];
  };
  /** For `commit`, and for `run --apply --commit`; the branch to make for it. */
  readonly commit: { readonly wanted: boolean; readonly branch: string | undefined };
  /** For `show`: text for a pull request. */
  readonly pullRequest: boolean;
  /** For `review`. */
  readonly review: ReviewChoices;
  /** How much is done without asking; absent: as the policy says. */
  readonly autonomy: Autonomy | undefined;
  /** File of the person's rules. */
  readonly policy: string | undefined;
  /** For `run` and `ask`: the finished run that is gone on from. */
  readonly follows: string | undefined;
  /** For `plan`: a file with the plan to go on with. */
  readonly edit: string | undefined;
  /** For `roles new`: into the workspace instead of the person's own folder. */
  readonly inWorkspace: boolean;
  /** Lists talks and no other runs. */
  readonly onlyChats: boolean;
  /** For `permissions`: the one to take back. */
  readonly remove: string | undefined;
  /** For `export` and `audit`. */
  readonly output: string | undefined;
  /** A file that names endpoints and routes. */
  readonly modelsFile: string | undefined;
  /** Of the model named, in US dollars per million tokens. */
  readonly price: ReturnType<typeof priceOf>;
  /** For `show`: who spent what; the run along its time; the whole of it as Markdown; one of its lines. */
  readonly ledger: boolean;
  /** For `show`: endpoints and how they do, roles and tools with their versions, who is matched to what and why. */
  readonly registry: boolean;
  readonly timeline: boolean;
  /** With a task: what it changed. */
  readonly diff: boolean;
  readonly transcript: boolean;
  readonly step: number | undefined;
  /** With `step`: also what the model was told. */
  readonly prompt: boolean;
  /** For `show`: what the team has established. */
  readonly facts: boolean;
  /** For `show`: what the team told each other, only what is about the words where there are some. */
  readonly messages: { readonly shown: boolean; readonly about: string | undefined };
  /** For `stop`: what is under way ends first. */
  readonly drain: boolean;
  /** Absent: one reviews. */
  readonly consensus: ConsensusWish | undefined;
  /** For `resend`: to whom instead. */
  readonly to: string | undefined;
  /** The models that the options name, once they are known. */
  readonly models?: RunModels;
}

/** Commands that take a run and nothing else. */
const ON_A_RUN = [
  'resume',
  'show',
  'stop',
  'replay',
  'verify',
  'fork',
  'review',
  'apply',
  'undo',
  'commit',
  'export',
  'delete',
  'audit',
  'kept',
] as const;
export type OnARun = (typeof ON_A_RUN)[number];

export type Command =
  | { readonly name: 'run'; readonly goal: string; readonly options: RunOptions }
  | { readonly name: 'test'; readonly test: TestAct; readonly options: RunOptions }
  | { readonly name: 'tests'; readonly kept: KeptAct; readonly options: RunOptions }
  | { readonly name: OnARun; readonly run: string; readonly options: RunOptions }
  | { readonly name: 'import'; readonly file: string; readonly options: RunOptions }
  | { readonly name: 'runs' | 'gc' | 'permissions' | 'doctor'; readonly options: RunOptions }
  | {
      readonly name: 'roles';
      readonly act: { readonly do: 'new' | 'approve'; readonly role: string } | undefined;
      readonly options: RunOptions;
    }
  | {
      readonly name: 'answer';
      readonly run: string;
      readonly signal: string;
      readonly value: string;
      readonly options: RunOptions;
    }
  | { readonly name: 'resend'; readonly run: string; readonly message: number; readonly options: RunOptions }
  | {
      readonly name: 'plan' | 'take' | 'set' | 'say';
      readonly run: string;
      /** For `take` the task, for `say` the message. */
      readonly text: string;
      readonly options: RunOptions;
    }
  | { readonly name: 'help'; readonly about: string | undefined }
  | { readonly name: 'version' };

type Values = ReturnType<typeof parse>['values'];

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const option = /^Unknown option '([^']+)'/u.exec(message)?.[1];
    const known = Object.keys(OPTIONS);
    throw new UsageError(option === undefined ? message : unknownOption(option, { known, args }));
  }
}

/** Errors: `UsageError`. */
export function readArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  const [name = 'help', ...rest] = positionals;
  if (values.version) return { name: 'version' };
  if (name === 'help') return helpAbout(rest[0]);
  if (values.help) return helpAbout(name);
  return commandOf(name, rest, values);
}

/** `about`: the command, where one is named. */
function helpAbout(about: string | undefined): Command {
  if (about !== undefined && !COMMAND_NAMES.includes(about)) throw new UsageError(unknownCommand(about));
  return { name: 'help', about };
}

function commandOf(name: string, rest: readonly string[], values: Values): Command {
  switch (name) {
    case 'run':
      return startOf(rest, values, { what: 'a goal in quotes', mode: values.quick ? 'quick' : 'team' });
    case 'ask':
      return startOf(rest, values, { what: 'a question in quotes', mode: 'ask' });
    case 'test':
      none(rest, name);
      return { name, test: testActOf(values), options: optionsOf(values, values.quick ? 'quick' : 'qa') };
    case 'tests':
      none(rest, name);
      return { name, kept: keptActOf(values), options: optionsOf(values, 'qa') };
    case 'import':
      return {
        name,
        file: one(rest, 'a file that quartet export wrote'),
        options: optionsOf(values, 'team'),
      };
    case 'runs':
    case 'permissions':
    case 'gc':
    case 'doctor':
      none(rest, name);
      return { name, options: optionsOf(values, 'team') };
    case 'plan':
    case 'set':
      return { name, run: one(rest, 'the id of a run'), text: '', options: optionsOf(values, 'team') };
    case 'take':
    case 'say': {
      const [run, text] = rest;
      if (run === undefined || text === undefined || text.trim() === '' || rest.length > 2)
        throw new UsageError(
          `${name} needs a run and ${name === 'take' ? 'the id of a task' : 'a message in quotes'}.`,
        );
      return { name, run, text, options: optionsOf(values, 'team') };
    }
    case 'roles':
      return { name, act: roleActOf(rest), options: optionsOf(values, 'team') };
    case 'answer': {
      const [run, signal, value] = rest;
      if (run === undefined || signal === undefined || value === undefined || rest.length > 3)
        throw new UsageError('answer needs a run, a signal and a value.');
      return { name, run, signal, value, options: optionsOf(values, 'team') };
    }
    case 'resend': {
      const [run, message] = rest;
      const number = numberOf('The message', message, { whole: true });
      if (run === undefined || number === undefined || rest.length > 2)
        throw new UsageError('resend needs a run and the number of a message.');
      return { name, run, message: number, options: optionsOf(values, 'team') };
    }
    default:
      return onARun(name, rest, values);
  }
}

/** `--follow RUN "goal"`, or `--continue RUN`: what is typed goes on from that run. */
function startOf(
  rest: readonly string[],
  values: Values,
  { what, mode }: { readonly what: string; readonly mode: RunOptions['mode'] },
): Command {
  const [first, ...others] = rest;
  const follows = values.follow === true ? first : values.continue;
  const goal = one(values.follow === true ? others : rest, what);
  return { name: 'run', goal, options: { ...optionsOf(values, mode), follows } };
}

function roleActOf([act, role, ...more]: readonly string[]): (Command & { name: 'roles' })['act'] {
  if (act === undefined) return undefined;
  if ((act === 'new' || act === 'approve') && role !== undefined && more.length === 0)
    return { do: act, role };
  throw new UsageError('roles takes nothing, "new NAME" or "approve NAME".');
}

function onARun(name: string, rest: readonly string[], values: Values): Command {
  const known = ON_A_RUN.find((each) => each === name);
  if (!known) throw new UsageError(unknownCommand(name));
  return { name: known, run: one(rest, 'the id of a run'), options: optionsOf(values, 'team') };
}

function one(rest: readonly string[], what: string): string {
  const [first] = rest;
  if (first === undefined || first.trim() === '' || rest.length > 1)
    throw new UsageError(`This command needs ${what}.`);
  return first;
}

function none(rest: readonly string[], name: string): void {
  if (rest.length > 0) throw new UsageError(`${name} takes no arguments.`);
}

function reviewOf(values: Values): ReviewChoices {
  return {
    accept: values.accept ?? [],
    reject: values.reject ?? [],
    reasons: values.reason ?? [],
    edits: values.edit ?? [],
    sendBack: values['send-back'] ?? false,
    discard: values.discard ?? false,
    forget: values.forget ?? false,
    say: values.say,
    why: values.why ?? false,
    ask: values.ask,
  };
}

function optionsOf(values: Values, mode: RunOptions['mode']): RunOptions {
  return {
    mode,
    images: imagesOf(values.image ?? [], mode),
    attach: attachOf(values.attach ?? [], mode),
    workspace: values.workspace,
    baseUrl: values['base-url'],
    model: values.model,
    script: values.script,
    cassette: { file: values.cassette, exact: values['cassette-exact'] ?? false },
    record: values.record,
    testCommand: values['test-command'],
    testSeconds: numberOf('--test-seconds', values['test-seconds'], { whole: true }),
    qa: qaOf(values),
    web: { domains: values['web-domain'] ?? [], search: values['web-search'] },
    browse: browseOf(values),
    stateDir: values['state-dir'],
    apply: values.apply ?? false,
    commit: commitOf(values),
    pullRequest: values.pr ?? false,
    json: values.json ?? false,
    approvals: approvalsOf(values.approve ?? 'all'),
    concurrency: numberOf('--concurrency', values.concurrency, { whole: true }),
    parked: numberOf('--parked', values.parked, { whole: true, zero: true }),
    bestOf: bestOfOf(values),
    budget: budgetOf(values),
    modelsFile: values.models,
    price: priceOf(values.price),
    ledger: values.ledger ?? false,
    registry: values.registry ?? false,
    timeline: values.timeline ?? false,
    diff: values.diff ?? false,
    transcript: values.transcript ?? false,
    step: numberOf('--step', values.step, { whole: true }),
    prompt: values.prompt ?? false,
    facts: values.facts ?? false,
    messages: { shown: values.messages ?? values.about !== undefined, about: values.about },
    to: values.to,
    drain: values.drain ?? false,
    consensus: consensusOf(values.consensus),
    sandbox: sandboxOf(values),
    takeOver: values['take-over'] ?? false,
    follow: values.follow ?? false,
    output: values.output,
    autonomy: autonomyOf(values.autonomy),
    policy: values.policy,
    remove: values.remove,
    follows: undefined,
    edit: values.edit?.[0],
    inWorkspace: values['in-workspace'] ?? false,
    onlyChats: values.chats ?? false,
    collect: {
      daysMax: numberOf('--older-than', values['older-than'], { whole: false }),
      megabytesMax: numberOf('--max-size', values['max-size'], { whole: false }),
      dryRun: values['dry-run'] ?? false,
      unfinished: values['include-unfinished'] ?? [],
    },
    review: reviewOf(values),
    fork: forkOf(values),
  };
}

const forkOf = (values: Values): RunOptions['fork'] => ({
  at: numberOf('--at', values.at, { whole: true }),
  task: values.task,
  instruction: values.say,
  planFile: values.plan,
});

function imagesOf(files: readonly string[], mode: RunOptions['mode']): readonly string[] {
  if (files.length > 0 && mode === 'qa') throw new UsageError('test takes no images: nobody looks at them.');
  if (files.length > IMAGES_MAX) throw new UsageError(`--image may be given ${IMAGES_MAX} times.`);
  return files;
}

function attachOf(files: readonly string[], mode: RunOptions['mode']): readonly string[] {
  if (files.length > 0 && mode === 'qa') throw new UsageError('test takes no files: nobody looks at them.');
  return files;
}

function commitOf({ commit = false, apply = false, branch }: Values): RunOptions['commit'] {
  if (commit && !apply) throw new UsageError('--commit commits what is applied: give --apply, too.');
  return { wanted: commit, branch };
}

function browseOf({ browse = false, browser }: Values): RunOptions['browse'] {
  if (browser !== undefined && !browse) throw new UsageError('--browser names the browser for --browse.');
  return { enabled: browse, browser: browser === undefined ? undefined : absolute(browser) };
}
