/** What a server with its manners refuses. */
import type { SeenRequest } from './seen.ts';
import { tooLong } from './window.ts';
import { errorBody, type Manners } from './wire.ts';

interface Refused {
  readonly status: number;
  readonly body: unknown;
}

const bad = (message: string, more = {}): Refused => ({ status: 400, body: errorBody(message, more) });

/** What a server with these manners refuses of a request. */
export function refusalOf(
  request: SeenRequest,
  manners: Manners,
  models: readonly string[] | undefined,
): Refused | undefined {
  const { body, model, stream, api } = request;
  const long = manners.window && tooLong(request, manners.window);
  if (long !== undefined) return bad(long, { code: 'context_length_exceeded' });
  if (models !== undefined && !models.includes(model)) {
    return {
      status: 404,
      body: errorBody(`The model ${model} does not exist.`, { code: 'model_not_found' }),
    };
  }
  if (manners.usage === 'refuse' && body['stream_options'] !== undefined) {
    return {
      status: 422,
      body: { detail: [{ msg: 'extra fields not permitted', loc: ['body', 'stream_options'] }] },
    };
  }
  if (manners.images === 'refused' && request.images.length > 0)
    return bad('Invalid content type. image_url is only supported by certain models.');
  const apiRefusal = refusalOfApi(request, manners);
  if (apiRefusal !== undefined) return apiRefusal;
  const otherLimit = manners.limit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  if (manners.limit !== 'both' && body[otherLimit] !== undefined) {
    return bad(`Unsupported parameter: '${otherLimit}'. Use '${manners.limit}' instead.`, {
      param: otherLimit,
    });
  }
  if (manners.streaming === 'refused' && stream) {
    return bad('Your organization must be verified to stream this model.', { param: 'stream' });
  }
  if (manners.tools === 'refused' && body['tools'] !== undefined)
    return bad(`${model} does not support tools`);
  const lacksReasoning =
    api === 'chat' && /"role":"assistant"(?!.*"reasoning_content")/.test(JSON.stringify(body['messages']));
  if (manners.wantsReasoning && lacksReasoning) {
    return bad('Missing `reasoning_content` field in the assistant message');
  }
  return undefined;
}

function refusalOfApi({ api, model, body }: SeenRequest, manners: Manners): Refused | undefined {
  if (api === 'chat') {
    if (manners.chat === 'yes') return undefined;
    const message = 'This model is only supported in v1/responses and not in v1/chat/completions.';
    return { status: 404, body: errorBody(message, { param: 'model' }) };
  }
  if (manners.responses === 'missing') return { status: 404, body: '404 page not found' };
  if (manners.responses === 'notAllowed') return { status: 405, body: { detail: 'Method Not Allowed' } };
  if (manners.responses === 'refused') return bad(`The Responses API is not supported for ${model}.`);
  if (manners.encrypted === 'refused' && body['include'] !== undefined)
    return bad('Encrypted content is not supported with this model.', { param: 'include' });
  if (manners.encrypted === 'stale' && JSON.stringify(body['input']).includes('"encrypted_content"'))
    return bad('The encrypted content for item rs_1 could not be verified.', {
      code: 'invalid_encrypted_content',
    });
  return undefined;
}
