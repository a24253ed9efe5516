/** Commands that change a run while it works: its plan, who does a task, its limits and freedom. Each exits once the run has the change. */
import * as fs from 'node:fs/promises';
import { CONCURRENCY_MAX, readSaid, type Change } from '../protocol/people.ts';
import { SubmittedPlan, type PlanSpec, type TaskSpec } from '../protocol/plan.ts';
import { planChange, planChangeText } from '../protocol/plan-change.ts';
import { graft } from '../protocol/plan-tree.ts';
import type { RunView } from '../protocol/view.ts';
import { plainText } from '../core/policy/terminal-text.ts';
import { whyNotChanged, whyNotSaid, type Refusal } from '../core/run/hearing.ts';
import { createDraftCheck } from '../core/run/plan/draft-check.ts';
import { flatPlan } from '../core/run/plan/nested.ts';
import type { Command } from './arguments.ts';
import type { Desk } from './run-commands.ts';
import { checkLines, suggestionFor, taskLines } from './plan-text.ts';
import { UsageError } from './usage-error.ts';

type SteeringCommand = Command & { name: 'plan' | 'take' | 'set' | 'say' };

export async function steer(desk: Desk, command: SteeringCommand): Promise<number> {
  switch (command.name) {
    case 'plan':
      return command.options.edit === undefined
        ? showPlan(desk, command.run)
        : editPlan(desk, command.run, command.options.edit);
    case 'take':
      return take(desk, command.run, command.text);
    case 'say':
      return say(desk, command.run, command.text);
    case 'set':
      return set(desk, command.run);
  }
}

async function take(desk: Desk, run: string, task: string): Promise<number> {
  const heard = await change(desk, run, { do: 'take', task });
  desk.console.say(
    heard === 'made'
      ? `You work on ${task} from here on. "quartet show ${run}" tells in which folder.`
      : `You work on ${task} once the run ${heardText(heard, run)} Then "quartet show ${run}" tells in which folder.`,
  );
  return 0;
}

/** What a change waits for that the run has not heard of. */
const heardText = (heard: Exclude<Heard, 'made'>, run: string): string =>
  heard === 'later'
    ? `goes on: quartet resume ${run}.`
    : `has heard of it, which takes longer than usual: "quartet show ${run}" tells.`;

/** The plan as a person reads it, or with `--json` as `--edit` takes it. */
async function showPlan(desk: Desk, id: string): Promise<number> {
  const { house, console, options } = desk;
  const view = await house.views.view(id);
  const plan = options.fork.task === undefined ? planIn(view) : openPlan(desk, view)?.plan;
  if (!plan) throw new UsageError('The run has no plan yet.');
  if (options.json) {
    console.line(JSON.stringify(plan, undefined, 2));
    return 0;
  }
  console.say(plainText([plan.summary, ...taskLines(view).values()].join('\n')));
  return 0;
}

/** A quick edit has one task, which nobody proposed. */
function planIn({ plan, tasks }: RunView): PlanSpec | undefined {
  if (plan) return plan.spec;
  return tasks.length === 0
    ? undefined
    : { summary: 'One task, without a planner.', tasks: tasks.map(({ spec }) => spec) };
}

async function editPlan(desk: Desk, id: string, file: string): Promise<number> {
  const text = await fs.readFile(file, 'utf8').catch(() => {
    throw new UsageError(`There is no file ${file}.`);
  });
  const read = SubmittedPlan.safeParse(parsed(text));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new UsageError(
      `${file} holds no plan: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}. "quartet plan RUN --json" has the run's own.`,
    );
  }
  const view = await desk.house.views.view(id);
  const open = openPlan(desk, view);
  const plan = flatPlan(read.data, open?.below);
  const whole = open?.below && view.plan ? graft(view.plan.spec, open.below.id, plan.tasks) : plan;
  const found = await createDraftCheck(desk.house.ports)(view, whole);
  if (found.problems.length > 0) throw new UsageError(`The plan does not hold: ${found.problems.join(' ')}`);
  if (desk.options.collect.dryRun) {
    desk.console.say(['The plan holds; nothing was changed.', ...checkLines(found)].join('\n'));
    return 0;
  }
  if (open) {
    const value = { decision: 'approve', plan };
    await desk.house.ports.store.putSignal(id, { name: open.signal, value, from: 'terminal' });
    desk.console.say('The plan that waits is approved as you changed it.');
    return 0;
  }
  const former = planIn(view);
  const different = former ? planChangeText(planChange(former, plan)) : '';
  const heard = await change(desk, id, { do: 'plan', plan });
  const what = different === '' ? 'Order and priorities' : `The plan (${different})`;
  desk.console.say(
    heard !== 'made'
      ? `${what} will be changed once the run ${heardText(heard, id)}`
      : different === ''
        ? 'Order and priorities were changed.'
        : `The plan was changed: ${different}.`,
  );
  return 0;
}

