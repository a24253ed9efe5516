/** Places where models are usually found. All speak the Chat Completions protocol. */

export interface Preset {
  readonly label: string;
  readonly baseUrl: string;
  /** A server of this machine asks for no key. */
  readonly isLocal: boolean;
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
  { label: 'DeepSeek', baseUrl: 'https://api.deepseek.com/v1', isLocal: false },
  { label: 'Groq', baseUrl: 'https://api.groq.com/openai/v1', isLocal: false },
  { label: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1', isLocal: true },
  { label: 'LM Studio', baseUrl: 'http://127.0.0.1:1234/v1', isLocal: true },
  { label: 'llama.cpp', baseUrl: 'http://127.0.0.1:8080/v1', isLocal: true },
  { label: 'vLLM', baseUrl: 'http://127.0.0.1:8000/v1', isLocal: true },
];

/** What is wrong with an address; `undefined` where nothing is. */
export function baseUrlProblem(text: string): string | undefined {
  const url = URL.parse(text.trim());
  if (url === null) return 'This is not an address. It looks like https://host/v1.';
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return 'The address starts with https:// or http://.';
  if (url.username !== '' || url.password !== '')
    return 'The key is asked for in the next step; it is no part of the address.';
  return undefined;
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
