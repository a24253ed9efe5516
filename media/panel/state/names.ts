/** What roles, states and outcomes are called. */
import type { Autonomy } from '../../../src/protocol/policy.ts';
import { roleNameIn } from '../../../src/protocol/role-names.ts';
import { unreadableTextIn } from '../../../src/protocol/unreadable-text.ts';
import type { RunEntry, RunView, TaskView } from '../../../src/protocol/view.ts';
import type { Verdict } from './evidence.ts';
import { t, told } from '../texts.ts';
import { visible } from './visible.ts';

/** Roles that a task may be given to; what the protocol calls `TASK_ROLES`. */
export const ROLES = ['coder', 'qa', 'researcher', 'documenter', 'reviewer'] as const;

export { roleOf } from '../../../src/protocol/role-names.ts';

/** What people call a role; a role of their own keeps its name. */
export const roleName = (name: string): string => roleNameIn(t, name);

/** What people call a step: one of a model by whose it is. */
export const stepTitle = (kind: string, title: string, role: string | undefined): string =>
  kind === 'model' && role !== undefined ? t('{0} is thinking', roleName(role)) : told(title);

const AUTONOMY: Readonly<Record<Autonomy, () => string>> = {
  ask: () => t('Ask'),
  guided: () => t('Guided'),
  auto: () => t('Auto'),
};

/** What people call how much is done without asking. */
export const autonomyName = (level: Autonomy): string => AUTONOMY[level]();

const TASK_STATES: Readonly<Record<TaskView['state'], () => string>> = {
  waiting: () => t('waiting'),
  ready: () => t('ready'),
  working: () => t('working'),
  testing: () => t('testing'),
  reviewing: () => t('in review'),
  integrating: () => t('integrating'),
  done: () => t('done'),
  failed: () => t('failed'),
  blocked: () => t('blocked'),
  skipped: () => t('skipped'),
};

/** What people call a task's state. */
export const taskState = (state: TaskView['state']): string => TASK_STATES[state]();

const STATUSES: Readonly<Record<RunView['status'], () => string>> = {
  planning: () => t('Planning'),
  waiting: () => t('Waiting for you'),
  working: () => t('Working'),
  reviewing: () => t('In review'),
  paused: () => t('Paused'),
  finished: () => t('Finished'),
  failed: () => t('Failed'),
  unreadable: () => t('Damaged'),
};

const OUTCOMES = {
  done: () => t('Done'),
  failed: () => t('Failed'),
  notProved: () => t('Done, not proved'),
  rejected: () => t('Rejected'),
  answered: () => t('Answered'),
} as const;

const PAUSES = {
  stopped: () => t('Stopped'),
  waiting: () => t('Waiting for you'),
  budget: () => t('Budget reached'),
  endpoint: () => t('Model unavailable'),
  environment: () => t('Something is missing'),
  closed: () => t('Paused'),
} as const;

/** What people call a run's status. */
export const statusOfEntry = ({ status, unreadable }: RunEntry): string =>
  unreadable?.why === 'newer' ? t('Needs a newer Quartet') : STATUSES[status]();

/** What a run of the tests alone found, once it is over; undefined for every other run. */
function testsFound({ mode, finished, evidence }: Partial<Ending<'finished'>>): Verdict | undefined {
  return mode === 'qa' && finished !== undefined && !finished.partial
    ? evidence?.integrated?.verdict
    : undefined;
}

const TESTS_FOUND: Readonly<Record<Verdict, () => string>> = {
  green: () => t('Tests pass'),
  red: () => t('Tests fail'),
  notProved: () => t('Not proved'),
};

/** What it is told by: other runs than those of the tests need no more than their status and end. */
type Ending<T extends keyof RunView> = Pick<RunView, T> &
  Partial<Pick<RunView, 'mode' | 'unreadable'>> & {
    readonly evidence?: { readonly integrated?: { readonly verdict: Verdict } };
  };

/** What people call a run's status, with the reason of a pause or the outcome where there is one. */
export function statusOf(view: Ending<'status' | 'paused' | 'finished' | 'draining'>): string {
  const found = testsFound(view);
  if (view.unreadable?.why === 'newer') return t('Needs a newer Quartet');
  if (view.unreadable) return STATUSES.unreadable();
  if (found !== undefined) return TESTS_FOUND[found]();
  if (view.draining) return t('Pausing…');
  if (view.status === 'paused' && view.paused) return PAUSES[view.paused.reason]();
  if ((view.status === 'finished' || view.status === 'failed') && view.finished) {
    return view.finished.partial
      ? t('{0}, partly', OUTCOMES[view.finished.outcome]())
      : OUTCOMES[view.finished.outcome]();
  }
  return STATUSES[view.status]();
}

/** What is wrong with the record of a run, and what can still be done. */
export const unreadableText = (unreadable: NonNullable<RunView['unreadable']>): string =>
  unreadableTextIn(t, unreadable);

/** Whether the run is under way: it can be stopped and talked to. */
export const isActive = ({ status }: Pick<RunView, 'status'>): boolean =>
  status === 'planning' || status === 'waiting' || status === 'working' || status === 'reviewing';

export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'calm';

/** How a run's status looks. */
export function toneOf(view: Ending<'status' | 'paused' | 'finished'>): Tone {
  if (view.status === 'failed' || view.unreadable || view.finished?.outcome === 'failed') return 'bad';
  const found = testsFound(view);
  if (found !== undefined) return ({ green: 'good', red: 'bad', notProved: 'warn' } as const)[found];
  if (view.status === 'paused') return view.paused?.reason === 'stopped' ? 'calm' : 'warn';
  if (view.status === 'waiting' || view.status === 'reviewing') return 'warn';
  if (view.status !== 'finished') return 'busy';
  if (view.finished?.outcome === 'notProved') return 'warn';
  return view.finished?.outcome === 'rejected' ? 'calm' : 'good';
}

/** A task's title, with which of several that work on it. */
export const withCandidate = (task: string, candidate: number | undefined): string =>
  candidate === undefined ? task : t('{0}, candidate {1}', task, candidate);

/** What people call what one of several said; an answer stays as it is. */
export function choiceName(choice: string): string {
  if (choice === 'approve') return t('Approved');
  return choice === 'request_changes' ? t('Changes requested') : visible(choice);
}

/** What people call what several came to. */
export const decidedText = (decided: string | undefined): string =>
  decided === undefined ? t('Nothing is decided') : t('Decided: {0}', choiceName(decided));
