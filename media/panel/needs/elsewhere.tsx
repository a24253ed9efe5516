import type { VNode } from 'preact';
import type { RunWaits } from '../../../src/protocol/panel.ts';
import { Icon } from '../icons.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { t } from '../texts.ts';

/** Other runs than the open one that wait for the person. */
export function useElsewhere(): readonly RunWaits[] {
  const { context, view } = usePanel();
  const open = view.value?.id;
  return (context.value?.waits ?? []).filter(({ run }) => run !== open);
}

/** How often they do. */
export const countOf = (waits: readonly RunWaits[]): number =>
  waits.reduce((sum, { count }) => sum + count, 0);

/** A row for each other run that waits: it leads there. */
export function Elsewhere(): VNode | null {
  const { post } = usePanel();
  const waits = useElsewhere();
  if (waits.length === 0) return null;
  return (
    <ul class="list-rows" data-testid="elsewhere">
      {waits.map(({ run, goal, count }) => (
        <li key={run}>
          <button
            type="button"
            class="list-row"
            data-testid="need-elsewhere"
            title={t('Another run needs you: {0}', goal)}
            onClick={() => post({ type: 'run.open', run })}
          >
            <Icon name="warning" />
            <span class="recent-goal">{goal}</span>
            <span class="recent-time">{t('{0} for you', count)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
