/** Places where models are usually found. All speak the Chat Completions protocol. */
import type { Words } from '../../protocol/words.ts';

export interface Preset {
  readonly label: string;
  /** Up to and including the version; of Azure with `RESOURCE` in place of the resource's name. */
  readonly baseUrl: string;
  /** A server of this machine asks for no key. */
  readonly isLocal: boolean;
  /** Its models are deployments of a resource, both named by the person. */
  readonly isAzure?: boolean;
}

export const PRESETS: readonly Preset[] = [
  { label: 'OpenAI', baseUrl: 'https://api.openai.com/v1', isLocal: false },
  { label: 'OpenRouter', baseUrl: 'https://openrouter.ai/api/v1', isLocal: false },
  { label: 'Anthropic', baseUrl: 'https://api.anthropic.com/v1', isLocal: false },
  {
    label: 'Google Gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    isLocal: false,
  },
  { label: 'Mistral', baseUrl: 'https://api.mistral.ai/v1', isLocal: false },
  { label: 'DeepSeek', baseUrl: 'https://api.deepseek.com', isLocal: false },
  { label: 'Groq', baseUrl: 'https://api.groq.com/openai/v1', isLocal: false },
  {
    label: 'Azure OpenAI',
    baseUrl: 'https://RESOURCE.openai.azure.com/openai/v1',
    isLocal: false,
    isAzure: true,
  },
  { label: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1', isLocal: true },
  { label: 'LM Studio', baseUrl: 'http://127.0.0.1:1234/v1', isLocal: true },
  { label: 'llama.cpp', baseUrl: 'http://127.0.0.1:8080/v1', isLocal: true },
  { label: 'vLLM', baseUrl: 'http://127.0.0.1:8000/v1', isLocal: true },
];

/** What is wrong with an address; `undefined` where nothing is. */
export function baseUrlProblem(text: string, t: Words): string | undefined {
  const url = URL.parse(text.trim());
  if (url === null) return t('This is not an address. It looks like https://host/v1.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return t('The address starts with https:// or http://.');
  if (url.username !== '' || url.password !== '')
    return t('The key is asked for in the next step; it is no part of the address.');
  return undefined;
}

const AZURE_HOST = /\.(openai\.azure\.com|services\.ai\.azure\.com|cognitiveservices\.azure\.com)$/;
/** The version that takes keys as every other server does, without a date in the address. */
const AZURE_PATH = '/openai/v1';

/** The base URL of an Azure resource, from its name or any address of it; `undefined` where it is neither. */
export function azureBaseUrl(text: string): string | undefined {
  const name = text.trim();
  if (/^[a-z0-9][a-z0-9-]{1,63}$/i.test(name))
    return `https://${name.toLowerCase()}.openai.azure.com${AZURE_PATH}`;
  const url = URL.parse(name);
  return url?.protocol === 'https:' && AZURE_HOST.test(url.hostname) ? url.origin + AZURE_PATH : undefined;
}

/** An id that is free, made of the server's name and the model's. */
export function endpointId(baseUrl: string, model: string, taken: ReadonlySet<string>): string {
  const plain = `${new URL(baseUrl).hostname}/${model}`.replace(/[^A-Za-z0-9._/:@-]+/g, '-').slice(0, 90);
  const wanted = /^[A-Za-z0-9]/.test(plain) ? plain : `e${plain}`;
  for (let n = 1; ; n++) {
    const id = n === 1 ? wanted : `${wanted}-${n}`;
    if (!taken.has(id)) return id;
  }
}
