import type { VNode } from 'preact';
import type { GateReport } from '../../../src/protocol/events.ts';
import { VerdictBadge } from '../parts/badge.tsx';
import { Section } from '../parts/section.tsx';
import { latestReport, totalsText } from '../state/evidence.ts';
import { duration } from '../state/format.ts';
import { t } from '../texts.ts';
import { MoreEvidence } from './more-evidence.tsx';
import { Reasons, TestLists } from './tests.tsx';
import { useRun } from './use-run.ts';

/** The tests before and after the change. `onlyAfter`: not worth a section before there is an after. */
export function Evidence({ onlyAfter = false }: { onlyAfter?: boolean }): VNode | null {
  const before = useRun(({ evidence }) => evidence.baseline);
  const after = useRun(latestReport);
  const alone = useRun(({ mode }) => mode === 'qa');
  if (!after && (onlyAfter || !before)) return null;
  return (
    <Section
      title={t('Evidence')}
      testid="evidence"
      aside={after && <VerdictBadge verdict={after.verdict} />}
    >
      <table class="totals">
        <thead>
          <tr>
            <th scope="col">{t('Tests')}</th>
            <th scope="col">{t('passed')}</th>
            <th scope="col">{t('failed')}</th>
            <th scope="col">{t('skipped')}</th>
          </tr>
        </thead>
        <tbody>
          {before && !(alone && after) && <Totals title={t('Before')} report={before} />}
          {after && <Totals title={alone ? t('Now') : t('After')} report={after} />}
        </tbody>
      </table>
      {after && <Reasons report={after} />}
      {after && <TestLists report={after} isBase={alone} />}
      {after && <MoreEvidence report={after} />}
      <Command report={after ?? before} />
    </Section>
  );
}

function Totals({ title, report }: { title: string; report: GateReport }): VNode {
  const { passed, failed, skipped } = report.totals;
  return (
    <tr title={totalsText(report)}>
      <th scope="row">{title}</th>
      <td data-tone={passed > 0 ? 'good' : 'none'}>{passed}</td>
      <td data-tone={failed > 0 ? 'bad' : 'none'}>{failed}</td>
      <td data-tone="none">{skipped}</td>
    </tr>
  );
}

function Command({ report }: { report: GateReport | undefined }): VNode | null {
  if (report?.command === undefined) return null;
  return (
    <p class="command-line">
      <code>{report.command}</code>
      {report.durationMs !== undefined && <span class="dim">{duration(report.durationMs)}</span>}
    </p>
  );
}
