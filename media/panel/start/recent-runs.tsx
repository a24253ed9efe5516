import type { VNode } from 'preact';
import type { RunEntry } from '../../../src/protocol/view.ts';
import { Icon } from '../icons.tsx';
import { DemoBadge } from '../parts/badge.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { ago } from '../state/format.ts';
import { statusOfEntry } from '../state/names.ts';
import { t } from '../texts.ts';
import { StatusIcon } from '../parts/status-icon.tsx';

/** The latest runs of this workspace, to open again. */
export function RecentRuns({ runs }: { runs: readonly RunEntry[] }): VNode {
  return (
    <section class="recent">
      <h2 class="recent-title">{t('Recent runs')}</h2>
      <ul class="list-rows">
        {runs.map((run) => (
          <li key={run.id}>
            <Recent run={run} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Recent({ run }: { run: RunEntry }): VNode {
  const { post, now } = usePanel();
  return (
    <button
      type="button"
      class="list-row recent-run"
      data-testid="recent-run"
      title={run.goal}
      onClick={() => post({ type: 'run.open', run: run.id })}
    >
      <StatusIcon status={run.status} />
      <span class="recent-goal">{run.goal}</span>
      {run.demo && <DemoBadge />}
      {run.origin === 'terminal' && <Icon name="terminal" />}
      <span class="unseen">
        {run.origin === 'terminal' ? t('{0}, from the terminal', statusOfEntry(run)) : statusOfEntry(run)}
      </span>
      <span class="recent-time">{ago(run.updatedAt, now.value)}</span>
    </button>
  );
}
