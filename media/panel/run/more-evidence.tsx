import type { VNode } from 'preact';
import type { GateReport } from '../../../src/protocol/events.ts';
import { PlaceLink } from '../parts/place.tsx';
import {
  checkRows,
  coverageText,
  loadRow,
  looserRows,
  missedPlaces,
  proofRows,
  type CheckRow,
} from '../state/more-evidence.ts';
import { visible } from '../state/visible.ts';
import { t, told } from '../texts.ts';

/** Rows and places shown at most; the terminal and the journal have the rest. */
const SHOWN = 10;

/** Checks beside the tests, what new tests prove, and the lines that tests reach; nothing where there is none of it. */
export function MoreEvidence({ report }: { report: GateReport }): VNode {
  return (
    <>
      {checkRows(report).map((row) => (
        <Check key={`${row.folder ?? ''}:${row.command}`} row={row} />
      ))}
      <Looser report={report} />
      <Proof report={report} />
      <Loading report={report} />
      <Coverage report={report} />
    </>
  );
}

function Check({ row }: { row: CheckRow }): VNode {
  return (
    <div class="check" data-testid="check">
      <p class="facts">
        <span>{row.name}</span>
        <code>{row.command}</code>
        {row.folder !== undefined && <span>{visible(row.folder)}</span>}
        <span data-tone={row.tone}>{row.said}</span>
      </p>
      {row.findings.length > 0 && (
        <ul class="test-rows">
          {row.findings.slice(0, SHOWN).map(({ path, line, message }) => (
            <li key={`${path}:${line}:${message}`} class="test-body">
              <PlaceLink path={path} line={line} />
              <p class="test-message">{visible(message)}</p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Looser({ report }: { report: GateReport }): VNode | null {
  const looser = looserRows(report);
  if (looser === undefined) return null;
  return (
    <div class="check" data-testid="looser">
      <p>{looser.title}</p>
      <ul class="test-rows">
        {looser.rows.slice(0, SHOWN).map(({ path, line, reason, tone }) => (
          <li key={`${path}:${line}:${reason}`} class="test-body">
            <PlaceLink path={path} line={line} />
            <p class="test-message" data-tone={tone}>
              {visible(told(reason))}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Proof({ report }: { report: GateReport }): VNode | null {
  const rows = proofRows(report);
  if (rows.length === 0) return null;
  return (
    <table class="totals" data-testid="proof">
      <thead>
        <tr>
          <th scope="col">{t('New tests')}</th>
          <th scope="col">{t('without the change')}</th>
          <th scope="col">{t('with it')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, SHOWN).map(({ id, before, after, proves }) => (
          <tr key={id}>
            <th scope="row">{visible(id)}</th>
            <td data-tone="none">{before}</td>
            <td data-tone={proves ? 'good' : 'none'}>{after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Loading({ report }: { report: GateReport }): VNode | null {
  const row = loadRow(report);
  if (row === undefined) return null;
  return (
    <p class="facts" data-testid="probe">
      <span data-tone={row.tone}>{row.text}</span>
    </p>
  );
}

function Coverage({ report }: { report: GateReport }): VNode | null {
  const text = coverageText(report);
  if (text === undefined) return null;
  return (
    <div data-testid="coverage">
      <p>{text}</p>
      <p class="facts">
        {missedPlaces(report)
          .slice(0, SHOWN)
          .map(({ path, line }) => (
            <PlaceLink key={`${path}:${line}`} path={path} line={line} />
          ))}
      </p>
    </div>
  );
}
