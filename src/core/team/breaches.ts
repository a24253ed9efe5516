/** What an agent does about an endpoint that did not keep to its output limit. */
import { breachOf } from '../models/breach.ts';
import type { ModelReply } from '../models/contract.ts';
import type { Life } from './life.ts';

/** The code of a call whose endpoint did not keep to its output limit. */
export const BREACH = 'endpoint.breach';

/** Records a breach; the words to stop the run with, unless the person has gone on with it before: then it is forgiven. */
export function breachIn(
  life: Life,
  key: string,
  reply: ModelReply,
  outputTokensMax: number,
): string | undefined {
  const breach = breachOf(reply, outputTokensMax);
  if (breach === undefined) return undefined;
  const isForgiven = life.world.purse.isSaid('alert.raised', `breach/${key}`);
  sayBreach(life, key, breach);
  return isForgiven ? undefined : breach;
}

export function sayBreach({ use, spec }: Life, key: string, message: string): void {
  const data = { code: BREACH, message, who: spec.who };
  use.steps.record({ type: 'alert.raised', key: `breach/${key}`, data });
}
