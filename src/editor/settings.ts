/** Settings of a run, resolved from the editor's configuration. */
import * as z from 'zod';
import { readWebSettings } from '../core/tools/web-settings.ts';
import { cassetteEndpoint } from '../core/models/cassette.ts';
import { PortError } from '../core/ports.ts';
import type { WebSettings } from '../protocol/tool-settings.ts';
import { BudgetLimits, Endpoint, Limits, RunSettings } from '../protocol/settings.ts';

/** Endpoint ids of `routes` stand in `endpoints`. */
export interface FoundModels {
  readonly source: 'settings' | 'environment' | 'local' | 'demo';
  readonly endpoints: readonly Endpoint[];
  readonly routes: Readonly<Record<string, string[]>>;
}

/** Reads `quartet.<key>`; `undefined` where nothing is set and there is no default. */
export type ReadSetting = (key: string) => unknown;

const invalid = (key: string, why: string) =>
  new PortError('settings.invalid', `The setting quartet.${key} is not valid: ${why}.`, {
    advice: 'Correct it in the settings.',
  });

function parse<T extends z.ZodType>(schema: T, key: string, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.length ? ` (${issue.path.join('.')})` : '';
  throw invalid(key, `${issue?.message ?? 'unknown problem'}${where}`);
}

const ConfiguredEndpoint = Endpoint.omit({ kind: true, script: true }).extend({ baseUrl: z.url() });
const Routes = z.record(z.string(), z.array(z.string()).min(1));

/** Endpoints and routes as configured. Errors: `settings.invalid`, naming the setting. */
export function configuredModels(read: ReadSetting): FoundModels | undefined {
  const endpoints = parse(z.array(ConfiguredEndpoint), 'endpoints', read('endpoints') ?? []).map(
    (endpoint) => ({
      ...endpoint,
      kind: 'openai' as const,
    }),
  );
  const [first] = endpoints;
  if (first === undefined) return undefined;
  const routes = parse(Routes, 'routes', read('routes') ?? {});
  const ids = new Set(endpoints.map(({ id }) => id));
  if (ids.size < endpoints.length) throw invalid('endpoints', 'two endpoints have the same id');
  for (const id of Object.values(routes).flat()) {
    if (!ids.has(id)) throw invalid('routes', `there is no endpoint "${id}"`);
  }
  return { source: 'settings', endpoints, routes: { default: [first.id], ...routes } };
}

/** A recording that the person wants to speak for the models. */
export function playedModels(read: ReadSetting): FoundModels | undefined {
  const file = read('models.cassette');
  if (typeof file !== 'string' || file.trim() === '') return undefined;
  const endpoint = cassetteEndpoint(file.trim(), false);
  return { source: 'settings', endpoints: [endpoint], routes: { default: [endpoint.id] } };
}

/** Keeps what is set: the editor shows an empty number as null. */
function present(read: ReadSetting, group: string, names: readonly string[]): Record<string, unknown> {
  const pairs = names.map((name) => [name, read(`${group}.${name}`)] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined && value !== null));
}

/** Hard limits of a run. Errors: `settings.invalid`. */
export function configuredBudget(read: ReadSetting): BudgetLimits {
  return parse(BudgetLimits, 'budget', present(read, 'budget', Object.keys(BudgetLimits.shape)));
}

/** The web, where the person enabled it. Errors: `settings.invalid`. */
export function configuredWeb(read: ReadSetting): WebSettings | undefined {
  if (read('web.enabled') !== true) return undefined;
  const search = read('web.search');
  const domains = parse(z.array(z.string()), 'web.domains', read('web.domains') ?? []);
  const asked = typeof search === 'string' && search.trim() !== '' ? search.trim() : undefined;
  const settings = readWebSettings(domains, asked);
  if (!settings.ok) throw invalid(asked === undefined ? 'web.domains' : 'web', settings.why);
  return settings.web;
}

/** The settings that a new run records. Errors: `settings.invalid`. */
export function resolveSettings(
  read: ReadSetting,
  models: Pick<FoundModels, 'endpoints' | 'routes'>,
  instructions: string | undefined,
): RunSettings {
  const testCommand = read('testCommand');
  const web = configuredWeb(read);
  return {
    approvals: {
      plan: read('approve.plan') !== false,
      commands: read('approve.commands') !== false,
      changes: read('approve.changes') !== false,
    },
    interactive: true,
    apply: true,
    limits: parse(Limits, 'limits', present(read, 'limits', Object.keys(Limits.shape))),
    budget: configuredBudget(read),
    endpoints: [...models.endpoints],
    routes: { ...models.routes },
    ...(web && { web }),
    ...(typeof testCommand === 'string' && testCommand.trim() !== '' && { testCommand }),
    ...(instructions !== undefined && { instructions }),
  };
}
