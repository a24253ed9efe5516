/**
 * The one door for tool calls (I6): validate, authorise, run, redact, record. A role has its own tools and no others, and who
 * speaks is stamped by the host (I7). What a model writes can ask for a tool; only policy and the person can allow one (I8).
 */
import { PermissionAnswer, QuestionAnswer } from '../../protocol/answers.ts';
import type { Actor, EventData } from '../../protocol/events.ts';
import type { ToolCall } from '../models/contract.ts';
import { decide, type Effect, type Stance } from '../policy/decide.ts';
import { confine } from '../policy/paths.ts';
import type { Redactor } from '../policy/redact.ts';
import { plainText } from '../policy/terminal-text.ts';
import { PortError, StepFailed, type StepContext, type Steps } from '../ports.ts';
import { readArguments } from './arguments.ts';
import {
  clip,
  denied,
  error,
  ok,
  type Observation,
  type Shelf,
  type Subject,
  type Tool,
  type ToolWorld,
} from './contract.ts';
import { runTests } from './command.ts';
import { handleOf, paged, WHOLE_CHARS_MAX } from './more.ts';
import { haveRead, judgeReach, letThrough, touched, type Taint } from './outward.ts';
import { mayWrite } from './scope.ts';
import { AskUser, askUser, PostMessage } from './talk.ts';

/** What one agent's calls have in common. */
export interface ToolUse {
  readonly steps: Steps;
  readonly who: Actor;
  /** The role's tools. */
  readonly granted: ReadonlyMap<string, Tool>;
  readonly world: Omit<ToolWorld, 'who' | 'shelf'>;
  /** Where the agent's observations are kept whole. */
  readonly shelf: Shelf;
  readonly stance: Stance;
  /** What it has read of strangers. */
  readonly taint: Taint;
  readonly redactor: Redactor;
  /** Delivers a message to teammates. */
  readonly post: (message: EventData<'message.posted'> & { readonly id: string }) => void;
}

/** An observation for the model, or the checked arguments of a `submit_*` call. */
export type Invoked = { readonly observation: Observation } | { readonly handover: unknown };

/** What a tool step keeps: the observation as the model gets it, and the tree where the call may have changed the working copy. */
interface ToolOutput extends Observation {
  /** The observation as it was, where `text` is only a part of it. */
  readonly whole?: string;
  readonly tree?: string;
}

const ARGS_CHARS = 2000;
const BRIEF_CHARS = 6000;
/** What a tool may say about its own page beyond the limit. */
const PAGE_SLACK = 500;

/** True for calls that may run beside others of the same reply. */
export function isRead(call: ToolCall, use: ToolUse): boolean {
  return use.granted.get(call.name)?.effect === 'read';
}

/** Runs one call of a model's reply under its key. Never throws for what a model did wrong. */
export async function invoke(key: string, call: ToolCall, use: ToolUse): Promise<Invoked> {
  const tool = use.granted.get(call.name);
  if (!tool) return { observation: await refuse(key, call, use, unknownTool(call.name, use)) };
  const written = restored(tool, call, use);
  if (!written.ok) return { observation: await refuse(key, call, use, error(written.problem)) };
  const read = readArguments(tool, written.text);
  if (!read.ok) return { observation: await refuse(key, call, use, error(read.problem)) };
  if (tool.effect === 'submit') return { handover: read.args };
  if (tool.effect === 'talk') return { observation: await talk(key, tool, read.args, use) };
  const refused = await authorise(key, tool, read.args, use);
  if (refused) return { observation: await refuse(key, call, use, refused) };
  return { observation: await perform(key, call, { tool, args: read.args }, use) };
}

type Restored =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/** Markers of secrets become their values again in edits only, which stay in the working copy; nothing that goes out gets them. */
function restored(tool: Tool, call: ToolCall, use: ToolUse): Restored {
  if (tool.effect !== 'edit') return { ok: true, text: call.arguments };
  const { text, unknown } = use.redactor.restore(call.arguments);
  if (unknown.length === 0) return { ok: true, text };
  return {
    ok: false,
    problem: `${unknown.join(', ')} stands for no value that is known here; leave that part of the file as it is.`,
  };
}

