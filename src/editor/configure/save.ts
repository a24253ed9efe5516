/** Writes what Configure Models decided into the person's own settings and the secret storage. */
import * as vscode from 'vscode';
import type { Endpoint } from '../../protocol/settings.ts';
import type { EditorSecrets } from '../secrets.ts';
import { assigned, unassigned, type Assignment, type Routes } from './roles.ts';

const hasId = (value: unknown, id: string) =>
  typeof value === 'object' && value !== null && 'id' in value && value.id === id;

const own = () => vscode.workspace.getConfiguration('quartet');
const endpointsNow = (): readonly unknown[] => own().get<unknown[]>('endpoints') ?? [];
const routesNow = (): Routes => own().get<Routes>('routes') ?? {};

const idsOf = (endpoints: readonly unknown[]): readonly string[] =>
  endpoints.flatMap((value) =>
    typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
      ? [value.id]
      : [],
  );

async function write(key: 'endpoints' | 'routes', value: unknown): Promise<void> {
  await own().update(key, value, vscode.ConfigurationTarget.Global);
}

/** The words of the setting: what has a default is left out. */
function written({ id, kind, label, baseUrl, model }: Endpoint) {
  return kind === 'editor' ? { id, kind, label, model } : { id, label, baseUrl, model };
}

/** Stores the key, adds the endpoint, gives it its roles. What was added to it by hand stays. */
export async function saveEndpoint(
  endpoint: Endpoint,
  { key, roles, rank }: Omit<Assignment, 'id'> & { readonly key: string },
  secrets: EditorSecrets,
): Promise<void> {
  await saveKey(endpoint, key, secrets);
  const all = endpointsNow();
  const { id } = endpoint;
  // Routes first decided on who was there: the new one must not become the default by standing alone in the list.
  const routes = assigned(routesNow(), idsOf(all), { id, roles, rank });
  const next = all.some((other) => hasId(other, id)) ? all : [...all, written(endpoint)];
  await write('endpoints', next);
  await write('routes', routes);
}

/** An empty key is none: what is stored stays. */
export async function saveKey({ id, baseUrl }: Endpoint, key: string, secrets: EditorSecrets): Promise<void> {
  if (key !== '' && baseUrl !== undefined) await secrets.set(id, key, baseUrl);
}

export async function saveRoles(assignment: Assignment): Promise<void> {
  await write('routes', assigned(routesNow(), idsOf(endpointsNow()), assignment));
}

/** The routes go first: a route to nowhere would be refused meanwhile. */
export async function removeEndpoint({ id }: Endpoint, secrets: EditorSecrets): Promise<void> {
  await write('routes', unassigned(routesNow(), id));
  await write(
    'endpoints',
    endpointsNow().filter((other) => !hasId(other, id)),
  );
  await secrets.remove(id);
}
