import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PlanSpec, TaskSpec } from '../../../src/protocol/plan.ts';
import { GrowText } from '../parts/grow-text.tsx';
import { taskState } from '../state/names.ts';
import { besideOf } from '../state/plan-draft.ts';
import { t } from '../texts.ts';

interface DependenciesProps {
  readonly task: TaskSpec;
  readonly plan: PlanSpec;
  readonly onToggle: (other: string) => void;
}

/** What a task starts after: tasks beside it. */
export function Dependencies({ task, plan, onToggle }: DependenciesProps): VNode | null {
  const beside = besideOf(plan, task.id);
  const others = plan.tasks.filter(({ id }) => id !== task.id && beside.includes(id));
  if (others.length === 0) return null;
  return (
    <div class="field" role="group" aria-label={t('Starts after')}>
      <span class="label">{t('Starts after')}</span>
      <div class="toggles">
        {others.map(({ id, title }) => (
          <label key={id} class="toggle" title={title}>
            <input
              type="checkbox"
              class="unseen"
              data-testid="task-depends"
              data-on={id}
              checked={task.depends_on.includes(id)}
              onChange={() => onToggle(id)}
            />
            <span>{id}</span>
          </label>
        ))}
      </div>
    </div>
  );
}

type Condition = NonNullable<TaskSpec['when']>;

const ENDS: readonly Condition['is'][] = ['done', 'failed', 'skipped'];

interface ConditionProps {
  readonly task: TaskSpec;
  readonly plan: PlanSpec;
  readonly onPick: (when: Condition | undefined) => void;
}

/** A task that runs only where another one ended so. */
export function ConditionPicker({ task, plan, onPick }: ConditionProps): VNode | null {
  const { when } = task;
  const others = besideOf(plan, task.id).filter((id) => id !== task.id);
  if (others.length === 0 && !when) return null;
  const known = when && !others.includes(when.task) ? [when.task, ...others] : others;
  return (
    <div class="field" role="group" aria-label={t('Runs only if')}>
      <span class="label">{t('Runs only if')}</span>
      <select
        class="select"
        data-testid="task-when"
        aria-label={t('Runs only if this task')}
        value={when?.task ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onPick(value === '' ? undefined : { task: value, is: when?.is ?? 'done' })
        }
      >
        <option value="">{t('always')}</option>
        {known.map((id) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
      {when && (
        <select
          class="select"
          data-testid="task-when-is"
          aria-label={t('is')}
          value={when.is}
          onChange={({ currentTarget: { value } }) => {
            const is = ENDS.find((end) => end === value);
            if (is) onPick({ ...when, is });
          }}
        >
          {ENDS.map((end) => (
            <option key={end} value={end}>
              {taskState(end)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

interface LinesProps {
  readonly label: string;
  readonly hint: string;
  readonly testid: string;
  readonly lines: readonly string[];
  /** Whether they are paths and the like rather than words. */
  readonly code?: boolean;
  readonly onChange: (lines: readonly string[]) => void;
}

/** Several short texts, one a line. What is typed stays as it is; blank lines count for nothing. */
export function Lines({ label, hint, testid, lines, code, onChange }: LinesProps): VNode {
  const [text, setText] = useState(lines.join('\n'));
  return (
    <label class="field field-wide" data-code={code}>
      <span class="label">{label}</span>
      <GrowText
        value={text}
        label={label}
        placeholder={hint}
        testid={testid}
        rows={1}
        onInput={(value) => {
          setText(value);
          onChange(
            value
              .split('\n')
              .map((line) => line.trim())
              .filter((line) => line !== ''),
          );
        }}
      />
    </label>
  );
}