function unknownTool(name: string, use: ToolUse): Observation {
  return error(
    `There is no tool "${name}" for ${use.who.role}. Tools: ${[...use.granted.keys()].join(', ')}.`,
  );
}

/** A refusal is recorded like any other call. */
function refuse(key: string, call: ToolCall, use: ToolUse, refusal: Observation): Promise<Observation> {
  const spec = { ...specOf(call, call.name, use), kind: 'tool' as const };
  return use.steps.step(key, spec, () => Promise.resolve(refusal));
}

function specOf(call: ToolCall, title: string, use: ToolUse) {
  return {
    title,
    who: use.who,
    input: { tool: call.name, args: call.arguments },
    note: { tool: call.name, args: clip(call.arguments, ARGS_CHARS) },
    brief: (output: Observation) => clip(output.text, BRIEF_CHARS),
  };
}

/** The refusal, or undefined where policy or the person allows the call. */
async function authorise(
  key: string,
  tool: Tool,
  args: unknown,
  use: ToolUse,
): Promise<Observation | undefined> {
  const subject = tool.subject(args);
  const outside = tool.effect === 'edit' ? outOfScope(subject, use) : undefined;
  if (outside) return outside;
  const asks: string[] = [];
  const reach = judgeReach(tool, subject, use.taint, use.world.web?.settings.domains ?? []);
  if (reach.decision === 'deny') return denied(`Not allowed: ${reach.why}.`);
  if (reach.decision === 'ask') {
    const { interactive, approvals } = use.stance;
    if (!interactive || !approvals.commands)
      return denied(`Not allowed: ${reach.why}; nobody is asked, so it is denied.`);
    asks.push(reach.why);
  }
  for (const deed of deedsOf(tool, subject, use)) {
    const { decision, why } = decide(deed, use.stance);
    if (decision === 'deny') return denied(`Not allowed: ${why}.`);
    if (decision === 'ask') asks.push(why);
  }
  return asks.length > 0 ? askPermission(key, { title: tool.title(args), subject, asks }, use) : undefined;
}

