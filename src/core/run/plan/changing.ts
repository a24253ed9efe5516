/**
 * What a person changes about a run while it works: plan, limits, freedom, who does a task. Each change is one signal that stands from the
 * run's beginning to its end; it is durable before the story hears of it, and heard in the order of the record.
 */
import type { PlanSpec } from '../../../protocol/plan.ts';
import { Change } from '../../../protocol/people.ts';
import type { Autonomy } from '../../../protocol/policy.ts';
import type { Run } from '../run.ts';

/** Why a change is not made; none: it was. */
type Problems = readonly string[];

/** A change that only the person's answer to a question lets be made. Others are heard meanwhile. */
export interface Asking {
  readonly answered: Promise<Problems>;
}

/** What can be changed only while tasks are worked on. `key` is the change's. */
export interface Workbench {
  readonly plan: (plan: PlanSpec, key: string) => Promise<Problems | Asking>;
  readonly take: (task: string) => Promise<Problems>;
  /** Limits are others now: how many work at once is decided anew. */
  readonly resize: (key: string) => Promise<void>;
}

/** Hears what the person changes. */
export interface Ear {
  /** Never resolves; rejects on a fault. */
  readonly fault: Promise<never>;
  /** Tasks are worked on from here on, or no more. */
  attend(bench: Workbench | undefined): void;
}

const ORDER: readonly Autonomy[] = ['ask', 'guided', 'auto'];

export function listen(run: Run): Ear {
  let bench: Workbench | undefined;
  const refuse = (key: string, what: string, problems: Problems): void => {
    if (problems.length > 0)
      run.steps.record({ type: 'change.refused', key, data: { what, problems: [...problems] } });
  };
  const hear = async (fail: (fault: unknown) => void): Promise<never> => {
    for (let n = 1; ; n++) {
      const key = `change/${n}`;
      const change = Change.safeParse(await run.steps.standing(key));
      if (!change.success) {
        refuse(key, 'change', [`It cannot be read: ${change.error.issues[0]?.message ?? ''}.`]);
        continue;
      }
      const { do: what } = change.data;
      const made = await make(run, bench, { change: change.data, key });
      if ('answered' in made) made.answered.then((problems) => refuse(key, what, problems)).catch(fail);
      else refuse(key, what, made);
    }
  };
  const fault = new Promise<never>((_, fail) => {
    hear(fail).catch(fail);
  });
  fault.catch(() => undefined);
  return {
    fault,
    attend(next) {
      bench = next;
    },
  };
}

const NOT_NOW = [
  'No task is worked on now: this can be changed from the approval of the plan until the run is summed up.',
];

async function make(
  run: Run,
  bench: Workbench | undefined,
  { change, key }: { readonly change: Change; readonly key: string },
): Promise<Problems | Asking> {
  switch (change.do) {
    case 'plan':
      return bench ? await bench.plan(change.plan, key) : NOT_NOW;
    case 'take':
      return bench ? await bench.take(change.task) : NOT_NOW;
    case 'settings':
      return await settle(run, bench, { change, key });
  }
}

async function settle(
  run: Run,
  bench: Workbench | undefined,
  { change, key }: { readonly change: Change & { do: 'settings' }; readonly key: string },
): Promise<Problems> {
  const { do: _do, ...settings } = change;
  const { autonomy, budget, concurrency } = settings;
  const { policy, limits } = run.settings;
  const most = policy?.autonomyMax;
  if (autonomy !== undefined && most !== undefined && ORDER.indexOf(autonomy) > ORDER.indexOf(most))
    return [`The workspace's policy allows no more than "${most}".`];
  if (autonomy !== undefined && policy) run.settings.policy = { ...policy, autonomy };
  // What was said before this life counts already, and perhaps no more.
  if (budget && !run.team.purse.isSaid('settings.changed', key)) run.team.purse.limit({ budget });
  if (budget) run.heard.budget = budget;
  if (concurrency !== undefined) run.settings.limits = { ...limits, concurrency };
  run.steps.record({ type: 'settings.changed', key, data: settings });
  if (budget ?? concurrency !== undefined) await bench?.resize(key);
  return [];
}
