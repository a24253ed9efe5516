import type { VNode } from 'preact';
import type { GateReport } from '../../../src/protocol/events.ts';
import { totalsText } from '../state/evidence.ts';
import { duration } from '../state/format.ts';
import { MoreEvidence } from './more-evidence.tsx';
import { Reasons, TestLists } from './tests.tsx';

/** What a gate found: how many tests passed, with which command, why the verdict is what it is, and what else was checked. */
export function Report({ report, isBase = false }: { report: GateReport; isBase?: boolean }): VNode {
  return (
    <>
      <p class="card-facts facts">
        <span>{totalsText(report)}</span>
        {report.durationMs !== undefined && <span>{duration(report.durationMs)}</span>}
        {report.command !== undefined && (
          <span>
            <code>{report.command}</code>
          </span>
        )}
      </p>
      <Reasons report={report} />
      <TestLists report={report} isBase={isBase} />
      <MoreEvidence report={report} />
    </>
  );
}
