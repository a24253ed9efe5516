import type { VNode } from 'preact';
import type { PlanSpec, TaskSpec } from '../../../src/protocol/plan.ts';
import { depthOf, parentsIn } from '../../../src/protocol/plan-tree.ts';
import { Button, IconButton } from '../parts/button.tsx';
import { GrowText } from '../parts/grow-text.tsx';
import { useNews } from '../parts/use-news.ts';
import { useRun } from '../run/use-run.ts';
import {
  addTask,
  besideOf,
  changeTask,
  moveTask,
  removeTask,
  toggleDependency,
  type TaskPatch,
} from '../state/plan-draft.ts';
import { t } from '../texts.ts';
import { ConditionPicker, Dependencies, Lines } from './task-conditions.tsx';
import { Requirements, requirementText } from './requirements.tsx';
import { CandidatesPicker, ModelPicker, RolePicker } from './task-pickers.tsx';
import { useChoices, usePlanCheck, type Choices } from './use-plan-draft.ts';

export interface PlanEditorProps {
  readonly plan: PlanSpec;
  readonly onChange: (plan: PlanSpec) => void;
  /** The task whose sub-tasks these are, where they are edited alone. */
  readonly below?: string | undefined;
}

/** The plan as a form. What is wrong with it shows beside the button that approves it. */
export function PlanEditor({ signal, ...props }: PlanEditorProps & { readonly signal: string }): VNode {
  const { plan, onChange, below } = props;
  usePlanCheck(plan, signal);
  const choices = useChoices();
  useNews([...choices.notes, ...choices.requirements.map(requirementText)]);
  const allowed = useRun(({ tasks }) => tasks.find(({ spec }) => spec.id === below)?.spec.files);
  return (
    <div class="plan-editor" data-testid="plan-editor">
      <ol class="edit-tasks">
        {plan.tasks.map((task) => (
          <TaskForm key={task.id} {...{ ...props, task, choices }} />
        ))}
      </ol>
      <Button icon="add" testid="plan-add-task" onClick={() => onChange(addTask(plan, below, allowed))}>
        {t('Add a task')}
      </Button>
      {choices.notes.length > 0 && (
        <ul class="plain-list dim small" data-testid="plan-notes">
          {choices.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface TaskFormProps extends PlanEditorProps {
  readonly task: TaskSpec;
  readonly choices: Choices;
}

function TaskForm({ task, plan, below, onChange, choices }: TaskFormProps): VNode {
  const { id } = task;
  const change = (patch: TaskPatch): void => onChange(changeTask(plan, id, patch));
  const level = depthOf(id) - (below === undefined ? 0 : depthOf(below) + 1);
  return (
    <li class="edit-task" data-testid="plan-edit-task" data-task={id} data-level={level}>
      <fieldset>
        <legend class="unseen">{t('Task {0}', id)}</legend>
        <Head {...{ task, plan, onChange }} />
        <Title title={task.title} onChange={(title) => change({ title })} />
        <GrowText
          value={task.description}
          label={t('Description')}
          placeholder={t('What is to be done?')}
          testid="task-description"
          invalid={task.description.trim() === ''}
          maxLength={8000}
          rows={2}
          onInput={(description) => change({ description })}
        />
        <Lines
          label={t('Done when')}
          hint={t('One criterion a line')}
          testid="task-acceptance"
          lines={task.acceptance}
          onChange={(acceptance) => change({ acceptance: [...acceptance] })}
        />
        <RolePicker role={task.role} roles={choices.roles} onPick={(role) => change({ role })} />
        <ModelPicker model={task.model} models={choices.models} onPick={(model) => change({ model })} />
        <CandidatesPicker
          task={task}
          isQuestion={choices.readers.includes(task.role)}
          onPick={(candidates) => change({ candidates })}
        />
        <Lines
          label={t('May write')}
          hint={t('src/**, one a line; empty: everything')}
          testid="task-files"
          code
          lines={task.files ?? []}
          onChange={(files) => change({ files: files.length === 0 ? undefined : [...files] })}
        />
        <Dependencies
          task={task}
          plan={plan}
          onToggle={(other) => onChange(toggleDependency(plan, id, other))}
        />
        <ConditionPicker task={task} plan={plan} onPick={(when) => change({ when })} />
        <Lines
          label={t('Requires')}
          hint={t('vision, context>=64000, local; one a line')}
          testid="task-requires"
          code
          lines={task.requires ?? []}
          onChange={(requires) => change({ requires: requires.length === 0 ? undefined : [...requires] })}
        />
        <Requirements task={task} found={choices.requirements} />
        <Lines
          label={t('Hears')}
          hint={t('#api, one a line: what teammates say on it')}
          testid="task-topics"
          code
          lines={task.topics ?? []}
          onChange={(topics) => change({ topics: topics.length === 0 ? undefined : [...topics] })}
        />
        <Parts {...{ task, plan, onChange }} />
      </fieldset>
    </li>
  );
}

function Title({ title, onChange }: { title: string; onChange: (title: string) => void }): VNode {
  return (
    <input
      class="line-input"
      data-testid="task-title"
      aria-label={t('Title')}
      placeholder={t('Title')}
      aria-invalid={title.trim() === ''}
      maxLength={120}
      value={title}
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

interface PartProps {
  readonly task: TaskSpec;
  readonly plan: PlanSpec;
  readonly onChange: (plan: PlanSpec) => void;
}

function Head({ task: { id }, plan, onChange }: PartProps): VNode {
  const beside = besideOf(plan, id);
  return (
    <div class="edit-task-head">
      <span class="edit-task-id">{id}</span>
      <IconButton
        icon="arrowUp"
        label={t('Move {0} up', id)}
        testid="task-up"
        disabled={beside[0] === id}
        onClick={() => onChange(moveTask(plan, id, -1))}
      />
      <IconButton
        icon="arrowDown"
        label={t('Move {0} down', id)}
        testid="task-down"
        disabled={beside.at(-1) === id}
        onClick={() => onChange(moveTask(plan, id, 1))}
      />
      <IconButton
        icon="trash"
        label={t('Remove {0}', id)}
        testid="task-remove"
        disabled={removeTask(plan, id).tasks.length === 0}
        onClick={() => onChange(removeTask(plan, id))}
      />
    </div>
  );
}

/** A task has sub-tasks, gets some once its turn has come, or is done as it is. */
function Parts({ task, plan, onChange }: PartProps): VNode {
  const { id, expand = false } = task;
  return (
    <div class="field">
      <Button kind="link" icon="add" testid="task-add-part" onClick={() => onChange(addTask(plan, id))}>
        {t('Add a sub-task')}
      </Button>
      {!parentsIn(plan.tasks).has(id) && (
        <label class="toggle" title={t('A planner breaks it down once its turn has come.')}>
          <input
            type="checkbox"
            class="unseen"
            data-testid="task-expand"
            checked={expand}
            onChange={() => onChange(changeTask(plan, id, { expand: expand ? undefined : true }))}
          />
          <span>{t('break it down later')}</span>
        </label>
      )}
    </div>
  );
}
