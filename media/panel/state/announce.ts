/** What a screen reader is told: the discrete events between two views, never streamed text. */
import type { NeedView, RunView, TaskView } from '../../../src/protocol/view.ts';
import { t, told } from '../texts.ts';
import { roleName, statusOf, taskState } from './names.ts';

/** The news of `next` over `previous`, in the order of their weight. Empty for a run just opened. */
export function news(previous: RunView | null | undefined, next: RunView): readonly string[] {
  if (previous?.id !== next.id) return [];
  const known = new Set(previous.needs.map(({ signal }) => signal));
  const states = new Map(previous.tasks.map((task) => [task.spec.id, task.state]));
  const moved = next.tasks.filter(({ spec, state }) => states.get(spec.id) !== state && states.has(spec.id));
  const status = statusOf(next);
  return [
    ...next.needs.filter(({ signal }) => !known.has(signal)).map(needNews),
    ...(status === statusOf(previous) ? [] : [status]),
    ...moved.flatMap(taskNews),
  ];
}

const needNews = ({ ask }: NeedView): string =>
  ask.who === undefined
    ? t('Needs you: {0}', told(ask.title))
    : t('{0} needs you: {1}', roleName(ask.who.role), told(ask.title));

const WORTH_SAYING: readonly TaskView['state'][] = ['done', 'failed', 'blocked', 'testing'];

const taskNews = ({ spec, state }: TaskView): string[] =>
  WORTH_SAYING.includes(state) ? [t('Task {0}: {1}', spec.title, taskState(state))] : [];
