/** What a model call cost, as the journal records it. */
import type { Spent } from '../../protocol/events.ts';
import type { Endpoint } from '../../protocol/settings.ts';
import type { ModelReply, Try, Usage } from '../models/contract.ts';
import { CallFailure, triesOf } from '../models/failure.ts';
import { costOfTries } from '../models/prices.ts';

/** Cost of all tries of a reply. */
export function spentOf(
  reply: Pick<ModelReply, 'tries' | 'endpoint'>,
  endpoints: readonly Endpoint[],
): Spent {
  return { ...sum(reply.tries, endpoints), endpoint: reply.endpoint };
}

/** Cost of the tries of a call that failed in the end, and the endpoint that failed last. */
export function spentOnFailure(error: unknown, endpoints: readonly Endpoint[]): Spent | undefined {
  if (!(error instanceof CallFailure)) return undefined;
  const tries = triesOf(error);
  const last = tries.at(-1)?.endpoint;
  return { ...sum(tries, endpoints), ...(last !== undefined && { endpoint: last }) };
}

function sum(tries: readonly Try[], endpoints: readonly Endpoint[]): Spent {
  const ids = [...new Set(tries.map((each) => each.endpoint))];
  const at = (id: string): readonly Try[] => tries.filter((each) => each.endpoint === id);
  const parts = ids.map((endpoint) => ({ endpoint, ...plain(amount(at(endpoint), endpoints)) }));
  return { ...amount(tries, endpoints), ...(parts.length > 1 && { parts }) };
}

function amount(tries: readonly Try[], endpoints: readonly Endpoint[]) {
  const usages = tries.flatMap((each): readonly Usage[] => (each.usage ? [each.usage] : []));
  const total = (pick: (usage: Usage) => number): number => usages.reduce((so, usage) => so + pick(usage), 0);
  return {
    inputTokens: total((usage) => usage.inputTokens),
    outputTokens: total((usage) => usage.outputTokens),
    cachedTokens: total((usage) => usage.cachedTokens ?? 0),
    costUsd: costOfTries(endpoints, tries),
    calls: tries.length,
  };
}

const plain = ({ cachedTokens: _cached, ...rest }: ReturnType<typeof amount>) => rest;

/** What views show of a reply that is too long for a line. */
export function replyBrief(reply: Pick<ModelReply, 'content'>): string {
  return reply.content.slice(0, 4000);
}
