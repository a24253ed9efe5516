/** Which endpoints serve a role. */
import type { Endpoint, Route, RunSettings } from '../../protocol/settings.ts';

/** The endpoints of a role in fallback order, those that are equal in a row. */
export function endpointsFor(role: string, settings: RunSettings): readonly Endpoint[] {
  return routeOf(role, settings)
    .flat()
    .flatMap((id) => settings.endpoints.find((endpoint) => endpoint.id === id) ?? []);
}

/** The same endpoints with one of the run's in front; as they are where it has no such one. */
export function leading(
  endpoints: readonly Endpoint[],
  first: string | undefined,
  settings: RunSettings,
): readonly Endpoint[] {
  const lead = settings.endpoints.find((endpoint) => endpoint.id === first);
  return lead ? [lead, ...endpoints.filter((endpoint) => endpoint !== lead)] : endpoints;
}

/** Ids of the endpoints of a role that are equal, group by group. */
export function equalsFor(role: string, settings: RunSettings): readonly (readonly string[])[] {
  return routeOf(role, settings).filter((place) => typeof place !== 'string');
}

const routeOf = (role: string, { routes, endpoints }: RunSettings): Route =>
  routes[role] ?? routes['default'] ?? endpoints.map((endpoint) => endpoint.id);
