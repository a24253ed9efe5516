import type { VNode } from 'preact';
import type { FeedItem } from '../../../src/protocol/view.ts';
import { Icon } from '../icons.tsx';
import { VerdictBadge } from '../parts/badge.tsx';
import { Report } from '../run/report.tsx';
import { useRun, useTaskTitle } from '../run/use-run.ts';
import { own } from '../state/own.ts';
import { withCandidate } from '../state/names.ts';
import { t } from '../texts.ts';

/** What a gate concluded, with the tests that made it. The baseline has no verdict worth a badge. */
export function GateCard({ item }: { item: Extract<FeedItem, { kind: 'gate' }> }): VNode | null {
  const { report, scope } = item;
  const task = useTaskTitle(item.task);
  const alone = useRun(({ mode }) => mode === 'qa');
  const titles: Readonly<Record<string, string>> = {
    baseline: t('Tests before the change'),
    task: t('Tests'),
    integrated: alone ? t('Tests') : t('Tests: everything together'),
    accepted: t('Tests: what you accepted'),
  };
  const title = own(titles, scope) ?? scope;
  const baseline = scope === 'baseline';
  // Tests that run alone are compared with themselves.
  if (baseline && alone) return null;
  return (
    <article
      class="card gate-card"
      data-testid="gate-card"
      data-verdict={report.verdict}
      data-scope={scope}
      aria-label={task === undefined ? title : `${title}: ${task}`}
    >
      <header class="card-head">
        <Icon name="beaker" />
        <span class="card-title">{title}</span>
        {!baseline && <VerdictBadge verdict={report.verdict} />}
      </header>
      {task !== undefined && <p class="card-task">{withCandidate(task, item.candidate)}</p>}
      <Report report={report} isBase={baseline || alone} />
    </article>
  );
}
