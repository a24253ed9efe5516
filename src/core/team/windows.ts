/**
 * How much each endpoint takes in, as far as a run knows: what the settings say, what an endpoint said when it refused, and what it
 * reports to have read. A fold of what the story has seen, shared by the agents of a run, so a replay goes the same way.
 */
import type { Endpoint } from '../../protocol/settings.ts';
import type { Usage } from '../models/contract.ts';

export interface Windows {
  /** Tokens that input and output may have together. */
  of(endpoint: Endpoint): number;
  /** Tokens of so many estimated ones, by what the endpoint reported before. */
  tokens(endpoint: Endpoint, estimated: number): number;
  /**
   * Takes in what an endpoint says it read of a request. True where it read far less than was sent: it cuts what is too long for it
   * and says nothing. What it read is its window from then on.
   */
  heard(endpoint: Endpoint, estimated: number, usage: Usage): boolean;
  /** Takes in a refusal for length. */
  refused(
    endpoint: Endpoint,
    request: { readonly estimated: number; readonly output: number },
    said: string,
  ): void;
}

/** Smallest window that anything is tried with, in tokens. */
const WINDOW_MIN = 1024;

/** Bounds of what a report may make of an estimate: a tokenizer is neither three times as fine nor half as coarse. */
const RATIO_MIN = 0.5;
const RATIO_MAX = 3;
/** A refusal although the request seemed to fit: it has this many times more tokens than thought. */
const COARSER = 1.25;
/** What is left of the window where a refusal tells no number. */
const SMALLER = 0.6;

/** Shares of what was sent below which a report means that the rest was cut: with and without an earlier report to compare. */
const READ_MIN = 0.7;
const READ_MIN_AT_FIRST = 0.5;
/** Fewer tokens than this are no sign of anything. */
const MISSING_MIN = 800;

export function createWindows(): Windows {
  const learned = new Map<string, number>();
  const ratios = new Map<string, number>();
  const windowOf = (endpoint: Endpoint): number =>
    Math.min(endpoint.contextTokens, learned.get(endpoint.id) ?? Infinity);
  const learn = ({ id }: Endpoint, tokens: number): void => {
    learned.set(id, Math.max(WINDOW_MIN, Math.floor(tokens)));
  };
  const tokensOf = ({ id }: Endpoint, estimated: number): number =>
    Math.ceil(estimated * (ratios.get(id) ?? 1));
  return {
    of: windowOf,
    tokens: tokensOf,
    heard(endpoint, estimated, usage) {
      if (usage.estimated || estimated === 0) return false;
      const sent = tokensOf(endpoint, estimated);
      // Some servers count what they had cached apart.
      const read = usage.inputTokens + (usage.cachedTokens ?? 0);
      const least = ratios.has(endpoint.id) ? READ_MIN : READ_MIN_AT_FIRST;
      if (read < sent * least && sent - read > MISSING_MIN) {
        learn(endpoint, Math.min(windowOf(endpoint), usage.inputTokens));
        return true;
      }
      ratios.set(endpoint.id, clamped(usage.inputTokens / estimated));
      return false;
    },
    refused(endpoint, { estimated, output }, said) {
      const needed = tokensOf(endpoint, estimated) + output;
      const told = windowIn(said);
      learn(endpoint, told ?? Math.min(windowOf(endpoint), needed) * SMALLER);
      if (told !== undefined && needed <= told)
        ratios.set(endpoint.id, clamped((ratios.get(endpoint.id) ?? 1) * COARSER));
    },
  };
}

const clamped = (ratio: number): number => Math.min(RATIO_MAX, Math.max(RATIO_MIN, ratio));

const NUMBER = String.raw`(\d[\d,_]*)`;

/** How servers say how much they take: OpenAI, vLLM and OpenRouter; llama.cpp; Anthropic; Gemini; xAI; LM Studio. */
const WINDOW_SAYINGS: readonly RegExp[] = [
  new RegExp(`context (?:length|window|size)[^.\\d]{0,40}?${NUMBER}`, 'i'),
  new RegExp(`n_ctx\\D{0,6}${NUMBER}`, 'i'),
  new RegExp(`tokens? > ${NUMBER}`, 'i'),
  new RegExp(`maximum number of tokens[^\\d]{0,20}${NUMBER}`, 'i'),
  new RegExp(`maximum (?:prompt|input) length[^\\d]{0,20}${NUMBER}`, 'i'),
  new RegExp(`limit(?:ed)?(?: is| of| to|:)? ${NUMBER} tokens`, 'i'),
];

/** The window that a refusal names, in tokens. */
export function windowIn(said: string): number | undefined {
  for (const saying of WINDOW_SAYINGS) {
    const found = Number(saying.exec(said)?.[1]?.replaceAll(/[,_]/g, ''));
    if (Number.isFinite(found) && found >= WINDOW_MIN / 4) return found;
  }
  return undefined;
}
