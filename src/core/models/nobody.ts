/** The models of a run that asks none, such as one that only runs tests. */
import type { RunSettings } from '../../protocol/settings.ts';

export const NOBODY: Pick<RunSettings, 'endpoints' | 'routes'> = {
  endpoints: [
    { id: 'nobody', kind: 'openai', model: 'none', label: 'No model is asked', contextTokens: 128_000 },
  ],
  routes: { default: ['nobody'] },
};
