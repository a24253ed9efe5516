/** How much of a budget is used. */
import type { LedgerSum } from '../../../src/protocol/ledger.ts';
import { t } from '../texts.ts';
import { tokens } from './format.ts';

/** Share of a limit from which on its end comes near. */
export const NEAR = 0.8;

/** 1 is all of it; undefined where there is no limit. */
export const shareOf = (used: number, limit: number | undefined): number | undefined =>
  limit === undefined ? undefined : used / limit;

/** Nobody knows what a call took that was cut off: a sum with one is the most that it can be. */
export const atMost = ({ cutOffTokens }: LedgerSum, text: string): string =>
  cutOffTokens === 0 ? text : t('up to {0}', text);

/** Why a sum may be more than what was used. */
export const cutOffText = ({ cutOffTokens }: LedgerSum): string =>
  t('{0} tokens of it were held for calls that were cut off: they count in full.', tokens(cutOffTokens));
