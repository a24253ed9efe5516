/**
 * The one door for tool calls (I6): validate, authorise, run, redact, record. A role has its own tools and no others, and who
 * speaks is stamped by the host (I7). What a model writes can ask for a tool; only policy and the person can allow one (I8).
 */
import type { ToolCall } from '../models/contract.ts';
import type { TextClass } from '../../protocol/settings.ts';
import { classOf, widest } from '../policy/classes.ts';
import { plainText } from '../policy/terminal-text.ts';
import { restoreTokens } from '../policy/untrusted.ts';
import { PortError, StepFailed, type StepContext } from '../ports.ts';
import { readArguments } from './arguments.ts';
import { authorise } from './authorise.ts';
import { runCode } from './code.ts';
import { clip, denied, error, type Observation, type Tool, type ToolWorld } from './contract.ts';
import { runTests } from './command.ts';
import { handleOf, paged, WHOLE_CHARS_MAX } from './more.ts';
import { haveRead } from './outward.ts';
import { protect, type Left } from './protect.ts';
import type { ToolUse } from './use.ts';
import { talk } from './talking.ts';

/**
 * An observation for the model, or the checked arguments of a `submit_*` call. `origin` says where its text comes from, where that is
 * a place that nobody vouches for: files, programs.
 */
export type Invoked =
  { readonly observation: Observation; readonly origin?: string } | { readonly handover: unknown };

/** What a tool step keeps: the observation as the model gets it, and what the call left where it may have changed the working copy. */
interface ToolOutput extends Observation, Partial<Left> {
  /** The observation as it was, where `text` is only a part of it. */
  readonly whole?: string;
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
  const own = (observation: Observation): Invoked => ({ observation });
  if (!tool) return own(await refuse(key, call, use, unknownTool(call.name, use)));
  const written = restored(tool, call, use);
  if (!written.ok) return own(await refuse(key, call, use, error(written.problem)));
  const read = readArguments(tool, written.text);
  if (!read.ok) return own(await refuse(key, call, use, error(read.problem)));
  if (tool.effect === 'submit') return { handover: read.args };
  if (tool.effect === 'talk') return talk(key, tool, read.args, use);
  const authorised = await authorise(key, tool, read.args, use);
  if (!authorised.ok) return own(await refuse(key, call, use, authorised.refusal));
  const { guarded } = authorised;
  const of = classOf(tool.subject(read.args));
  if (widest(of, use.classMax) !== use.classMax) return own(await refuse(key, call, use, TOO_SECRET));
  return {
    observation: await perform(key, call, { tool, args: read.args, guarded, of }, use),
    origin: tool.title(read.args),
  };
}

type Restored =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/** Markers of secrets and of template signs become what they stand for in edits only, which stay in the working copy; nothing that goes out gets them. */
function restored(tool: Tool, call: ToolCall, use: ToolUse): Restored {
  if (tool.effect !== 'edit') return { ok: true, text: call.arguments };
  const { text, unknown } = use.redactor.restore(restoreTokens(call.arguments));
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
    facts: ({ state, enforced, picture }: Observation) => ({
      state,
      ...(enforced && { enforced }),
      ...(picture && { pictured: true as const }),
    }),
  };
}

/** A call that may be made. `of` is the class of what it reads. */
interface Authorised {
  readonly tool: Tool;
  readonly args: unknown;
  readonly guarded: boolean;
  readonly of: TextClass;
}

const TOO_SECRET = denied(
  'Not allowed: it reads from a place where keys are kept, and no endpoint of this role may be sent such text (classesMax).',
);

