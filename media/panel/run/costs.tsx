import type { VNode } from 'preact';
import { ledgerBy, sumOf, tokensOf, type LedgerSum } from '../../../src/protocol/ledger.ts';
import { Section } from '../parts/section.tsx';
import { atMost, cutOffText } from '../state/costs.ts';
import { cost, tokens } from '../state/format.ts';
import { roleName } from '../state/names.ts';
import { t } from '../texts.ts';
import { useRun, useTaskTitle } from './use-run.ts';

/** Who spent what: by role, by task and by endpoint. Closed until somebody wants to know. */
export function Costs(): VNode | null {
  const ledger = useRun((run) => run.ledger);
  if (ledger.length === 0) return null;
  const sum = sumOf(ledger);
  return (
    <Section
      title={t('Costs')}
      testid="costs"
      open={false}
      aside={sum.costUsd === null ? t('cost unknown') : atMost(sum, cost(sum.costUsd))}
    >
      <Table title={t('Role')} rows={ledgerBy(ledger, 'role')} name={({ name }) => <>{roleName(name)}</>} />
      <Table title={t('Task')} rows={ledgerBy(ledger, 'task')} name={({ name }) => <TaskName id={name} />} />
      <Table
        title={t('Endpoint')}
        rows={ledgerBy(ledger, 'endpoint')}
        name={({ name }) => <>{name === 'unknown' ? t('unknown') : name}</>}
      />
      {sum.cutOffTokens > 0 && <p class="dim small">{cutOffText(sum)}</p>}
    </Section>
  );
}

type Row = LedgerSum & { readonly name: string };

const TaskName = ({ id }: { id: string }): VNode => <>{useTaskTitle(id)}</>;

function Table({
  title,
  rows,
  name,
}: {
  title: string;
  rows: readonly Row[];
  name: (row: Row) => VNode;
}): VNode | null {
  if (rows.length === 0) return null;
  return (
    <table class="totals costs">
      <thead>
        <tr>
          <th scope="col">{title}</th>
          <th scope="col">{t('calls')}</th>
          <th scope="col">{t('tokens')}</th>
          <th scope="col">{t('cost')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name} data-name={row.name}>
            <th scope="row">{name(row)}</th>
            <td data-tone="none">{row.calls}</td>
            <td data-tone="none">{tokens(tokensOf(row))}</td>
            <td data-tone="none">{cost(row.costUsd)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
