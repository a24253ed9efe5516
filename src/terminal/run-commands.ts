/** Commands about runs that exist. Each returns the exit code. */
import * as fs from 'node:fs/promises';
import { exportRun, importRun } from '../core/run/keeping/bundle.ts';
import type { ResumeChanges } from '../core/run/contract.ts';
import { plainText } from '../core/policy/terminal-text.ts';
import { takeOver } from '../core/run/keeping/take-over.ts';
import { verifyRun } from '../core/run/journal/verify.ts';
import { PlanSpec } from '../protocol/plan.ts';
import type { NeedView, RunView, Unreadable } from '../protocol/view.ts';
import { hintFor, readAnswer } from './answering.ts';
import type { Command, RunOptions } from './arguments.ts';
import { exitCodeOf } from './exit-codes.ts';
import { countLines } from './following.ts';
import type { House } from './house.ts';
import { tellProgress } from './progress.ts';
import { accompany, type Console } from './session.ts';
import { needText, shortened } from './story.ts';
import { UsageError } from './usage-error.ts';

/** What a command works with. */
export interface Desk {
  readonly house: House;
  readonly console: Console;
  readonly options: RunOptions;
}

/** Accompanies a run to its end; `known` lines were there before. */
export async function follow({ house, console, options }: Desk, id: string, known: number): Promise<number> {
  const engine = house.engine(console.ask !== undefined);
  const run = engine.live(id) ?? (await engine.resume(id, await changesOf(house, options, id)));
  const stop = (): void => void run.stop('stopped');
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  const { store, hasher } = house.ports;
  const parts = { engine, views: house.views, store, hasher, console, json: options.json };
  const telling = tellProgress(house, { run: id, alone: options.mode === 'qa' }, (text) => console.say(text));
  const end = await accompany(run, known, parts).finally(() => telling.dispose());
  process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop);
  if ((await countLines(house.ports.store, id)) === known) console.say(end.message);
  await sayWhatNext({ house, console, options }, id);
  return exitCodeOf(end);
}

/** Limits that are named take the place of the run's own; the others stay. */
async function changesOf({ views }: House, { budget }: RunOptions, id: string): Promise<ResumeChanges> {
  if (Object.keys(budget).length === 0) return {};
  const former = (await views.view(id)).budget;
  const roles = budget.roles && { roles: { ...former.roles, ...budget.roles } };
  return { budget: { ...former, ...budget, ...roles } };
}

async function sayWhatNext({ house, console, options }: Desk, id: string): Promise<void> {
  const view = await house.views.view(id);
  for (const need of view.needs) console.say(openText(need, view, options));
  if (view.kept)
    console.say(`\nWhat you did by hand and is no part of the result: ${typed(`kept ${id}`, options)}`);
  if (view.paused?.reason === 'budget')
    console.say(`\nGo on with a higher limit: ${typed(`resume ${id}`, options)} ${raiseWords(view)}`);
  else if (!view.finished) console.say(`\nGo on with: ${typed(`resume ${id}`, options)}`);
  else if (waits(view)) console.say(`\nApply it with: ${typed(`apply ${id}`, options)}`);
  else if (view.status === 'failed' && !view.plan)
    console.say(`\nTry again, with another model if you like: ${typed(`fork ${id} --model ID`, options)}`);
}

/** A command as it can be typed here. */
function typed(command: string, { stateDir }: RunOptions): string {
  if (stateDir === undefined) return `quartet ${command}`;
  return `quartet ${command} --state-dir ${/^[\w./~+:@\\-]+$/.test(stateDir) ? stateDir : JSON.stringify(stateDir)}`;
}

/** An open question, and how it is answered. */
export function openText(need: NeedView, view: RunView, options: RunOptions): string {
  const command = typed(`answer ${view.id} ${need.signal} VALUE`, options);
  return `\n${needText(need, view)}\n  ${command}\n  ${hintFor(need, view).replace(/^Type /, 'VALUE is ')}`;
}

/** The options that raise what the run is limited by, as an example. */
function raiseWords({ budget }: RunView): string {
  const { costUsdMax, tokensMax, minutesMax, turnsMax, agentsMax } = budget;
  const words = Object.entries({
    '--max-cost': costUsdMax,
    '--max-tokens': tokensMax,
    '--max-minutes': minutesMax,
    '--max-turns': turnsMax,
    '--max-agents': agentsMax,
  });
  const limited = words.filter(([, value]) => value !== undefined).map(([word]) => `${word} N`);
  return [...limited, ...(budget.roles ? ['--max-role ROLE.LIMIT=N'] : [])].join(' or ');
}

function waits(view: RunView): boolean {
  return (
    view.changes?.decided !== undefined &&
    view.changes.decided.accepted.length > 0 &&
    view.changes.applied === undefined
  );
}

export async function resume(desk: Desk, id: string): Promise<number> {
  const { house, console, options } = desk;
  const owner = options.takeOver ? await house.ports.store.owner(id) : undefined;
  if (owner !== undefined) {
    console.say(`Asking ${owner} to stop…`);
    await takeOver(house.ports, id);
  }
  return follow(desk, id, await countLines(desk.house.ports.store, id));
}

/** Longest goal in a list of runs, in characters. */
const GOAL_LINE_CHARS_MAX = 100;

