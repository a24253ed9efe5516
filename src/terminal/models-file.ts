/** A file that names the models of a run: the same words as the editor's settings `endpoints` and `routes`. */
import * as fs from 'node:fs/promises';
import * as z from 'zod';
import { Endpoint, Route, type RunSettings } from '../protocol/settings.ts';
import { UsageError } from './usage-error.ts';

/** Who answers in a run. `picked` is the endpoint that `--model` names: it alone does. */
export type RunModels = Pick<RunSettings, 'endpoints' | 'routes' | 'picked'>;

const ModelsFile = z.strictObject({
  endpoints: z.array(Endpoint.extend({ kind: Endpoint.shape.kind.default('openai') })).min(1),
  routes: z.record(z.string(), Route).default({}),
});

/** Errors: `UsageError`, also where there is no such file. */
export async function openModelsFile(path: string): Promise<RunModels> {
  const text = await fs.readFile(path, 'utf8').catch(() => {
    throw new UsageError(`There is no file ${path}.`);
  });
  return readModelsFile(text, path);
}

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

/** One endpoint for everything; picked where the person named its model. */
export const oneModel = (endpoint: Endpoint, named: string | undefined): RunModels => ({
  endpoints: [endpoint],
  routes: { default: [endpoint.id] },
  picked: named === undefined || endpoint.script !== undefined ? undefined : endpoint.id,
});

/** The same models, of which one alone answers: the endpoint of that id, or the first of that model. Errors: `UsageError`. */
export function pickedFrom(models: RunModels, named: string | undefined): RunModels {
  if (named === undefined) return { ...models, picked: undefined };
  const { endpoints } = models;
  const found = endpoints.find(({ id }) => id === named) ?? endpoints.find(({ model }) => model === named);
  if (found) return { ...models, picked: found.id };
  const there = endpoints.map(({ id, model }) => (id === model ? id : `${id} (${model})`)).join(', ');
  throw new UsageError(`--model names "${named}", which --models does not. There are: ${there}.`);
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
