/** Settings of a run started at the terminal. */
import type { Policy } from '../protocol/policy.ts';
import { RunSettings, type Endpoint, type ProjectInstruction } from '../protocol/settings.ts';
import { cassetteEndpoint } from '../core/models/cassette-endpoint.ts';
import { endpointOf, type Candidate } from '../core/models/candidates.ts';
import { readWebSettings } from '../core/tools/web-settings.ts';
import type { RunOptions } from './arguments.ts';
import { UsageError } from './usage-error.ts';
import type { RunModels } from './models-file.ts';

/** The endpoint that the options or the environment name; undefined: look for one. */
export function namedEndpoint(options: RunOptions): Endpoint | undefined {
  if (options.cassette.file !== undefined)
    return cassetteEndpoint(options.cassette.file, options.cassette.exact);
  if (options.script !== undefined) {
    const label = 'A script speaks for the models';
    return {
      id: 'script',
      kind: 'scripted',
      label,
      model: 'script',
      script: options.script,
      contextTokens: 128_000,
      inputUsdPerMillion: 0,
      outputUsdPerMillion: 0,
    };
  }
  if (options.baseUrl === undefined || options.model === undefined) return undefined;
  return {
    id: 'command-line',
    kind: 'openai',
    baseUrl: checkedUrl(options.baseUrl),
    model: options.model,
    contextTokens: 128_000,
    ...options.price,
  };
}

/** An address with a host, of http or https. Errors: `UsageError`. */
export function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return text;
  throw new UsageError(`--base-url takes an address such as http://127.0.0.1:11434/v1, not "${text}".`);
}

/** The endpoint among those found. Errors: `UsageError`, saying what was looked at. */
export function foundEndpoint(options: RunOptions, candidates: readonly Candidate[]): Endpoint {
  for (const candidate of candidates) {
    const endpoint = endpointOf(candidate, options.model);
    if (endpoint)
      return {
        ...endpoint,
        ...options.price,
        ...(options.baseUrl !== undefined && { id: 'command-line' }),
      };
  }
  const problems = candidates.map(
    (candidate) => `${candidate.label}: ${candidate.problem ?? 'It lists no model that can chat.'}`,
  );
  const advice =
    options.baseUrl === undefined
      ? 'Name one with --base-url and --model, set OPENAI_API_KEY, start a local server such as Ollama, or try a script with --script FILE.'
      : 'Check the address and OPENAI_API_KEY, or name a model with --model.';
  throw new UsageError(['No model was found.', ...problems, advice].join(' '));
}

/** Absent where nothing of the web was named. Errors: `UsageError`. */
function webOf({ web }: RunOptions): Pick<RunSettings, 'web'> {
  if (web.domains.length === 0 && web.search === undefined) return {};
  const settings = readWebSettings(web.domains, web.search);
  if (!settings.ok) throw new UsageError(`--web-domain or --web-search: ${settings.why}.`);
  return { web: settings.web };
}

function browseOf({ browse: { enabled, browser } }: RunOptions): Pick<RunSettings, 'browse'> {
  return enabled ? { browse: browser === undefined ? {} : { browser } } : {};
}

/** What a run is told besides its options. */
export interface Surroundings {
  /** What the project says of how work is to be done. */
  readonly project: readonly ProjectInstruction[];
  readonly policy: Policy;
  readonly processors: number;
}

/** Times that the planner plans again where tasks failed. */
const REPLANS = 1;
/** Tasks that may wait for an answer while others work in their place. */
const PARKED = 8;

export function settingsOf(
  options: RunOptions,
  models: RunModels,
  { project, policy, processors }: Surroundings,
): RunSettings {
  const { approvals, budget } = options;
  const stranger = budget.degradeTo?.find((id) => models.endpoints.every((endpoint) => endpoint.id !== id));
  if (stranger !== undefined)
    throw new UsageError(`--degrade-to names "${stranger}", which is no endpoint. Name it in --models FILE.`);
  const variant = options.bestOf?.variants.find(
    ({ endpoint }) => endpoint !== undefined && models.endpoints.every(({ id }) => id !== endpoint),
  );
  if (variant)
    throw new UsageError(
      `--variant names "${variant.endpoint ?? ''}", which is no endpoint. Name it in --models FILE.`,
    );
  const settings = RunSettings.safeParse({
    approvals,
    policy,
    interactive: approvals.plan || approvals.commands || approvals.changes,
    apply: options.apply,
    budget,
    sandbox: options.sandbox,
    limits: {
      replans: REPLANS,
      parked: options.parked ?? PARKED,
      ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
      ...(options.testSeconds !== undefined && { testSeconds: options.testSeconds }),
    },
    ...models,
    processors,
    ...(options.consensus && { consensus: options.consensus }),
    ...webOf(options),
    ...browseOf(options),
    qa: options.qa,
    ...(options.bestOf && { bestOf: options.bestOf }),
    ...(options.testCommand !== undefined && { testCommand: options.testCommand }),
    ownRoles: true,
    offersRoles: true,
    tellsFiles: true,
    restartsParts: true,
    ...(project.length > 0 && { project }),
  });
  if (settings.success) return settings.data;
  const [issue] = settings.error.issues;
  throw new UsageError(`An option is out of bounds: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
