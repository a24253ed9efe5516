/** What a run has and how it does, in lines: endpoints, who is matched to which and why, tools and roles with their versions. */
import type { EndpointEntry, RegistryView } from '../protocol/registry.ts';
import type { AgentView, RunView } from '../protocol/view.ts';

/** For `show`: endpoints where there are several or one is not well, and agents at work that were matched for a reason. */
export function matchLines({ registry, agents, finished }: RunView): readonly string[] {
  const { endpoints = [] } = registry ?? {};
  const isPlain = endpoints.length < 2 && endpoints.every(({ health }) => health === 'fine');
  return [
    ...(isPlain ? [] : endpoints.map((endpoint) => `  endpoint ${endpointText(endpoint)}`)),
    ...(finished ? [] : agents.filter(isAtWork).flatMap(matchedLine)),
  ];
}

const isAtWork = ({ state }: AgentView): boolean => state !== 'done' && state !== 'failed';

const matchedLine = ({ id, endpoint, matched }: AgentView): readonly string[] =>
  matched === undefined ? [] : [`  ${id} asks ${endpoint}: ${matched}`];

/** For `show --registry`: the whole of it. */
export function registryText({ registry, agents }: RunView): string {
  if (!registry) return 'Nothing was registered.';
  const { endpoints, tools, roles } = registry;
  return [
    'Endpoints',
    ...endpoints.map((endpoint) => `  ${endpointText(endpoint)}`),
    'Roles',
    ...roles.map(
      ({ name, version, digest, agents: count, file }) =>
        `  ${name} (${version}+${digest}): ${counted(count, 'agent')}${file === undefined ? '' : `, ${file}`}`,
    ),
    'Tools',
    ...tools.map(
      ({ name, version, roles: by }) =>
        `  ${name}${version === undefined ? '' : ` (${version})`}: ${by.join(', ')}`,
    ),
    'Agents',
    ...agents.map(
      ({ id, state, endpoint, matched }) =>
        `  ${id} [${state}] asks ${endpoint}${matched === undefined ? '' : `: ${matched}`}`,
    ),
  ].join('\n');
}

/** For `show --registry --json`: one line. */
export const registryJson = ({ registry, agents }: RunView): string =>
  JSON.stringify({ ...(registry ?? NONE), agents });

const NONE: RegistryView = { endpoints: [], tools: [], roles: [] };

function endpointText({ id, name, model, health, why, load, ...of }: EndpointEntry): string {
  const { answered, failed, requestsPerMinute, tokensPerMinute } = of;
  const parts = [
    why === undefined ? HEALTHS[health] : `${HEALTHS[health]}: ${why}`,
    `${counted(load, 'call')} under way`,
    `${String(answered)} answered, ${String(failed)} failed`,
    ...(requestsPerMinute === undefined ? [] : [`at most ${String(requestsPerMinute)} requests a minute`]),
    ...(tokensPerMinute === undefined ? [] : [`at most ${String(tokensPerMinute)} tokens a minute`]),
  ];
  const called = name === id ? id : `${name} [${id}]`;
  return `${called}${model === '' || model === name ? '' : ` (${model})`}: ${parts.join('; ')}`;
}

const HEALTHS = { fine: 'fine', doubtful: 'doubtful', resting: 'asked to be left alone', open: 'left alone' };

const counted = (count: number, word: string): string => `${String(count)} ${word}${count === 1 ? '' : 's'}`;
