/** Who answers: the contract between agents and whatever speaks for a model. */
import type { ImageRef } from '../../protocol/images.ts';
import type { Match } from '../../protocol/registry.ts';
import type { Endpoint, TextClass } from '../../protocol/settings.ts';

export type ChatMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: string; readonly images?: readonly ChatImage[] }
  | {
      readonly role: 'assistant';
      readonly content: string;
      readonly toolCalls: readonly ToolCall[];
      readonly reasoning?: string;
      readonly kept?: Kept;
    }
  | { readonly role: 'tool'; readonly callId: string; readonly content: string };

/** An image shown with a message. Its bytes are there only while a request is sent. */
export interface ChatImage extends ImageRef {
  readonly base64?: string;
}

/** What an endpoint wants back, word for word, with a former turn: reasoning that only it can read. Nobody else gets it. */
export interface Kept {
  /** Id of the endpoint, and the model that was asked: to any other it means nothing. */
  readonly endpoint: string;
  readonly model: string;
  readonly api: 'chat' | 'responses';
  readonly items: readonly unknown[];
}

/** A tool call as the model wrote it: `arguments` is unchecked JSON text. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** A tool as offered to a model. `parameters` is JSON Schema. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  /** Role, task and turn of the asker: for routing, scripts and logs; never sent. */
  readonly role: string;
  readonly task?: string;
  /** 1-based. A fresh agent on a fresh working copy. */
  readonly attempt: number;
  /** 1-based; absent where one alone works on the task. */
  readonly candidate?: number;
  /** 1-based within the attempt, over all rounds. */
  readonly turn: number;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolSpec[];
  /** Output limit that is sent. */
  readonly outputTokensMax: number;
  /** Absent: the model's own. */
  readonly temperature?: number;
  /** In order of preference: the first that is able answers. */
  /** How far what it says may travel; absent: as far as the project's own text. */
  readonly textClass?: TextClass;
  readonly endpoints: readonly Endpoint[];
  /** Ids of endpoints that are equal: whichever is best placed at the moment answers. */
  readonly equals?: readonly (readonly string[])[];
  /** What all tries together may take; absent: no limit. A first try always fits. */
  readonly allowance?: { readonly tokens: number; readonly costUsd: number | null };
}

/** Token counts as the endpoint reported them, or estimated where it did not. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of the input that was cheaper because the endpoint had it. */
  readonly cachedTokens?: number;
  /** Part of the output that nobody sees. */
  readonly reasoningTokens?: number;
  readonly estimated: boolean;
}

/** One HTTP try, failed or not: what it cost is owed either way. */
export interface Try {
  readonly endpoint: string;
  readonly ok: boolean;
  readonly code?: string;
  readonly usage?: Usage;
}

export interface ModelReply {
  readonly content: string;
  readonly reasoning?: string;
  readonly kept?: Kept;
  readonly toolCalls: readonly ToolCall[];
  /** Why the images of the request were not shown to the model. */
  readonly unseen?: string;
  readonly finish: 'stop' | 'tool_calls' | 'length' | 'content_filter';
  readonly usage: Usage;
  readonly endpoint: string;
  /** Model name as reported by the endpoint. */
  readonly model: string;
  readonly tries: readonly Try[];
  /** Who was asked, why, and how the endpoints of the request did; absent where nothing is known of any. */
  readonly match?: Match;
}

export interface ModelContext {
  readonly signal: AbortSignal;
  /** Live text; may be called often, never after the reply. */
  readonly onText: (delta: string) => void;
  /** It is alive though nothing comes: it waits for its turn at an endpoint. Absent: nobody watches. */
  readonly onWait?: (() => void) | undefined;
}

/**
 * Errors are `PortError`: `endpoint.unreachable`, `endpoint.auth`, `endpoint.missing` (no such model), `endpoint.rateLimited`,
 * `endpoint.timeout`, `endpoint.badReply`, `endpoint.context` (window exceeded), `endpoint.failed`.
 * All tries and fallbacks are over when it rejects; abort rejects with the signal's reason.
 */
export interface Models {
  complete(request: ModelRequest, context: ModelContext): Promise<ModelReply>;
}
