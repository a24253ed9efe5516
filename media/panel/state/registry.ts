/** What the registry of a run is called and which part of it is worth a line. */
import type { EndpointEntry, EndpointHealth } from '../../../src/protocol/registry.ts';
import type { AgentView, RunView } from '../../../src/protocol/view.ts';
import { t } from '../texts.ts';
import type { Tone } from './names.ts';

const HEALTHS: Readonly<Record<EndpointHealth, () => string>> = {
  fine: () => t('answers'),
  doubtful: () => t('failed lately'),
  resting: () => t('asks to be left alone'),
  open: () => t('left alone'),
};

/** What people call how an endpoint does. */
export const healthName = (health: EndpointHealth): string => HEALTHS[health]();

/** How it looks. */
export const healthTone = (health: EndpointHealth): Tone =>
  ({ fine: 'good', doubtful: 'warn', resting: 'warn', open: 'bad' })[health] as Tone;

/** Endpoints that the present is told of: where there are several that work, or one is not well. */
export function endpointsNow({ registry, finished, paused }: RunView): readonly EndpointEntry[] {
  if (!registry || finished || paused) return [];
  const busy = registry.endpoints.filter(({ load }) => load > 0);
  return registry.endpoints.filter((endpoint) =>
    endpoint.health === 'fine' ? busy.length > 1 && endpoint.load > 0 : true,
  );
}

/** Agents that do something now and ask an endpoint for a reason. */
export const matchedNow = ({ agents, finished, paused }: RunView): readonly AgentView[] =>
  finished || paused
    ? []
    : agents.filter(({ matched, state }) => matched !== undefined && AT_WORK.has(state));

const AT_WORK: ReadonlySet<string> = new Set(['thinking', 'acting', 'waiting', 'blocked']);

const AGENT_STATES: Readonly<Record<string, () => string>> = {
  idle: () => t('idle'),
  thinking: () => t('thinking'),
  acting: () => t('acting'),
  waiting: () => t('waiting'),
  blocked: () => t('blocked'),
};

/** What people call what an agent does now. */
export const agentState = (state: string): string => AGENT_STATES[state]?.() ?? state;

/** An endpoint's name by its id. */
export const endpointName = ({ registry }: RunView, id: string): string =>
  registry?.endpoints.find((endpoint) => endpoint.id === id)?.name ?? id;
