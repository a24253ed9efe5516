/** Settings of a run, resolved from the editor's configuration. */
import * as z from 'zod';
import { readWebSettings } from '../core/tools/web-settings.ts';
import { cassetteEndpoint } from '../core/models/cassette-endpoint.ts';
import { PortError } from '../core/ports.ts';
import { BrowseSettings, type WebSettings } from '../protocol/tool-settings.ts';
import { policyInForce } from '../core/policy/tighten.ts';
import { MEGABYTE, type RetentionRules } from '../core/run/keeping/retention.ts';
import { BestOf } from '../protocol/candidates.ts';
import { Autonomy, PolicyRule, type Policy } from '../protocol/policy.ts';
import { ConsensusSettings } from '../protocol/consensus.ts';
import { CheckKind, QaSettings } from '../protocol/qa-settings.ts';
import {
  BudgetLimits,
  Endpoint,
  Limits,
  Route,
  RunSettings,
  SandboxSettings,
  type ProjectInstruction,
} from '../protocol/settings.ts';
import type { ReadSetting } from './read-setting.ts';

/** Endpoint ids of `routes` stand in `endpoints`. */
export interface FoundModels {
  readonly source: 'settings' | 'environment' | 'editor' | 'local' | 'demo';
  readonly endpoints: readonly Endpoint[];
  readonly routes: Readonly<Record<string, Route>>;
}

function invalid(key: string, why: string): PortError {
  const setting = `quartet.${key}`;
  return new PortError('settings.invalid', `The setting ${setting} is not valid: ${why}.`, {
    advice: 'Correct it in the settings.',
  });
}

function parse<T extends z.ZodType>(schema: T, key: string, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.length ? ` (${issue.path.join('.')})` : '';
  throw invalid(key, `${issue?.message ?? 'unknown problem'}${where}`);
}

const ConfiguredEndpoint = Endpoint.omit({ script: true })
  .extend({ kind: z.enum(['openai', 'editor']).default('openai'), baseUrl: z.url().optional() })
  .refine(({ kind, baseUrl }) => kind === 'editor' || baseUrl !== undefined, {
    path: ['baseUrl'],
    message: 'a server needs an address; a model of the editor has "kind": "editor"',
  })
  .refine(({ kind, model }) => kind !== 'editor' || /^[^/]+\/./.test(model), {
    path: ['model'],
    message: 'a model of the editor is written as vendor/model, such as copilot/gpt-4.1',
  });
const Routes = z.record(z.string(), Route);

