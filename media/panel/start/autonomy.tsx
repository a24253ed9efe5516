import type { VNode } from 'preact';
import type { Autonomy } from '../../../src/protocol/policy.ts';
import { Button } from '../parts/button.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { t } from '../texts.ts';

interface LevelLook {
  readonly level: Autonomy;
  readonly label: string;
  readonly hint: string;
}

const LEVELS: readonly LevelLook[] = [
  { level: 'ask', label: t('Ask'), hint: t('Looking is free; every command asks you.') },
  {
    level: 'guided',
    label: t('Guided'),
    hint: t('Tests, builds and checks are free; other commands ask you.'),
  },
  {
    level: 'auto',
    label: t('Auto'),
    hint: t('Whatever stays in the working copy is free; what reaches beyond it asks you.'),
  },
];

/** How much a new run does without asking, and what was allowed for good. */
export function AutonomyPicker(): VNode | null {
  const { context, post } = usePanel();
  const level = context.value?.autonomy;
  if (level === undefined) return null;
  const look = LEVELS.find((each) => each.level === level);
  return (
    <>
      <label class="picker-place">
        <span class="dim small">{t('Commands')}</span>
        <select
          class="picker"
          data-testid="autonomy"
          value={level}
          title={look?.hint}
          onChange={({ currentTarget }) => {
            const chosen = LEVELS.find((each) => each.level === currentTarget.value);
            if (chosen) post({ type: 'autonomy.set', level: chosen.level });
          }}
        >
          {LEVELS.map((each) => (
            <option key={each.level} value={each.level}>
              {each.label}
            </option>
          ))}
        </select>
      </label>
      <Button kind="link" testid="show-permissions" onClick={() => post({ type: 'permissions.show' })}>
        {t('Allowed for good…')}
      </Button>
      <span class="pickers-hint dim small">{look?.hint}</span>
    </>
  );
}
