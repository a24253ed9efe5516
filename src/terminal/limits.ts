/** Numbers and budgets as they are typed. */
import { Caps, type BudgetLimits } from '../protocol/settings.ts';
import { UsageError } from './usage-error.ts';

/** What of the typed options makes a budget. */
export interface BudgetWords {
  readonly 'max-cost'?: string | undefined;
  readonly 'max-tokens'?: string | undefined;
  readonly 'max-minutes'?: string | undefined;
  readonly 'max-turns'?: string | undefined;
  readonly 'max-agents'?: string | undefined;
  readonly 'max-role'?: readonly string[] | undefined;
  readonly 'degrade-to'?: string | undefined;
  readonly 'degrade-at'?: string | undefined;
}

/** Errors: `UsageError`. */
export function numberOf(
  option: string,
  text: string | undefined,
  { whole, zero = false }: { readonly whole: boolean; readonly zero?: boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  const isEnough = value > 0 || (zero && value === 0);
  if (text.trim() !== '' && Number.isFinite(value) && isEnough && (!whole || Number.isInteger(value)))
    return value;
  const least = zero ? 'from 0 on' : 'above 0';
  throw new UsageError(`${option} takes a ${whole ? 'whole ' : ''}number ${least}, not "${text}".`);
}

/** Errors: `UsageError`. */
export function budgetOf(words: BudgetWords): BudgetLimits {
  const limits: BudgetLimits = {
    costUsdMax: numberOf('--max-cost', words['max-cost'], { whole: false }),
    tokensMax: numberOf('--max-tokens', words['max-tokens'], { whole: true }),
    minutesMax: numberOf('--max-minutes', words['max-minutes'], { whole: false }),
    turnsMax: numberOf('--max-turns', words['max-turns'], { whole: true }),
    agentsMax: numberOf('--max-agents', words['max-agents'], { whole: true }),
    degradeAtPercent: percentOf(words['degrade-at']),
    degradeTo: words['degrade-to']?.split(',').map((id) => id.trim()),
    roles: rolesOf(words['max-role'] ?? []),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

function percentOf(text: string | undefined): number | undefined {
  const percent = numberOf('--degrade-at', text, { whole: false });
  if (percent === undefined || percent <= 100) return percent;
  throw new UsageError(`--degrade-at takes a number of percent up to 100, not "${String(text)}".`);
}

/** By the word that names it in `--max-role`. */
const CAPS: Readonly<Record<string, keyof Caps>> = {
  cost: 'costUsdMax',
  tokens: 'tokensMax',
  minutes: 'minutesMax',
  turns: 'turnsMax',
  agents: 'agentsMax',
};

function rolesOf(words: readonly string[]): BudgetLimits['roles'] {
  if (words.length === 0) return undefined;
  const roles: Record<string, Caps> = {};
  for (const word of words) {
    const [, role = '', name = '', text] = /^([a-z][a-z0-9-]*)\.([a-z]+)=(.+)$/.exec(word) ?? [];
    const cap = CAPS[name];
    if (cap === undefined)
      throw new UsageError(
        `--max-role takes a role, one of ${Object.keys(CAPS).join(', ')}, and a number, such as coder.cost=0.5; not "${word}".`,
      );
    const caps = {
      ...roles[role],
      [cap]: numberOf('--max-role', text, { whole: !WITH_PARTS.includes(cap) }),
    };
    roles[role] = Caps.parse(caps);
  }
  return roles;
}

const WITH_PARTS: readonly (keyof Caps)[] = ['costUsdMax', 'minutesMax'];

/** Dollars per million tokens, in and out. Errors: `UsageError`. */
export function priceOf(
  text: string | undefined,
): { readonly inputUsdPerMillion: number; readonly outputUsdPerMillion: number } | undefined {
  if (text === undefined) return undefined;
  const [input, output, ...more] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const isPrice = (value: number | undefined): value is number =>
    value !== undefined && Number.isFinite(value) && value >= 0;
  if (isPrice(input) && isPrice(output) && more.length === 0)
    return { inputUsdPerMillion: input, outputUsdPerMillion: output };
  throw new UsageError(
    `--price takes US dollars per million tokens, in and out, such as 0.25,2; not "${text}".`,
  );
}
