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

/** Those that hold a conversation, as far as their names tell. */
export const chatModels = (models: readonly string[]): readonly string[] =>
  models.filter((model) => !NO_CHAT.test(model));

/** The model to take where nobody chose one; `undefined` where none is known. */
export function chooseModel(models: readonly string[]): string | undefined {
  const able = chatModels(models);
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

/** A model that the editor offers. */
export interface EditorModel {
  readonly vendor: string;
  readonly id: string;
  readonly family: string;
  readonly name: string;
  /** Longest request it takes, in tokens. */
  readonly maxInputTokens: number;
  /** Absent where the editor does not say. */
  readonly callsTools?: boolean;
}

/** Vendor, and id or family, in the `model` of an endpoint of kind `editor`: `copilot/gpt-4.1`. Ids may hold slashes. */
export function editorModelOf(model: string): { readonly vendor: string; readonly name: string } {
  const at = model.indexOf('/');
  return { vendor: at < 0 ? model : model.slice(0, at), name: at < 0 ? '' : model.slice(at + 1) };
}

/** The endpoint of a model of the editor. */
export function editorEndpoint({ vendor, id, name, maxInputTokens }: EditorModel): Endpoint {
  return {
    id: `editor/${vendor}/${id}`.replace(/[^A-Za-z0-9._/:@-]+/g, '-').slice(0, 100),
    kind: 'editor',
    label: `${name} (${vendor})`.slice(0, 200),
    model: `${vendor}/${id}`,
    contextTokens: windowOf(maxInputTokens),
  };
}

/** The one to take of the editor's models where nobody chose: one that is known to call no tools is never taken. */
export function chooseEditorModel(models: readonly EditorModel[]): EditorModel | undefined {
  const able = models.filter(({ callsTools }) => callsTools !== false);
  const chosen = chooseModel(able.flatMap(({ family, id }) => [family, id]));
  return able.find(({ family, id }) => family === chosen || id === chosen);
}

/** The same endpoint, with no larger window than the editor takes. */
export function withEditorWindow(endpoint: Endpoint, models: readonly EditorModel[]): Endpoint {
  if (endpoint.kind !== 'editor') return endpoint;
  const { vendor, name } = editorModelOf(endpoint.model);
  const own = models.filter((model) => model.vendor === vendor);
  const found = own.find(({ id }) => id === name) ?? own.find(({ family }) => family === name);
  if (found === undefined) return endpoint;
  return {
    ...endpoint,
    contextTokens: Math.min(endpoint.contextTokens, windowOf(found.maxInputTokens)),
  };
}

/** Providers that do not know say 0. */
const windowOf = (tokens: number): number =>
  Number.isFinite(tokens) && tokens >= 1 ? Math.floor(tokens) : 128_000;
