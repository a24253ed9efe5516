import type { VNode } from 'preact';
import type { NeedView } from '../../../src/protocol/view.ts';
import { VerdictBadge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { useRun } from '../run/use-run.ts';
import { latestReport, totalsText } from '../state/evidence.ts';
import { t } from '../texts.ts';
import { useNeed } from './use-need.ts';

/** The change is ready: look at it, take it or leave it. The editor turns "all" into an answer per file. */
export function ReviewNeed({ need }: { need: NeedView }): VNode {
  const { post } = usePanel();
  const { run, busy } = useNeed(need.signal);
  const changes = useRun((view) => view.changes);
  const report = useRun(latestReport);
  return (
    <>
      {changes && (
        <p class="need-facts facts">
          <VerdictBadge verdict={changes.verdict} />
          {report && <span>{totalsText(report)}</span>}
        </p>
      )}
      <div class="buttons">
        <Button
          kind="primary"
          icon="diff"
          testid="review-open"
          onClick={() => post({ type: 'review.open', run })}
        >
          {t('Review')}
        </Button>
        <Button testid="accept-all" disabled={busy} onClick={() => post({ type: 'review.acceptAll', run })}>
          {t('Accept all')}
        </Button>
        <Button testid="reject-all" disabled={busy} onClick={() => post({ type: 'review.rejectAll', run })}>
          {t('Reject all')}
        </Button>
      </div>
    </>
  );
}
