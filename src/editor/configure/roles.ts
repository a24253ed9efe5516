/** Who answers for which role: pure changes of the settings `quartet.endpoints` and `quartet.routes`. */

/** One place of a route: an endpoint, or several that are as good as each other. */
type Place = string | readonly string[];
export type Routes = Readonly<Record<string, readonly Place[]>>;

/** Serves every role without a route of its own. */
export const DEFAULT_ROLE = 'default';

/** Roles that may have a route of their own, in the order of the work. */
export const ROLES = [
  'planner',
  'coder',
  'qa',
  'reviewer',
  'researcher',
  'documenter',
  'synthesizer',
] as const;

/** `first`: asked before the others. `fallback`: asked after them. `only`: the others are taken out. */
export type Rank = 'first' | 'fallback' | 'only';

export interface Assignment {
  readonly id: string;
  readonly roles: readonly string[];
  readonly rank: Rank;
}

/** Places that answer for a role now, in fallback order. `ids` are all endpoints, in the order of the setting. */
function placesFor(role: string, routes: Routes, ids: readonly string[]): readonly Place[] {
  return routes[role] ?? routes[DEFAULT_ROLE] ?? ids.slice(0, 1);
}

/** Ids that answer for a role now. */
export const answering = (role: string, routes: Routes, ids: readonly string[]): readonly string[] =>
  placesFor(role, routes, ids).flat();

/** The places without an endpoint. */
const without = (places: readonly Place[], id: string): readonly Place[] =>
  places.flatMap((place): readonly Place[] => {
    if (typeof place === 'string') return place === id ? [] : [place];
    const others = place.filter((other) => other !== id);
    return others.length === 0 ? [] : [others];
  });

/** Routes after an endpoint was given to roles. Whoever answered before stays where the rank leaves room. */
export function assigned(routes: Routes, ids: readonly string[], { id, roles, rank }: Assignment): Routes {
  const changed = roles.map((role) => {
    const others = rank === 'only' ? [] : without(placesFor(role, routes, ids), id);
    return [role, rank === 'fallback' ? [...others, id] : [id, ...others]] as const;
  });
  // The default must not move with the order of the endpoints once there are several.
  const fixed = { [DEFAULT_ROLE]: placesFor(DEFAULT_ROLE, routes, ids), ...routes };
  const next: Routes = { ...fixed, ...Object.fromEntries(changed) };
  return withoutEmpty(next);
}

/** Routes after an endpoint went. */
export function unassigned(routes: Routes, id: string): Routes {
  const left = Object.entries(routes).map(([role, places]) => [role, without(places, id)] as const);
  return withoutEmpty(Object.fromEntries(left));
}

const withoutEmpty = (routes: Routes): Routes =>
  Object.fromEntries(Object.entries(routes).filter(([, ids]) => ids.length > 0));
