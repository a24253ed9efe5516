/** What calls cost, and what they can cost at most. Unknown stays unknown: null, never zero. */
import type { Endpoint } from '../../protocol/settings.ts';
import type { ChatMessage, ModelRequest, Try, Usage } from './contract.ts';
import { IMAGE_TOKENS_MAX, imagesIn } from './images.ts';
import { bytesOf } from './tokens.ts';

const MILLION = 1_000_000;

/** Bytes that wrap one message or tool on the wire, generously: keys, quotes and braces. */
const WRAPPING_BYTES = 100;

type Prices = Pick<Endpoint, 'inputUsdPerMillion' | 'outputUsdPerMillion'>;
type Tokens = Pick<Usage, 'inputTokens' | 'outputTokens'>;

/** US dollars for a usage at an endpoint; null where its price is unknown. Cached tokens count in full: an upper bound. */
export function costUsd(endpoint: Prices, usage: Tokens): number | null {
  const { inputUsdPerMillion: input, outputUsdPerMillion: output } = endpoint;
  if (input === undefined || output === undefined) return null;
  return (usage.inputTokens * input + usage.outputTokens * output) / MILLION;
}

/** US dollars owed for all tries of a call; null as soon as one that used tokens has no known price. */
export function costOfTries(endpoints: readonly Endpoint[], tries: readonly Try[]): number | null {
  let sum = 0;
  for (const { endpoint: id, usage } of tries) {
    if (usage === undefined) continue;
    const endpoint = endpoints.find((each) => each.id === id);
    const cost = endpoint === undefined ? null : costUsd(endpoint, usage);
    if (cost === null) return null;
    sum += cost;
  }
  return sum;
}

/** The most that one try can use: every byte of the input counted as a token, and the output limit that is sent. Images count as what the dearest model takes for them. */
export function worstCase(request: Pick<ModelRequest, 'messages' | 'tools' | 'outputTokensMax'>): Tokens {
  const wire = JSON.stringify([request.messages.map(withoutBytes), request.tools]);
  const parts = request.messages.length + request.tools.length;
  return {
    inputTokens: bytesOf(wire) + parts * WRAPPING_BYTES + imagesIn(request) * IMAGE_TOKENS_MAX,
    outputTokens: request.outputTokensMax,
  };
}

/** A message without the bytes of its images, which are no text to the model. */
const withoutBytes = (message: ChatMessage): ChatMessage =>
  message.role === 'user' && message.images !== undefined
    ? { ...message, images: message.images.map(({ base64: _bytes, ...image }) => image) }
    : message;

/** What to hold in the budget for a call: the worst case at its dearest endpoint; null where any price is unknown. */
export function reservation(
  request: Pick<ModelRequest, 'messages' | 'tools' | 'outputTokensMax' | 'endpoints'>,
): {
  readonly tokens: number;
  readonly costUsd: number | null;
} {
  const worst = worstCase(request);
  const costs = request.endpoints.map((endpoint) => costUsd(endpoint, worst));
  const known = costs.filter((cost) => cost !== null);
  return {
    tokens: worst.inputTokens + worst.outputTokens,
    costUsd: known.length === costs.length ? Math.max(0, ...known) : null,
  };
}

/** Whether one more try at an endpoint fits into what was held for the call, beside what `tries` are owed. */
export function hasRoom(
  request: Pick<ModelRequest, 'messages' | 'tools' | 'outputTokensMax' | 'endpoints' | 'allowance'>,
  endpoint: Endpoint,
  tries: readonly Try[],
): boolean {
  const { allowance, endpoints } = request;
  if (allowance === undefined) return true;
  const worst = worstCase(request);
  const owed = tries.reduce(
    (sum, { usage }) => sum + (usage ? usage.inputTokens + usage.outputTokens : 0),
    0,
  );
  if (owed + worst.inputTokens + worst.outputTokens > allowance.tokens) return false;
  if (allowance.costUsd === null) return true;
  const [cost, owedUsd] = [costUsd(endpoint, worst), costOfTries([...endpoints, endpoint], tries)];
  return cost !== null && owedUsd !== null && owedUsd + cost <= allowance.costUsd;
}