function outOfScope(subject: Subject, use: ToolUse): Observation | undefined {
  for (const path of subject.paths ?? []) {
    const confined = confine(path);
    if (!confined.ok) return denied(`Not allowed: ${confined.why}.`);
    if (confined.path !== path.replace(/^\.\//, ''))
      return denied(`Write the path ${path} as ${confined.path}.`);
    if (!mayWrite(confined.path, use.world.place.scope)) {
      return denied(
        `${confined.path} is outside the file scope of this task (${use.world.place.scope.join(', ') || 'read only'}).`,
      );
    }
  }
  return undefined;
}

function deedsOf(tool: Tool, subject: Subject, use: ToolUse) {
  const common = { tool: tool.name, role: use.who.role };
  const effect = effectOf(tool);
  if (subject.command !== undefined) {
    const cwd = subject.paths?.[0];
    return [{ ...common, effect, command: subject.command, ...(cwd !== undefined && { cwd }) }];
  }
  return (subject.paths ?? []).map((path) => ({ ...common, effect, path }));
}

function effectOf(tool: Tool): Effect {
  if (tool.name === 'run_tests') return 'tests';
  return tool.effect === 'edit' || tool.effect === 'command' ? tool.effect : 'read';
}

interface PermissionAsk {
  readonly title: string;
  readonly subject: Subject;
  readonly asks: readonly string[];
}

async function askPermission(
  key: string,
  ask: PermissionAsk,
  use: ToolUse,
): Promise<Observation | undefined> {
  const what = touched(ask.subject);
  const value = await use.steps.signal(`permission/${key}`, {
    kind: 'permission',
    title: plainText(ask.title),
    detail: plainText(`${what}\n\nWhy this asks: ${ask.asks.join('; ')}.`),
    options: ['Allow', 'Deny'],
    who: use.who,
  });
  const answer = PermissionAnswer.parse(value);
  if (answer.allow) {
    letThrough(ask.subject, use.taint);
    return undefined;
  }
  return denied(`The person did not allow this${answer.reason ? `: ${answer.reason}` : '.'}`);
}

async function perform(
  key: string,
  call: ToolCall,
  { tool, args }: { tool: Tool; args: unknown },
  use: ToolUse,
): Promise<Observation> {
  const { place, limits } = use.world;
  const effect = async (context: StepContext): Promise<ToolOutput> => {
    if ((context.times ?? 0) > 0 && tool.once?.(args) === true) return INTERRUPTED;
    if (tool.effect !== 'outward') await place.ready();
    const observation = await observe(tool, args, use, context);
    const whole = use.redactor.redact(plainText(clip(observation.text, WHOLE_CHARS_MAX)));
    const text = paged(whole, limits.observationChars + PAGE_SLACK, handleOf(key));
    const tree = keepsTree(tool) ? await place.snapshot() : undefined;
    return {
      state: observation.state,
      text,
      ...(text !== whole && { whole }),
      ...(tree !== undefined && { tree }),
    };
  };
  try {
    const output = await use.steps.step<ToolOutput>(
      key,
      { ...specOf(call, tool.title(args), use), kind: 'tool' },
      effect,
    );
    use.shelf.keep(handleOf(key), output.whole ?? output.text);
    if (output.tree !== undefined) place.settled(output.tree);
    else if (worksInCopy(tool)) place.spoilt();
    haveRead(tool, tool.title(args), use.taint);
    return output;
  } catch (failure) {
    if (!(failure instanceof StepFailed)) throw failure;
    if (worksInCopy(tool)) place.spoilt();
    if (!OF_THE_MACHINE.test(failure.code)) return error(`${tool.name} failed: ${failure.message}`);
    const message = failure.advice === undefined ? failure.message : `${failure.message} ${failure.advice}`;
    return use.steps.pause('environment', message, [key]);
  }
}

/** What tests write is no part of the change: the copy is put back after them. */
function keepsTree(tool: Tool): boolean {
  return worksInCopy(tool) && tool.name !== runTests.name;
}

const worksInCopy = ({ effect }: Tool): boolean => effect === 'edit' || effect === 'command';

/** What the run cannot know about a call that was under way when its process ended. */
const INTERRUPTED = error(
  'Interrupted, outcome unknown: the request may or may not have been carried out. It is not made again. Look, or ask the person, before you try once more.',
);

/** Failures that no model can mend: the run pauses, and the call is made again when it goes on. */
const OF_THE_MACHINE = /^(storage|store|git|copy)\./;

/** Failures that a model can act on become observations; the others fail the step. */
async function observe(tool: Tool, args: unknown, use: ToolUse, context: StepContext): Promise<Observation> {
  try {
    return (
      (await tool.run?.(args, { ...use.world, shelf: use.shelf, who: use.who }, context)) ??
      error(`${tool.name} cannot be run.`)
    );
  } catch (failure) {
    if (
      failure instanceof PortError &&
      /^(path|file|search|history|http|languages|host)\./.test(failure.code)
    )
      return error(failure.message);
    throw failure;
  }
}

/** Talking is code over signals and records, never a step of its own. */
async function talk(key: string, tool: Tool, args: unknown, use: ToolUse): Promise<Observation> {
  const { task } = use.who;
  if (tool.name === askUser.name) return question(key, AskUser.parse(args), use);
  const { to, text } = PostMessage.parse(args);
  const data = { from: use.who.role, to, text: plainText(text), ...(task !== undefined && { task }) };
  use.steps.record({ type: 'message.posted', key, data });
  use.post({ ...data, id: key });
  return ok(`Sent to ${to}.`);
}

async function question(key: string, ask: AskUser, use: ToolUse): Promise<Observation> {
  if (!use.stance.interactive)
    return ok('Nobody can be asked in this run. Decide yourself and say in your result what you decided.');
  const value = await use.steps.signal(`question/${key}`, {
    kind: 'question',
    title: plainText(ask.question),
    who: use.who,
    ...(ask.options && { options: ask.options.map(plainText) }),
  });
  return ok(`The person answers: ${QuestionAnswer.parse(value).text}`);
}