/** Endpoints and routes as configured. Errors: `settings.invalid`, naming the setting. */
export function configuredModels(read: ReadSetting): FoundModels | undefined {
  const endpoints = parse(z.array(ConfiguredEndpoint), 'endpoints', read('endpoints') ?? []);
  const [first] = endpoints;
  if (first === undefined) return undefined;
  const routes = parse(Routes, 'routes', read('routes') ?? {});
  const ids = new Set(endpoints.map(({ id }) => id));
  if (ids.size < endpoints.length) throw invalid('endpoints', 'two endpoints have the same id');
  for (const id of Object.values(routes).flat(2)) {
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
function configuredWeb(read: ReadSetting): WebSettings | undefined {
  if (read('web.enabled') !== true) return undefined;
  const search = read('web.search');
  const domains = parse(z.array(z.string()), 'web.domains', read('web.domains') ?? []);
  const asked = typeof search === 'string' && search.trim() !== '' ? search.trim() : undefined;
  const settings = readWebSettings(domains, asked);
  if (!settings.ok) throw invalid(asked === undefined ? 'web.domains' : 'web', settings.why);
  return settings.web;
}

/** Pages of this machine, where the person enabled them. Errors: `settings.invalid`. */
function configuredBrowse(read: ReadSetting): BrowseSettings | undefined {
  if (read('browse.enabled') !== true) return undefined;
  const browser = read('browse.browser');
  const named = typeof browser === 'string' && browser.trim() !== '' ? { browser: browser.trim() } : {};
  return parse(BrowseSettings, 'browse.browser', named);
}

/** Several coders for a task, where the person wants that. Errors: `settings.invalid`. */
function configuredBestOf(read: ReadSetting, ids: readonly string[]): BestOf | undefined {
  const set = present(read, 'bestOf', Object.keys(BestOf.shape));
  const bestOf = parse(BestOf, 'bestOf', set);
  const stranger = bestOf.variants.find(({ endpoint }) => endpoint !== undefined && !ids.includes(endpoint));
  if (stranger) throw invalid('bestOf.variants', `there is no endpoint "${stranger.endpoint ?? ''}"`);
  return Object.keys(set).length === 0 ? undefined : bestOf;
}

/** How a change is proved beside its tests. Errors: `settings.invalid`. */
function configuredQa(read: ReadSetting): QaSettings {
  const { types, lint, build } = present(read, 'qa.checks', CheckKind.options);
  const own = ['reuseBase', 'changedFirstSeconds', 'proveTests', 'probe', 'coverage', 'suites', 'checksMax'];
  const set = { probe: true, ...present(read, 'qa', own) };
  return parse(QaSettings, 'qa', { ...set, checks: { types, lint, build } });
}

/** What the project says about itself. */
export interface ProjectTexts {
  readonly project: readonly ProjectInstruction[];
  /** Text of its policy file. */
  readonly policy: string | undefined;
}

/** The person's policy, tightened by the workspace's. Errors: `settings.invalid`. */
function configuredPolicy(read: ReadSetting, workspace: string | undefined): Policy {
  const autonomy = parse(Autonomy.optional(), 'autonomy', read('autonomy') ?? undefined);
  const { rules } = parse(
    z.object({ rules: z.array(PolicyRule).default([]) }),
    'policy',
    read('policy') ?? {},
  );
  return policyInForce({ rules, ...(autonomy !== undefined && { autonomy }) }, workspace);
}

/** The settings that a new run records. Errors: `settings.invalid`. */
export function resolveSettings(
  read: ReadSetting,
  models: Pick<FoundModels, 'endpoints' | 'routes'> & Pick<RunSettings, 'picked'>,
  { project, policy }: ProjectTexts,
): RunSettings {
  const testCommand = read('testCommand');
  const web = configuredWeb(read);
  const browse = configuredBrowse(read);
  const bestOf = configuredBestOf(
    read,
    models.endpoints.map(({ id }) => id),
  );
  const budget = configuredBudget(read);
  const stranger = budget.degradeTo?.find((id) => models.endpoints.every((endpoint) => endpoint.id !== id));
  if (stranger !== undefined) throw invalid('budget.degradeTo', `there is no endpoint "${stranger}"`);
  return {
    approvals: {
      plan: read('approve.plan') !== false,
      commands: read('approve.commands') !== false,
      changes: read('approve.changes') !== false,
    },
    interactive: true,
    apply: true,
    policy: configuredPolicy(read, policy),
    limits: parse(Limits, 'limits', present(read, 'limits', Object.keys(Limits.shape))),
    budget,
    sandbox: parse(SandboxSettings, 'sandbox', present(read, 'sandbox', Object.keys(SandboxSettings.shape))),
    endpoints: [...models.endpoints],
    routes: { ...models.routes },
    ...(models.picked !== undefined && { picked: models.picked }),
    qa: configuredQa(read),
    ...(bestOf && { bestOf }),
    ...(web && { web }),
    ...(browse && { browse }),
    ...(typeof testCommand === 'string' && testCommand.trim() !== '' && { testCommand }),
    consensus: parse(
      ConsensusSettings,
      'consensus',
      present(read, 'consensus', Object.keys(ConsensusSettings.shape)),
    ),
    ownRoles: true,
    offersRoles: true,
    tellsFiles: true,
    restartsParts: true,
    ...(project.length > 0 && { project: [...project] }),
  };
}

const Retention = z.object({
  days: z.number().positive().optional(),
  megabytes: z.number().positive().optional(),
});

/** What the person gives up of finished runs; undefined where they are kept. Errors: `settings.invalid`. */
export function configuredRetention(
  read: ReadSetting,
): Pick<RetentionRules, 'daysMax' | 'bytesMax'> | undefined {
  const { days, megabytes } = parse(
    Retention,
    'retention',
    present(read, 'retention', Object.keys(Retention.shape)),
  );
  if (days === undefined && megabytes === undefined) return undefined;
  return { daysMax: days, bytesMax: megabytes === undefined ? undefined : megabytes * MEGABYTE };
}
