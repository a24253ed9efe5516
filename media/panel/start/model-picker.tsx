import type { VNode } from 'preact';
import type { PanelContext } from '../../../src/protocol/panel.ts';
import { Icon } from '../icons.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { t } from '../texts.ts';

/** Who answers in a run that starts now; the editor's own list offers others. Nothing where no model is known. */
export function ModelPicker(): VNode | null {
  const { context, post } = usePanel();
  const world = context.value;
  const name = world && nameOf(world);
  if (world === undefined || name === undefined) return null;
  const gone = world.picked !== undefined && world.picked.isThere !== true;
  return (
    <span class="picker-place">
      <span class="dim small">{t('Model')}</span>
      <button
        type="button"
        class="picker"
        data-testid="choose-model"
        data-tone={gone ? 'warn' : undefined}
        aria-label={t('Model of new runs: {0}', name)}
        aria-haspopup="dialog"
        title={titleOf(world)}
        onClick={() => post({ type: 'model.choose' })}
      >
        {gone && <Icon name="warning" />}
        <span class="picker-name">{name}</span>
        <Icon name="chevron" class="picker-mark" />
      </button>
    </span>
  );
}

const nameOf = ({ picked, isByRole, model }: PanelContext): string | undefined => {
  if (picked !== undefined) return picked.label;
  return isByRole === true && model !== undefined ? t('By role') : model;
};

function titleOf({ picked, isByRole, model = '' }: PanelContext): string {
  if (picked?.isThere)
    return t('{0} answers for every role in new runs. Choose another model.', picked.label);
  if (picked) return t('{0} is not there now. Choose another model.', picked.label);
  return isByRole === true
    ? t('Roles have models of their own; {0} answers for the others. Choose one model for all.', model)
    : t('{0} answers, as settings and roles say. Choose another model for new runs.', model);
}
