/** The models that a server says it has. */
import { createEndpointFetch, type EndpointHost } from './endpoint-fetch.ts';
import { list, record, text } from './loose.ts';

/** Names from `/models`. Rejects where there is no such list. */
export async function listModels(host: EndpointHost, signal: AbortSignal): Promise<readonly string[]> {
  const url = new URL(host.baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/models`;
  const response = await createEndpointFetch(host)(url, { signal, headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(refusalText(response.status, host.key));
  const body = record(await response.json());
  if (!Array.isArray(body?.['data']))
    throw new Error('It answers with something else than a list of models.');
  return list(body['data'])
    .map((model) => text(record(model)?.['id']))
    .filter((name) => name !== undefined);
}

function refusalText(status: number, key: string | undefined): string {
  if (status === 401 || status === 403)
    return key === undefined
      ? `It wants a key, and none is set (${status}).`
      : `It does not accept the key (${status}).`;
  return `It gives no list of models (${status}).`;
}