export async function listRuns({ house, console, options }: Desk): Promise<number> {
  const all = await house.views.list();
  const runs = options.onlyChats ? all.filter(({ mode }) => mode === 'ask') : all;
  if (options.json) for (const run of runs) console.line(JSON.stringify(run));
  else if (runs.length === 0)
    console.say(options.onlyChats ? 'No talks in this workspace yet.' : 'No runs in this workspace yet.');
  else
    for (const { id, status, startedAt, goal, unreadable, later } of runs) {
      const when = new Date(startedAt).toISOString().slice(0, 16);
      const [first = ''] = plainText(goal).trim().split('\n', 1);
      const named = unreadable?.why ?? status;
      console.say(`${id}  ${named.padEnd(9)}  ${when}  ${shortened(first, GOAL_LINE_CHARS_MAX)}`);
      if (unreadable) console.say(`  ${unreadableText(id, unreadable)}`);
      else if (later)
        console.say('  Written by a later version; going on here begins unfinished tasks anew.');
    }
  return 0;
}

/** What is wrong with a run's record, and what can still be done. */
export function unreadableText(run: string, { why, line, message }: Unreadable): string {
  const rest = `Remove it with: quartet delete ${run}`;
  if (why === 'newer') return `${plainText(message)} Update Quartet to open it.`;
  if (line <= 1) return `${plainText(message)} Nothing of it can be read. ${rest}`;
  return `${plainText(message)} What comes before can be shown, exported and forked (quartet show, export, fork). ${rest}`;
}

export async function answer(
  { house, console }: Desk,
  { run, signal, value }: Command & { name: 'answer' },
): Promise<number> {
  const view = await house.views.view(run);
  const need = view.needs.find((each) => each.signal === signal);
  if (!need)
    throw new UsageError(
      `The run does not ask "${signal}". Open: ${view.needs.map((each) => each.signal).join(', ') || 'nothing'}.`,
    );
  const typed = readAnswer(need, value, view);
  if (!typed.ok) throw new UsageError(typed.hint);
  await house.ports.store.putSignal(run, { name: signal, value: typed.value, from: 'terminal' });
  console.say(
    (await house.ports.store.isOwned(run)) ? 'Answered.' : `Answered. Go on with: quartet resume ${run}`,
  );
  return 0;
}

export async function resend(
  { house, console, options }: Desk,
  { run, message }: Command & { name: 'resend' },
): Promise<number> {
  await house.engine(false).resend(run, message, options.to);
  const owned = await house.ports.store.isOwned(run);
  console.say(owned ? 'Sent again.' : `Sent again. Go on with: quartet resume ${run}`);
  return 0;
}

export async function stop({ house, console, options }: Desk, run: string): Promise<number> {
  const owned = await house.ports.store.isOwned(run);
  if (owned)
    await house.ports.store.putSignal(run, {
      name: 'stop',
      value: { drain: options.drain },
      from: 'terminal',
    });
  const asked = options.drain ? 'Asked to stop once what is under way has ended.' : 'Asked to stop.';
  console.say(owned ? asked : 'The run is not working.');
  return 0;
}

/** Exit code 1 where record and replay part. */
export async function replay({ house, console, options }: Desk, run: string): Promise<number> {
  const report = await house.engine(false).replay(run);
  if (options.json) console.line(JSON.stringify(report));
  const { divergence } = report;
  if (divergence)
    console.say(
      `The replay parts from the record at ${divergence.at}.\n  recorded: ${divergence.recorded}\n  replayed: ${divergence.replayed}`,
    );
  else
    console.say(
      `The run replays as recorded: ${report.ends} steps and answers, ${report.records} events${report.finished ? '' : '; the run has not finished'}.`,
    );
  return divergence ? 1 : 0;
}

/** Exit code 1 where something is wrong. */
export async function verify({ house, console, options }: Desk, run: string): Promise<number> {
  const found = await verifyRun(house.ports.store, house.ports.hasher, run);
  if (options.json) console.line(JSON.stringify(found));
  console.say(
    found.problems.length === 0
      ? `Whole: ${found.lines} lines, ${found.blobs} blobs.`
      : found.problems.join('\n'),
  );
  return found.problems.length === 0 ? 0 : 1;
}

export async function fork(desk: Desk, run: string): Promise<number> {
  const { house, console, options } = desk;
  const { at, task, instruction, planFile } = options.fork;
  if ([at, task, planFile].filter((point) => point !== undefined).length > 1)
    throw new UsageError('fork takes one of --at, --task and --plan.');
  const plan = planFile === undefined ? undefined : await readPlan(planFile);
  const id = await house.engine(console.ask !== undefined).fork(run, {
    ...(at !== undefined && { at }),
    ...(task !== undefined && { task }),
    ...(plan && { plan }),
    ...(instruction !== undefined && { instruction }),
    ...(options.models && { settings: options.models }),
  });
  console.say(`Forked as ${id}.`);
  return resume(desk, id);
}

async function readPlan(file: string): Promise<PlanSpec> {
  const text = await fs.readFile(file, 'utf8').catch(() => {
    throw new UsageError(`There is no file ${file}.`);
  });
  const plan = PlanSpec.safeParse(parsedJson(text));
  if (plan.success) return plan.data;
  const [issue] = plan.error.issues;
  throw new UsageError(
    `${file} holds no plan: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}. "quartet show RUN --json" has the run's own in plan.spec.`,
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function exportTo({ house, console, options }: Desk, run: string): Promise<number> {
  const text = await exportRun(house.ports, run);
  if (options.output === undefined) console.line(text.trimEnd());
  else await fs.writeFile(options.output, text, { flag: 'wx' });
  if (options.output !== undefined)
    console.say(
      `Written to ${options.output}. Look it over before you share it.\nFor a report about what a model said, add a recording: quartet run … --record FILE`,
    );
  return 0;
}

export async function importFrom({ house, console }: Desk, file: string): Promise<number> {
  const text = await fs.readFile(file, 'utf8').catch(() => {
    throw new UsageError(`There is no file ${file}.`);
  });
  console.say(`Imported as ${await importRun(house.ports, text)}.`);
  return 0;
}
