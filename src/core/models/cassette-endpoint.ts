/** The endpoint that stands for a recording: known to settings, which play nothing. */
import type { Endpoint } from '../../protocol/settings.ts';

/** Model name of an endpoint whose recording answers only the very same requests. */
export const EXACTLY = 'recorded-exactly';

/** Who speaks where a recording does. It costs nothing. */
export function cassetteEndpoint(file: string, exact: boolean): Endpoint {
  return {
    id: 'cassette',
    kind: 'cassette',
    label: 'A recording speaks for the models',
    model: exact ? EXACTLY : 'recorded',
    script: file,
    contextTokens: 128_000,
    inputUsdPerMillion: 0,
    outputUsdPerMillion: 0,
  };
}
