import type { VNode } from 'preact';
import type { ReviewTally } from '../../../src/protocol/panel.ts';
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
  const { tally } = usePanel();
  const changes = useRun((view) => view.changes);
  const report = useRun(latestReport);
  const begun =
    tally.value !== null && tally.value.decided + tally.value.forTeam > 0 ? tally.value : undefined;
  return (
    <>
      {changes && (
        <p class="need-facts facts">
          <VerdictBadge verdict={changes.verdict} />
          {report && <span>{totalsText(report)}</span>}
          {tally.value && (
            <span data-testid="review-tally">
              {t('{0} of {1} changes decided', tally.value.decided, tally.value.all)}
            </span>
          )}
        </p>
      )}
      {begun?.differs === true && (
        <p class="dim small" data-testid="review-differs">
          {t('What you take is not all that was tested, so it is tested again before it is applied.')}
        </p>
      )}
      <Ways need={need} begun={begun} />
    </>
  );
}

/** Once something is decided, it can be handed in; before that there is all or nothing. */
function Ways({ need, begun }: { need: NeedView; begun: ReviewTally | undefined }): VNode {
  const { post } = usePanel();
  const { run, busy } = useNeed(need.signal);
  const isDone = begun !== undefined && begun.decided === begun.all;
  return (
    <div class="buttons">
      <Button
        kind={isDone ? 'secondary' : 'primary'}
        icon="diff"
        testid="review-open"
        onClick={() => post({ type: 'review.open', run })}
      >
        {t('Review')}
      </Button>
      {begun && (
        <Button
          kind={isDone ? 'primary' : 'secondary'}
          testid="review-apply"
          disabled={busy}
          title={t('Applies what you accepted. You are asked about what is not decided.')}
          onClick={() => post({ type: 'review.apply', run })}
        >
          {t('Apply reviewed')}
        </Button>
      )}
      {begun && begun.forTeam > 0 && (
        <Button
          testid="review-send-back"
          disabled={busy}
          title={t('The team works on what you rejected with a reason and on remarks to be fixed.')}
          onClick={() => post({ type: 'review.sendBack', run })}
        >
          {t('Send back')}
        </Button>
      )}
      <Button testid="accept-all" disabled={busy} onClick={() => post({ type: 'review.acceptAll', run })}>
        {t('Accept all')}
      </Button>
      <Button testid="reject-all" disabled={busy} onClick={() => post({ type: 'review.rejectAll', run })}>
        {t('Reject all')}
      </Button>
    </div>
  );
}
