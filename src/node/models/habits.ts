/** The habits of endpoints that want a request otherwise: guessed at first, then learnt from what they refuse. */
import type { Endpoint } from '../../protocol/settings.ts';
import { isAzure } from './endpoint-fetch.ts';

export type Api = 'chat' | 'responses';

/** What an endpoint turned out to want. Remembered while the process lives. */
export interface Habits {
  readonly api: Api;
  /** The API that may still be tried where this one is refused. */
  readonly otherApi: Api | undefined;
  readonly stream: boolean;
  readonly streamOptions: boolean;
  readonly limitName: 'max_tokens' | 'max_completion_tokens';
  /** Whether a temperature may be sent; models that reason often refuse any. */
  readonly temperature: boolean;
  /** Whether it wants the reasoning of former turns back as text (DeepSeek does while it thinks between tools). */
  readonly reasoningBack: boolean;
  /** Whether it may be asked for reasoning in encrypted form; models that do not reason refuse to be asked. */
  readonly encrypted: boolean;
  /** Whether what it gave with former turns goes back to it. */
  readonly keptBack: boolean;
  /** Whether it wants a signature with calls that another model made (Gemini). */
  readonly signed: boolean;
  /** How tools are offered: as the API does, or described in the text. */
  readonly tools: 'native' | 'text';
  /** Whether tools may be offered as text where the API's way is refused. */
  readonly textAllowed: boolean;
  /** Whether images are shown; text says why not. */
  readonly blind: string | undefined;
  /** Whether it may turn out not to see. */
  readonly mayBeBlind: boolean;
}

/** What of a refusal tells a habit. */
export interface Complaint {
  readonly status: number;
  /** The server's words. */
  readonly text: string;
  /** Whether images were sent. */
  readonly withImages: boolean;
  readonly withTemperature: boolean;
}

/** OpenAI's newer models refuse `max_tokens`; most other servers know only that, and some ignore the other silently. */
export function habitsAtFirst(endpoint: Endpoint, baseUrl: URL): Habits {
  const isOpenAi = baseUrl.hostname === 'api.openai.com';
  const wanted = endpoint.api ?? 'auto';
  const api = wanted === 'auto' ? (hasResponses(baseUrl) ? 'responses' : 'chat') : wanted;
  return {
    api,
    otherApi: wanted === 'auto' ? (api === 'chat' ? 'responses' : 'chat') : undefined,
    stream: true,
    streamOptions: true,
    limitName: isOpenAi || isAzure(baseUrl) ? 'max_completion_tokens' : 'max_tokens',
    temperature: true,
    reasoningBack: false,
    encrypted: true,
    keptBack: true,
    signed: false,
    tools: endpoint.tools === 'text' ? 'text' : 'native',
    textAllowed: endpoint.tools !== 'native',
    blind: endpoint.vision === false ? 'its settings say that it does not see' : undefined,
    mayBeBlind: endpoint.vision === undefined,
  };
}

/** OpenAI, and Azure where the address is of its newer kind: a deployment in the path knows Chat Completions alone. */
const hasResponses = (url: URL): boolean =>
  /(^|\.)api\.openai\.com$/.test(url.hostname) || (isAzure(url) && /\/openai\/v1\/?$/.test(url.pathname));

/** Habits that avoid what a refusal complains about; `undefined` where it complains about something else. */
export function adapted(habits: Habits, complaint: Complaint): Habits | undefined {
  const { status, text: said, withImages, withTemperature } = complaint;
  const text = said.toLowerCase();
  if (withImages && habits.mayBeBlind && habits.blind === undefined && refusesImages(status, text)) {
    return { ...habits, blind: `the endpoint refuses them (${said.trim().slice(0, 200)})` };
  }
  if (habits.tools === 'native' && habits.textAllowed && refusesTools(status, text)) {
    return { ...habits, tools: 'text' };
  }
  const reasoning = habits.api === 'responses' ? withoutReasoning(habits, text) : undefined;
  if (reasoning !== undefined) return reasoning;
  if (habits.otherApi !== undefined && refusesApi(habits.api, status, text)) {
    return { ...habits, api: habits.otherApi, otherApi: undefined };
  }
  if (status !== 400 && status !== 422) return undefined;
  if (withTemperature && habits.temperature && /\btemperature\b/.test(text))
    return { ...habits, temperature: false };
  return inAnotherForm(habits, text);
}