async function perform(
  key: string,
  call: ToolCall,
  { tool, args, guarded, of }: Authorised,
  use: ToolUse,
): Promise<Observation> {
  const { place, limits } = use.world;
  const effect = async (context: StepContext): Promise<ToolOutput> => {
    if ((context.times ?? 0) > 0 && tool.once?.(args) === true) return INTERRUPTED;
    if (tool.effect !== 'outward') await place.ready();
    const observation = await observe(tool, args, use, context);
    const { state, limit } = observation;
    const whole = use.redactor.redact(plainText(clip(observation.text, WHOLE_CHARS_MAX)));
    const text = paged(whole, limits.observationChars + PAGE_SLACK, handleOf(key));
    const told = {
      state,
      text,
      ...(text !== whole && { whole }),
      ...(observation.enforced && { enforced: observation.enforced }),
      ...(limit && { limit }),
      ...(observation.picture && { picture: observation.picture }),
      ...(observation.seen && { seen: observation.seen }),
      ...classed(tool, of),
    };
    if (!keepsTree(tool)) return told;
    const left = await protect(use, await place.snapshot(), guarded || tool.effect === 'edit');
    return { ...told, text: `${text}${putBackText(left)}`, ...left };
  };
  try {
    const output = await use.steps.step<ToolOutput>(
      key,
      { ...specOf(call, tool.title(args), use), kind: 'tool' },
      effect,
    );
    use.shelf.keep(handleOf(key), output.whole ?? output.text);
    use.readings.note(output.seen);
    if (output.putBack && output.putBack.length > 0) enforced(key, tool, output.putBack, use);
    if (output.tree !== undefined) place.settled(output.tree);
    else if (worksInCopy(tool)) place.spoilt();
    if (output.limit)
      use.steps.record({ type: 'limit.reached', key, data: { ...output.limit, who: use.who } });
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

/** Recorded where it is not the project's own. */
function classed(tool: Tool, of: TextClass): { readonly class?: TextClass } {
  if (of === 'secret') return { class: of };
  return tool.effect === 'outward' ? { class: 'public' } : {};
}

function putBackText({ putBack }: Left): string {
  return putBack.length === 0
    ? ''
    : `\n[Put back, because they are protected and nobody allowed it: ${putBack.join(', ')}. To change one, use an edit tool, which asks the person.]`;
}

function enforced(key: string, tool: Tool, paths: readonly string[], use: ToolUse): void {
  const { who } = use;
  use.steps.record({ type: 'policy.enforced', key, data: { tool: tool.name, who, paths: [...paths] } });
  const why = `${tool.name} changed protected files (${paths.slice(0, 5).join(', ')}), which were put back`;
  use.steps.record({
    type: 'alert.raised',
    key: `policy/enforced/${key}`,
    data: { code: 'policy.enforced', message: `${who.role}: ${why}.`, who },
  });
  use.ledger.denied(key, who, why);
}

/** What tests and pieces of code write is no part of the change: the copy is put back after them. */
function keepsTree(tool: Tool): boolean {
  return worksInCopy(tool) && tool.name !== runTests.name && tool.name !== runCode.name;
}

const worksInCopy = ({ effect }: Tool): boolean => effect === 'edit' || effect === 'command';

/** What the run cannot know about a call that was under way when its process ended. */
const INTERRUPTED = error(
  'Interrupted, outcome unknown: the request may or may not have been carried out. It is not made again. Look, or ask the person, before you try once more.',
);

/** Failures that no model can mend: the run pauses, and the call is made again when it goes on. */
const OF_THE_MACHINE = /^(storage|store|git|copy|sandbox)\./;

const worldOf = ({ world, shelf, readings, who }: ToolUse): ToolWorld => ({ ...world, shelf, readings, who });

/** Failures that a model can act on become observations; the others fail the step. */
async function observe(tool: Tool, args: unknown, use: ToolUse, context: StepContext): Promise<Observation> {
  try {
    return (await tool.run?.(args, worldOf(use), context)) ?? error(`${tool.name} cannot be run.`);
  } catch (failure) {
    if (
      failure instanceof PortError &&
      /^(path|file|search|history|http|languages|host|browser)\./.test(failure.code)
    )
      return error(failure.message);
    throw failure;
  }
}
