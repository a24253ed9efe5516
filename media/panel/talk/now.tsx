import type { VNode } from 'preact';
import type { ActiveStep, RunView } from '../../../src/protocol/view.ts';
import { Spinner } from '../icons.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { useRun, useTaskTitle } from '../run/use-run.ts';
import { duration } from '../state/format.ts';
import { roleName } from '../state/names.ts';
import { t } from '../texts.ts';
import { Turn } from './group.tsx';

const activeOf = ({ active }: RunView): readonly ActiveStep[] => active;

/** What is going on: replies as they come, then the steps that have nothing to read yet. */
export function Now(): VNode {
  const { live } = usePanel();
  const active = useRun(activeOf);
  const speaking = new Set(live.value.map(({ key }) => key));
  // Tool calls stand in the conversation already.
  const silent = active.filter(({ key, kind }) => kind !== 'tool' && !speaking.has(key));
  return (
    <div class="now">
      {live.value.map(({ key, role, task, text }) => (
        <div key={key} class="group" data-testid="live" aria-busy="true">
          <Turn name={role} task={task}>
            <Markdown text={text} />
          </Turn>
        </div>
      ))}
      {silent.map((step) => (
        <Silent key={step.key} step={step} />
      ))}
    </div>
  );
}

function Silent({ step }: { step: ActiveStep }): VNode {
  const { now } = usePanel();
  const task = useTaskTitle(step.who?.task);
  const role = step.who && roleName(step.who.role);
  const what = step.kind === 'model' && role !== undefined ? t('{0} is thinking', role) : step.title;
  return (
    <p class="active-step" data-testid="active-step" data-kind={step.kind}>
      <Spinner />
      <span class="active-what">{what}</span>
      {task !== undefined && <span class="turn-task">{task}</span>}
      <span class="tool-time">{duration(Math.max(0, now.value - step.since))}</span>
    </p>
  );
}
