import type { VNode } from 'preact';
import type { RunStatus, TaskView } from '../../../src/protocol/view.ts';
import { Icon, Spinner, type IconName } from '../icons.tsx';
import type { Tone } from '../state/names.ts';

interface Look {
  readonly icon: IconName | 'spinner';
  readonly tone: Tone;
}

const RUNS: Readonly<Record<RunStatus, Look>> = {
  planning: { icon: 'spinner', tone: 'busy' },
  working: { icon: 'spinner', tone: 'busy' },
  waiting: { icon: 'person', tone: 'warn' },
  reviewing: { icon: 'eye', tone: 'warn' },
  paused: { icon: 'pause', tone: 'calm' },
  finished: { icon: 'check', tone: 'good' },
  failed: { icon: 'error', tone: 'bad' },
  unreadable: { icon: 'warning', tone: 'bad' },
};

const TASKS: Readonly<Record<TaskView['state'], Look>> = {
  waiting: { icon: 'circle', tone: 'calm' },
  ready: { icon: 'circle', tone: 'busy' },
  working: { icon: 'spinner', tone: 'busy' },
  testing: { icon: 'spinner', tone: 'busy' },
  reviewing: { icon: 'spinner', tone: 'busy' },
  integrating: { icon: 'spinner', tone: 'busy' },
  done: { icon: 'check', tone: 'good' },
  failed: { icon: 'error', tone: 'bad' },
  blocked: { icon: 'warning', tone: 'warn' },
  skipped: { icon: 'arrowDown', tone: 'calm' },
};

function Look({ icon, tone }: Look): VNode {
  return (
    <span class="state-icon" data-tone={tone}>
      {icon === 'spinner' ? <Spinner /> : <Icon name={icon} />}
    </span>
  );
}

/** How a run stands, as a picture. */
export const StatusIcon = ({ status }: { status: RunStatus }): VNode => <Look {...RUNS[status]} />;

const HELD: Look = { icon: 'pause', tone: 'calm' };

/** Whether somebody works on a task that stands so. */
export const isUnderWay = (state: TaskView['state']): boolean => TASKS[state].icon === 'spinner';

/** How a task stands, as a picture; `held`: nothing goes on, as the run is paused. */
export function TaskIcon({ state, held = false }: { state: TaskView['state']; held?: boolean }): VNode {
  return <Look {...(held && isUnderWay(state) ? HELD : TASKS[state])} />;
}
