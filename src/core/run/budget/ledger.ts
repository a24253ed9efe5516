/**
 * Who spent what, where: a fold of the journal (I4). Failed tries count. A call that was cut off by a crash or a stop counts with all
 * that was held for it, since nobody knows what it cost. What came with a fork was paid for by another run.
 */
import type { Actor, JournalLine, Spent } from '../../../protocol/events.ts';
import type { LedgerRow } from '../../../protocol/view.ts';

export interface Ledger {
  apply(line: JournalLine): void;
  rows(): readonly LedgerRow[];
  /** Who asked for each model reply, by the key of its step. */
  askers(): ReadonlyMap<string, Actor>;
}

interface Open {
  readonly who: Actor;
  readonly reserved: { readonly tokens: number; readonly costUsd: number | null } | undefined;
}

type Amount = Pick<LedgerRow, 'inputTokens' | 'outputTokens' | 'calls' | 'costUsd'>;

export function createLedger(): Ledger {
  const rows = new Map<string, LedgerRow>();
  const open = new Map<string, Open>();
  const askers = new Map<string, Actor>();
  let inheritedTo = 0;

  const add = (who: Actor, place: { endpoint: string; cutOff: boolean }, more: Amount): void => {
    const id = JSON.stringify([who.agent ?? who.role, place.endpoint, place.cutOff]);
    rows.set(id, plus(rows.get(id) ?? emptyRow(who, place), more));
  };
  const cutOff = (key: string): void => {
    const call = open.get(key);
    open.delete(key);
    if (call?.reserved === undefined) return;
    const { tokens, costUsd } = call.reserved;
    const more = { inputTokens: tokens, outputTokens: 0, calls: 1, costUsd };
    add(call.who, { endpoint: '', cutOff: true }, more);
  };
  const cutOffAll = (): void => {
    for (const key of [...open.keys()]) cutOff(key);
  };

  return {
    apply(line) {
      if (line.type === 'run.started') inheritedTo = line.data.forked?.seq ?? 0;
      // A line that is not written yet has no place: it is this run's own.
      if (line.seq > 0 && line.seq <= inheritedTo) return;
      const key = line.key ?? '';
      if (line.type === 'run.paused' || line.type === 'run.resumed') cutOffAll();
      if (line.type === 'step.started') {
        cutOff(key);
        const who = line.data.who ?? { role: 'host' };
        open.set(key, { who, reserved: line.data.reserved });
        if (line.data.kind === 'model') askers.set(key, who);
      }
      if (line.type !== 'step.finished' && line.type !== 'step.failed') return;
      const who = open.get(key)?.who ?? { role: 'host' };
      open.delete(key);
      for (const part of partsOf(line.data.spent)) add(who, { endpoint: part.endpoint, cutOff: false }, part);
    },
    rows: () => [...rows.values()],
    askers: () => askers,
  };
}

/** The ledger of some lines. */
export function ledgerOf(lines: readonly JournalLine[]): Ledger {
  const ledger = createLedger();
  for (const line of lines) ledger.apply(line);
  return ledger;
}

function partsOf(spent: Spent | undefined): readonly (Amount & { readonly endpoint: string })[] {
  if (!spent) return [];
  return spent.parts ?? [{ ...spent, endpoint: spent.endpoint ?? '' }];
}

function emptyRow(who: Actor, place: { endpoint: string; cutOff: boolean }): LedgerRow {
  return {
    role: who.role,
    agent: who.agent ?? who.role,
    ...(who.task !== undefined && { task: who.task }),
    ...place,
    inputTokens: 0,
    outputTokens: 0,
    calls: 0,
    costUsd: 0,
  };
}

function plus(row: LedgerRow, more: Amount): LedgerRow {
  return {
    ...row,
    inputTokens: row.inputTokens + more.inputTokens,
    outputTokens: row.outputTokens + more.outputTokens,
    calls: row.calls + more.calls,
    costUsd: row.costUsd === null || more.costUsd === null ? null : row.costUsd + more.costUsd,
  };
}
