import type { VNode } from 'preact';
import { CANDIDATES_MAX } from '../../../src/protocol/candidates-max.ts';
import type { TaskSpec } from '../../../src/protocol/plan.ts';
import { roleName } from '../state/names.ts';
import { t } from '../texts.ts';

interface RolePickerProps {
  readonly role: string;
  readonly roles: readonly string[];
  readonly onPick: (role: string) => void;
}

export function RolePicker({ role, roles, onPick }: RolePickerProps): VNode {
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
export function ModelPicker({ model, models, onPick }: ModelPickerProps): VNode | null {
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

/** How many work on the task, each for itself. As the settings say, or so many: of changes the best goes on, opinions are weighed. */
export function CandidatesPicker({
  task,
  isQuestion,
  onPick,
}: {
  task: TaskSpec;
  /** It changes nothing. */
  isQuestion: boolean;
  onPick: (candidates: number | undefined) => void;
}): VNode {
  const counts = Array.from({ length: CANDIDATES_MAX }, (_, at) => at + 1);
  const title = isQuestion
    ? t('Several answer it independently; what they say is weighed, and where they differ is shown.')
    : t('Several work on it independently; the best work goes on.');
  const several = (count: number): string =>
    isQuestion ? t('{0}, whose opinions are weighed', count) : t('the best of {0}', count);
  return (
    <label class="field" title={title}>
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
            {count === 1 ? t('one') : several(count)}
          </option>
        ))}
      </select>
    </label>
  );
}
