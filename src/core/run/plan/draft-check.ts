/** What is wrong with a plan that somebody edits, as its run will find it when it is taken; and what is to be known of it. */
import type { PlanCheck } from '../../../protocol/panel.ts';
import type { PlanSpec } from '../../../protocol/plan.ts';
import type { RunSettings } from '../../../protocol/settings.ts';
import type { RunView } from '../../../protocol/view.ts';
import { PortError, type Hasher, type RoleFiles, type RunStore } from '../../ports.ts';
import { requirementsIn, unmetIn } from '../../team/requirements.ts';
import type { RoleRegistry } from '../../team/registry.ts';
import { rolesNow } from '../agents/own-roles.ts';
import { readJournal, storedJournal } from '../journal/reader.ts';
import { checkPlan } from './check-plan.ts';
import { problemsOfChange } from './revising.ts';
import { scopeNotes } from './scopes.ts';

/** The run that a plan is for. */
export interface DraftRun {
  readonly settings: RunSettings;
  readonly roles: RoleRegistry;
  /** The plan whose place it takes, where tasks of that were worked on. */
  readonly former?: PlanSpec | undefined;
  readonly isDone?: (task: string) => boolean;
}

export function checkDraft(plan: PlanSpec, draft: DraftRun): PlanCheck {
  const { settings, roles, former, isDone = () => false } = draft;
  const { limits, endpoints } = settings;
  const models = endpoints.map(({ id }) => id);
  const requirements = requirementsIn(plan, { settings, roles });
  const problems = [
    ...checkPlan(plan, roles.forTasks, {
      ...limits,
      endpoints: models,
      writes: (role) => roles.writes(role),
    }),
    ...unmetIn(requirements),
    ...(former ? problemsOfChange(former, plan, isDone) : []),
  ];
  const notes = problems.length > 0 ? [] : [...scopeNotes(plan, roles), ...opinionNotes(plan, draft)];
  const readers = roles.forTasks.filter((role) => !roles.writes(role));
  return { problems, notes, roles: roles.forTasks, readers, models, requirements };
}

/** Tasks that would be put to several, if the settings did not forbid it. */
const opinionNotes = ({ tasks }: PlanSpec, { settings, roles }: DraftRun): readonly string[] =>
  (settings.consensus?.when ?? 'never') === 'never'
    ? tasks
        .filter(({ role, candidates = 1 }) => candidates > 1 && !roles.writes(role))
        .map(({ id }) => `${id} asks one: in this run a question never goes to several (consensus.when).`)
    : [];

interface DraftPorts {
  readonly store: Pick<RunStore, 'tail' | 'readBlob'>;
  readonly hasher: Hasher;
  readonly roles?: RoleFiles;
}

/** Checks plans for runs, as far as they have come. Errors: `journal.damaged`, `run.missing`. */
export function createDraftCheck(ports: DraftPorts): (view: RunView, plan: PlanSpec) => Promise<PlanCheck> {
  let last: { readonly run: string; readonly settings: Promise<RunSettings> } | undefined;
  const settingsFor = (run: string): Promise<RunSettings> => {
    if (last?.run !== run) last = { run, settings: recordedSettings(ports, run) };
    return last.settings;
  };
  return async (view, plan) => {
    const states = new Map(view.tasks.map(({ spec, state }) => [spec.id, state]));
    return checkDraft(plan, {
      settings: await settingsFor(view.id),
      roles: await rolesNow(ports.roles, plan.new_roles),
      former: carriedOut(view),
      isDone: (task) => states.get(task) === 'done',
    });
  };
}

/** The plan whose tasks are worked on, or were; that of a quick edit nobody proposed. */
function carriedOut({ plan, tasks }: RunView): PlanSpec | undefined {
  if (plan) return plan.decided === 'approved' ? plan.spec : plan.former;
  return tasks.length === 0 ? undefined : { summary: '', tasks: tasks.map(({ spec }) => spec) };
}

async function recordedSettings({ store, hasher }: DraftPorts, run: string): Promise<RunSettings> {
  const { lines } = await readJournal(storedJournal(store, run), hasher);
  const [first] = lines;
  if (first?.type === 'run.started') return first.data.settings;
  throw new PortError('journal.damaged', `The journal of ${run} does not begin with the start of a run.`);
}
