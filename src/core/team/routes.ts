/** Which endpoints serve a role. */
import type { Endpoint, Route, RunSettings } from '../../protocol/settings.ts';
import type { Role } from './role.ts';

/** Whose endpoints are looked for; `first` is asked before those of the role. */
export interface Asker extends Pick<Role, 'name' | 'model'> {
  readonly first?: string | undefined;
}

/** The endpoints of a role in fallback order, those that are equal in a row. */
export function endpointsFor(asker: Asker, settings: RunSettings): readonly Endpoint[] {
  return [...new Set(routeOf(asker, settings).flat())].flatMap(
    (id) => settings.endpoints.find((endpoint) => endpoint.id === id) ?? [],
  );
}

/** Ids of the endpoints of a role that are equal, group by group. */
export function equalsFor(asker: Asker, settings: RunSettings): readonly (readonly string[])[] {
  return routeOf(asker, settings).filter((place) => typeof place !== 'string');
}

/**
 * What the person picked for this run counts most, then what their settings say of a role, then what its file says. Nobody stands in
 * for what was picked: who picks a model of their own machine does not want another to be told.
 */
function routeOf({ name, model, first }: Asker, { routes, endpoints, picked }: RunSettings): Route {
  if (picked !== undefined) return first === undefined ? [picked] : [first, picked];
  const named = (model ?? []).filter((id) => endpoints.some((endpoint) => endpoint.id === id));
  const own = routes[name] ?? (named.length > 0 ? named : undefined);
  const route = own ?? routes['default'] ?? endpoints.map((endpoint) => endpoint.id);
  return first === undefined ? route : [first, ...route];
}
