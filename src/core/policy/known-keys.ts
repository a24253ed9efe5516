/** The person's keys, as far as this process has looked them up: what the redactor hides besides what looks like a key. */
import type { Secrets } from '../ports.ts';
import type { KnownSecrets } from './redact.ts';

export interface KnownKeys {
  /** The same keys; each that is given out is known from then on. */
  readonly secrets: Secrets;
  readonly known: KnownSecrets;
}

/** `values` are keys known from the beginning. */
export function rememberKeys(secrets: Secrets, values: readonly string[] = []): KnownKeys {
  const seen = new Set(values);
  return {
    secrets: {
      async key(endpointId) {
        const key = await secrets.key(endpointId);
        if (key !== undefined) seen.add(key);
        return key;
      },
    },
    known: () => [...seen],
  };
}
