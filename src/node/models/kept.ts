/** What an endpoint gave with a former turn and wants back: kept with the turn, and sent to that endpoint and model alone. */
import type { ChatMessage, Kept } from '../../core/models/contract.ts';
import type { Endpoint } from '../../protocol/settings.ts';
import type { Api } from './habits.ts';

type Assistant = Extract<ChatMessage, { readonly role: 'assistant' }>;

/** What to send back with a turn: nothing where another endpoint, model or API gave it. */
export function keptFor(message: Assistant, endpoint: Endpoint, api: Api): readonly unknown[] {
  const { kept } = message;
  const isOurs =
    kept !== undefined && kept.api === api && kept.endpoint === endpoint.id && kept.model === endpoint.model;
  return isOurs ? kept.items : [];
}

/** What to keep of a reply; nothing where there is nothing. */
export function keepOf(endpoint: Endpoint, api: Api, items: readonly unknown[]): { readonly kept?: Kept } {
  return items.length === 0 ? {} : { kept: { endpoint: endpoint.id, model: endpoint.model, api, items } };
}