/** Encrypted reasoning that a model does not make, or that the server cannot read any more. */
function withoutReasoning(habits: Habits, text: string): Habits | undefined {
  if (
    habits.keptBack &&
    /invalid_encrypted_content|encrypted content .*(verified|decrypted)|item .*(rs_|not persisted)/.test(text)
  )
    return { ...habits, keptBack: false };
  const isAbout = /encrypted[_ ]content/.test(text) || (/\binclude\b/.test(text) && isUnsupported(text));
  return habits.encrypted && isAbout ? { ...habits, encrypted: false } : undefined;
}

/** How servers say that a model cannot call tools: Ollama, OpenRouter, Groq, vLLM without a parser, llama.cpp without templates. */
const NO_TOOLS = [
  /(does not|doesn't|do not|cannot|can't) (support|use|call) (the )?(tools?|functions?)\b/,
  /\b(tools?|tool use|tool calling|tool_choice|function calling|functions?)\b.{0,40}(not supported|unsupported|not available|not enabled|isn't supported)/,
  /(unsupported|unrecognized|unknown|not permitted).{0,40}\btools\b/,
  /support tool use/,
  /enable-auto-tool-choice/,
  /tools param requires|requires --jinja/,
];

const refusesTools = (status: number, text: string): boolean =>
  [400, 404, 405, 422, 500, 501].includes(status) && NO_TOOLS.some((sign) => sign.test(text));

/**
 * How servers say that a model does not see, or not this image. Some only say that the content is of the wrong type, so that this is
 * looked at only where images were sent.
 */
const NO_IMAGES =
  /image|vision|multi-?modal|mmproj|(content|input).{0,60}(must be|should be|expected|valid) ?(a |an )?(valid )?string|expected.{0,20}(`?text`?|string)/;

const refusesImages = (status: number, text: string): boolean =>
  [400, 404, 413, 415, 422, 500, 501].includes(status) && NO_IMAGES.test(text);

/** A model that is not there is no question of the API. */
const NO_MODEL = /(model|deployment)\b.*(does not exist|not found)|model_not_found|deploymentnotfound/;

/** Whether a refusal is one of the API itself. `text` in small letters. */
export function refusesApi(api: Api, status: number, text: string): boolean {
  if (api === 'chat')
    return /only (supported|available) in v1\/responses|use (the )?(v1\/)?responses/.test(text);
  if ([404, 405, 501].includes(status)) return !NO_MODEL.test(text);
  return [400, 403, 422, 500].includes(status) && /responses/.test(text) && isUnsupported(text);
}

function inAnotherForm(habits: Habits, text: string): Habits | undefined {
  if (habits.streamOptions && /stream_options|include_usage/.test(text)) {
    return { ...habits, streamOptions: false };
  }
  if (habits.api === 'chat' && /max_tokens|max_completion_tokens/.test(text) && isUnsupported(text)) {
    const limitName = habits.limitName === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
    return { ...habits, limitName };
  }
  if (!habits.signed && /thought_?signature/.test(text)) return { ...habits, signed: true };
  if (!habits.reasoningBack && /reasoning_content/.test(text)) return { ...habits, reasoningBack: true };
  if (habits.stream && /\bstream(ing)?\b/.test(text) && isUnsupported(text)) {
    return { ...habits, stream: false, streamOptions: false };
  }
  return undefined;
}

/** A limit that is too high is no question of its name. */
const isUnsupported = (text: string): boolean =>
  /unsupported|not supported|does not support|unrecognized|unknown|unexpected|not permitted|extra (inputs|fields)|verified to stream/.test(
    text,
  );
