/** Which of the models that were found without being configured serves the team. */
import type { Endpoint } from '../../protocol/settings.ts';

/** Somewhere a model may answer. Holds no key. */
export interface Candidate {
  readonly source: 'environment' | 'local';
  readonly label: string;
  readonly baseUrl: string;
  /** Names it says it has; may be empty where it does not say. */
  readonly models: readonly string[];
  /** Why it could not be asked. */
  readonly problem?: string;
}

/** The endpoint whose key is that of the environment. */
export const ENVIRONMENT_ENDPOINT = 'environment';

/** Models that do not hold a conversation. */
const NO_CHAT =
  /embed|whisper|tts|audio|realtime|dall-e|image|moderation|rerank|transcribe|sora|davinci|babbage|bge-/i;
/** Best first: general models that call tools well, then models made for code; a plain name before a dated or small one. */
const PREFERRED = [/^gpt-5[.0-9]*$/i, /^gpt-4\.1$/i, /^gpt-4o$/i, /coder/i, /code|instruct/i];

/** The model to take where nobody chose one; `undefined` where none is known. */
export function chooseModel(models: readonly string[]): string | undefined {
  const able = models.filter((model) => !NO_CHAT.test(model));
  for (const pattern of PREFERRED) {
    const found = able.filter((model) => pattern.test(model)).sort();
    if (found.length > 0) return found.at(-1);
  }
  return able[0];
}

/** The endpoint for a candidate; `undefined` where its model is not known. `model` is what the person named, if they did. */
export function endpointOf(candidate: Candidate, model: string | undefined): Endpoint | undefined {
  const chosen = model ?? chooseModel(candidate.models);
  if (chosen === undefined) return undefined;
  const id = candidate.source === 'environment' ? ENVIRONMENT_ENDPOINT : candidate.label;
  return {
    id,
    kind: 'openai',
    label: `${chosen} (${candidate.label})`.slice(0, 200),
    baseUrl: candidate.baseUrl,
    model: chosen,
    contextTokens: 128_000,
  };
}
