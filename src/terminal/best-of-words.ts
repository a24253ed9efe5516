/** Several coders for a task, as it is typed. */
import { BestOf, type Variant } from '../protocol/candidates.ts';
import { CANDIDATES_MAX } from '../protocol/candidates-max.ts';
import { numberOf } from './limits.ts';
import { UsageError } from './usage-error.ts';

export const BEST_OF_OPTIONS = {
  'best-of': { type: 'string' },
  variant: { type: 'string', multiple: true },
  choose: { type: 'boolean' },
} as const;

interface BestOfWords {
  readonly 'best-of'?: string | undefined;
  readonly variant?: readonly string[] | undefined;
  readonly choose?: boolean | undefined;
}

/** Absent where nothing of it was typed. Errors: `UsageError`. */
export function bestOfOf({ 'best-of': count, variant = [], choose }: BestOfWords): BestOf | undefined {
  if (count === undefined && variant.length === 0 && choose === undefined) return undefined;
  const bestOf = BestOf.safeParse({
    candidates: numberOf('--best-of', count, { whole: true }),
    variants: variant.map(variantOf),
    ...(choose === true && { choose: 'ask' }),
  });
  if (bestOf.success) return bestOf.data;
  throw new UsageError(
    `--best-of and --variant take at most ${CANDIDATES_MAX}, and temperatures from 0 to 2.`,
  );
}

/** `endpoint`, `endpoint:temperature` or `:temperature`. */
function variantOf(text: string): Variant {
  const [, endpoint = '', temperature] = /^([^:]*)(?::([\d.]+))?$/u.exec(text) ?? [];
  if (endpoint === '' && temperature === undefined)
    throw new UsageError(`--variant takes ENDPOINT, ENDPOINT:TEMPERATURE or :TEMPERATURE, not "${text}".`);
  return {
    ...(endpoint !== '' && { endpoint }),
    ...(temperature !== undefined && { temperature: Number(temperature) }),
  };
}
