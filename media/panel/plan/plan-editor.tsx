import type { VNode } from 'preact';
import { CANDIDATES_MAX } from '../../../src/protocol/candidates.ts';
import type { PlanSpec, TaskSpec } from '../../../src/protocol/plan.ts';
import { Button, IconButton } from '../parts/button.tsx';
import { GrowText } from '../parts/grow-text.tsx';
import { roleName } from '../state/names.ts';
import {
  addTask,
  changeTask,
  moveTask,
  removeTask,
  toggleDependency,
  type TaskPatch,
} from '../state/plan-draft.ts';
import { t } from '../texts.ts';
import { useChoices, usePlanCheck, type Choices } from './use-plan-draft.ts';

export interface PlanEditorProps {
  readonly plan: PlanSpec;
  readonly onChange: (plan: PlanSpec) => void;
}

/** The plan as a form. What is wrong with it shows beside the button that approves it. */
export function PlanEditor({ plan, onChange }: PlanEditorProps): VNode {
  usePlanCheck(plan);
  const choices = useChoices();
  return (
    <div class="plan-editor" data-testid="plan-editor">
      <ol class="edit-tasks">
        {plan.tasks.map((task, index) => (
          <TaskForm key={task.id} {...{ task, index, plan, onChange, choices }} />
        ))}
      </ol>
      <Button icon="add" testid="plan-add-task" onClick={() => onChange(addTask(plan))}>
        {t('Add a task')}
      </Button>
    </div>
  );
}

interface TaskFormProps extends PlanEditorProps {
  readonly task: TaskSpec;
  readonly index: number;
  readonly choices: Choices;
}

function TaskForm({ task, index, plan, onChange, choices }: TaskFormProps): VNode {
  const { id } = task;
  const change = (patch: TaskPatch): void => onChange(changeTask(plan, id, patch));
  return (
    <li class="edit-task" data-testid="plan-edit-task" data-task={id}>
      <fieldset>
        <legend class="unseen">{t('Task {0}', id)}</legend>
        <div class="edit-task-head">
          <span class="edit-task-id">{id}</span>
          <IconButton
            icon="arrowUp"
            label={t('Move {0} up', id)}
            testid="task-up"
            disabled={index === 0}
            onClick={() => onChange(moveTask(plan, id, -1))}
          />
          <IconButton
            icon="arrowDown"
            label={t('Move {0} down', id)}
            testid="task-down"
            disabled={index === plan.tasks.length - 1}
            onClick={() => onChange(moveTask(plan, id, 1))}
          />
          <IconButton
            icon="trash"
            label={t('Remove {0}', id)}
            testid="task-remove"
            disabled={plan.tasks.length === 1}
            onClick={() => onChange(removeTask(plan, id))}
          />
        </div>
        <input
          class="line-input"
          data-testid="task-title"
          aria-label={t('Title')}
          placeholder={t('Title')}
          maxLength={120}
          value={task.title}
          onInput={({ currentTarget }) => change({ title: currentTarget.value })}
        />
        <GrowText
          value={task.description}
          label={t('Description')}
          placeholder={t('What is to be done?')}
          testid="task-description"
          maxLength={8000}
          rows={2}
          onInput={(description) => change({ description })}
        />
        <RolePicker role={task.role} roles={choices.roles} onPick={(role) => change({ role })} />
        <ModelPicker model={task.model} models={choices.models} onPick={(model) => change({ model })} />
        <CandidatesPicker task={task} onPick={(candidates) => change({ candidates })} />
        <Dependencies
          task={task}
          plan={plan}
          onToggle={(other) => onChange(toggleDependency(plan, id, other))}
        />
      </fieldset>
    </li>
  );
}

interface RolePickerProps {
  readonly role: string;
  readonly roles: readonly string[];
  readonly onPick: (role: string) => void;
}

function RolePicker({ role, roles, onPick }: RolePickerProps): VNode {
  return (
    <label class="field">
      <span class="label">{t('Role')}</span>
      <select
        class="select"
        data-testid="task-role"
        value={role}
        onChange={({ currentTarget }) => onPick(currentTarget.value)}
      >
        {withChosen(roles, role).map((each) => (
          <option key={each} value={each}>
            {roleName(each)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What is chosen can always be kept. */
const withChosen = (all: readonly string[], chosen: string): readonly string[] =>
  all.includes(chosen) ? all : [chosen, ...all];

interface ModelPickerProps {
  readonly model: string | undefined;
  readonly models: readonly string[];
  readonly onPick: (model: string | undefined) => void;
}

/** Who is asked first for this task. Nothing to choose where there is one endpoint and none is named. */
function ModelPicker({ model, models, onPick }: ModelPickerProps): VNode | null {
  if (model === undefined && models.length < 2) return null;
  return (
    <label class="field">
      <span class="label">{t('Model')}</span>
      <select
        class="select"
        data-testid="task-model"
        value={model ?? ''}
        onChange={({ currentTarget: { value } }) => onPick(value === '' ? undefined : value)}
      >
        <option value="">{t('as the role says')}</option>
        {(model === undefined ? models : withChosen(models, model)).map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  );
}

/** How many work on the task at once, each on its own copy. As the settings say, or so many. */
function CandidatesPicker({
  task,
  onPick,
}: {
  task: TaskSpec;
  onPick: (candidates: number | undefined) => void;
}): VNode {
  const counts = Array.from({ length: CANDIDATES_MAX }, (_, at) => at + 1);
  return (
    <label class="field" title={t('Several work on it independently; the best work goes on.')}>
      <span class="label">{t('Given to')}</span>
      <select
        class="select"
        data-testid="task-candidates"
        value={task.candidates ?? ''}
        onChange={({ currentTarget: { value } }) => onPick(value === '' ? undefined : Number(value))}
      >
        <option value="">{t('as the settings say')}</option>
        {counts.map((count) => (
          <option key={count} value={count}>
            {count === 1 ? t('one') : t('the best of {0}', count)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface DependenciesProps {
  readonly task: TaskSpec;
  readonly plan: PlanSpec;
  readonly onToggle: (other: string) => void;
}

function Dependencies({ task, plan, onToggle }: DependenciesProps): VNode | null {
  const others = plan.tasks.filter(({ id }) => id !== task.id);
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