interface OpenPlan {
  readonly signal: string;
  readonly plan: PlanSpec | undefined;
  /** The task whose sub-tasks it holds, where they are what is asked about. */
  readonly below: TaskSpec | undefined;
}

/** The plan that waits for the person; with `--task` what a planner wants for that task in mid-run. Errors: `UsageError`. */
function openPlan({ options }: Desk, view: RunView): OpenPlan | undefined {
  const { task } = options.fork;
  const needs = view.needs.filter(({ ask }) => ask.kind === 'plan');
  const need = needs.find(({ signal }) => suggestionFor(view, signal)?.task === task);
  if (task !== undefined && !need) throw new UsageError(`Nothing is asked about a plan for "${task}".`);
  if (!need) return undefined;
  const suggestion = suggestionFor(view, need.signal);
  const below =
    suggestion?.kind === 'breakdown' ? view.tasks.find(({ spec }) => spec.id === task) : undefined;
  return { signal: need.signal, plan: suggestion?.plan ?? view.plan?.spec, below: below?.spec };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function say({ house, console }: Desk, id: string, text: string): Promise<number> {
  const said = readSaid(text);
  const { to = 'team' } = said;
  refuse(whyNotSaid(await house.views.view(id), to));
  await house.ports.store.putSignal(id, { name: 'steer', value: said, from: 'person' });
  const reads = (await house.ports.store.isOwned(id))
    ? ''
    : ` It is read once the run goes on: quartet resume ${id}`;
  console.say(`Told ${to === 'team' ? 'the team' : to}.${reads}`);
  return 0;
}

async function set(desk: Desk, id: string): Promise<number> {
  const { autonomy, budget, concurrency } = desk.options;
  const isBudget = Object.keys(budget).length > 0;
  if (autonomy === undefined && !isBudget && concurrency === undefined)
    throw new UsageError(
      'set needs at least one of --autonomy, --concurrency, --max-cost and the other limits.',
    );
  const former = (await desk.house.views.view(id)).budget;
  if (concurrency !== undefined && concurrency > CONCURRENCY_MAX)
    throw new UsageError(`--concurrency is a whole number from 1 to ${String(CONCURRENCY_MAX)}.`);
  const heard = await change(desk, id, {
    do: 'settings',
    ...(autonomy !== undefined && { autonomy }),
    ...(isBudget && {
      budget: { ...former, ...budget, ...(budget.roles && { roles: { ...former.roles, ...budget.roles } }) },
    }),
    ...(concurrency !== undefined && { concurrency }),
  });
  desk.console.say(heard === 'made' ? 'Changed.' : `It will hold once the run ${heardText(heard, id)}`);
  return 0;
}

/** How long the owner of a run is given to hear of a change, in milliseconds; and how often is looked. */
const HEARD_MS_MAX = 15_000;
const LOOK_MS = 100;
/** A change that was heard of and is refused is so at once; in milliseconds. */
const REFUSED_MS_MAX = 400;

/** What became of a change: it was made, is made when the run goes on, or the run has not heard of it in time. */
type Heard = 'made' | 'later' | 'unheard';

/** Puts the change into the run's inbox and waits until the run says what became of it. Errors: `UsageError` with the problems. */
async function change({ house }: Desk, id: string, value: Change): Promise<Heard> {
  const before = await house.views.view(id);
  refuse(whyNotChanged(before, value));
  await house.ports.store.putSignal(id, { name: 'change', value, from: 'terminal' });
  if (!(await house.ports.store.isOwned(id))) return 'later';
  let since = 0;
  for (let waited = 0; waited < HEARD_MS_MAX; waited += LOOK_MS) {
    const heard = heardSince(before, await house.views.view(id));
    if (heard && heard.problems.length > 0) throw new UsageError(heard.problems.join(' '));
    if (heard) since += LOOK_MS;
    if (since > REFUSED_MS_MAX) return 'made';
    await house.ports.clock.sleep(LOOK_MS);
  }
  return 'unheard';
}

/** Errors: `UsageError`. */
function refuse(why: Refusal | undefined): void {
  if (why) throw new UsageError(`${why.message} ${why.advice}`);
}

const heardSince = (before: RunView, now: RunView): RunView['changed'] =>
  now.changed && now.changed.count > (before.changed?.count ?? 0) ? now.changed : undefined;
