/** Whether an endpoint kept to the output limit that it was sent. Where it did not, no budget holds with it. */
import type { ModelReply } from './contract.ts';

/** Times the limit from which on an estimated count is believed: it is made from characters. */
const ESTIMATE_TIMES = 2;

/** What a person is told of a breach; undefined where there is none. */
export function breachOf(
  { usage, endpoint, model }: Pick<ModelReply, 'usage' | 'endpoint' | 'model'>,
  outputTokensMax: number,
): string | undefined {
  const tolerated = usage.estimated ? outputTokensMax * ESTIMATE_TIMES : outputTokensMax;
  if (usage.outputTokens <= tolerated) return undefined;
  const count = usage.estimated ? `about ${usage.outputTokens}` : String(usage.outputTokens);
  return `${endpoint} (${model}) wrote ${count} tokens although its output limit was ${outputTokensMax}. No budget holds with an endpoint that does not keep to its limit, so the run was stopped. Choose another model for this role, or resume to go on with this one.`;
}
