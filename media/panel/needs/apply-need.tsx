import type { VNode } from 'preact';
import type { ApplyAnswer } from '../../../src/protocol/answers.ts';
import type { NeedView } from '../../../src/protocol/view.ts';
import { VerdictBadge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Reasons } from '../run/tests.tsx';
import { useRun } from '../run/use-run.ts';
import { latestReport } from '../state/evidence.ts';
import { t } from '../texts.ts';
import { useNeed } from './use-need.ts';

/** What was accepted is not proved: apply it all the same? */
export function ApplyNeed({ need }: { need: NeedView }): VNode {
  const { busy, answer } = useNeed(need.signal);
  const report = useRun(latestReport);
  const decide = (apply: boolean): void => answer({ apply } satisfies ApplyAnswer);
  return (
    <>
      {report && (
        <div class="need-facts">
          <VerdictBadge verdict={report.verdict} />
          <Reasons reasons={report.reasons} />
        </div>
      )}
      <div class="buttons">
        <Button testid="apply-not" kind="primary" disabled={busy} onClick={() => decide(false)}>
          {t('Do not apply')}
        </Button>
        <Button testid="apply-anyway" disabled={busy} onClick={() => decide(true)}>
          {t('Apply anyway')}
        </Button>
      </div>
    </>
  );
}
