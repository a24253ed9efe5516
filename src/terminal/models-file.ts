/** A file that names the models of a run: the same words as the editor's settings `endpoints` and `routes`. */
import * as z from 'zod';
import { Endpoint, Route, type RunSettings } from '../protocol/settings.ts';
import { UsageError } from './usage-error.ts';

/** Who answers in a run. */
export type RunModels = Pick<RunSettings, 'endpoints' | 'routes'>;

const ModelsFile = z.strictObject({
  endpoints: z.array(Endpoint.extend({ kind: Endpoint.shape.kind.default('openai') })).min(1),
  routes: z.record(z.string(), Route).default({}),
});

/** Errors: `UsageError`, naming the file and what is wrong in it. */
export function readModelsFile(text: string, path: string): RunModels {
  const read = ModelsFile.safeParse(jsonOf(text, path));
  if (!read.success) throw new UsageError(`${path} does not name models: ${z.prettifyError(read.error)}`);
  const { endpoints, routes } = read.data;
  const ids = endpoints.map(({ id }) => id);
  if (new Set(ids).size < ids.length) throw new UsageError(`${path}: two endpoints have the same id.`);
  const stranger = Object.values(routes)
    .flat(2)
    .find((id) => !ids.includes(id));
  if (stranger !== undefined)
    throw new UsageError(`${path}: a route names "${stranger}", which is no endpoint.`);
  return { endpoints, routes: { default: ids.slice(0, 1), ...routes } };
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** How the names of such variables begin. */
export const KEY_VARIABLES = 'QUARTET_KEY_';

/** The environment variable that holds the key of an endpoint of such a file. */
export const keyVariable = (id: string): string =>
  `${KEY_VARIABLES}${id.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
