#!/usr/bin/env node
/** The terminal door: makes the ports, starts the engine, says what happens. */
import './terminal/older-node.ts';
import * as fs from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve as absolute } from 'node:path';
import { checkEndpoint } from './core/models/check.ts';
import { createEndpoints } from './core/models/endpoints.ts';
import { policyInForce, WORKSPACE_POLICY } from './core/policy/tighten.ts';
import { parseScript } from './core/models/script.ts';
import { createRouter } from './core/models/routing.ts';
import { createCassetteModel } from './core/models/cassette.ts';
import { NOBODY } from './core/models/nobody.ts';
import { createScriptedModel } from './core/models/scripted.ts';
import { rememberKeys } from './core/policy/known-keys.ts';
import { plainText } from './core/policy/terminal-text.ts';
import { readInstructions } from './core/team/instructions.ts';
import { PortError, type Log, type Secrets } from './core/ports.ts';
import type { Engine, LiveTests } from './core/run/contract.ts';
import { createEngine } from './core/run/engine.ts';
import { unfinishedRuns } from './core/run/keeping/retention.ts';
import { createRunViews } from './core/run/views/views.ts';
import { preparePackages } from './node/copies/prepared.ts';
import { beginCassette, readCassette, recordedInto } from './node/models/cassette-file.ts';
import { collectFacts } from './node/doctor/collect.ts';
import { discoverModels } from './node/models/discover.ts';
import { listModels } from './node/models/model-list.ts';
import { createOpenAiModels } from './node/models/openai-models.ts';
import { networkFetch, proxyOf, proxyProblem, trustsSystem } from './node/network.ts';
import { createKeptReviews } from './node/kept-reviews.ts';
import { createNodePorts } from './node/ports.ts';
import { collectGarbage } from './node/retention/collect.ts';
import { surveyStorage } from './node/retention/survey.ts';
import { sweepLeftovers } from './node/retention/sweep.ts';
import { findRun, noteWorkspace, stateFolder, storageOf } from './node/state-folder.ts';
import type { Policy } from './protocol/policy.ts';
import type { Endpoint } from './protocol/settings.ts';
import { commitAfter } from './terminal/afterwards-commands.ts';
import { readArguments, type Command, type OnARun, type RunOptions } from './terminal/arguments.ts';
import { helpHint, helpText } from './terminal/help.ts';
import { UsageError } from './terminal/usage-error.ts';
import { USAGE_CODE } from './terminal/exit-codes.ts';
import { tellFindings } from './terminal/doctor.ts';
import type { House } from './terminal/house.ts';
import { collect } from './terminal/keeping-commands.ts';
import { permissions, personsPolicy, textIfThere } from './terminal/policy-commands.ts';
import { answer, follow, importFrom, listRuns, resend, type Desk } from './terminal/run-commands.ts';
import { onARun } from './terminal/on-a-run.ts';
import { askAboutChange } from './terminal/review-ask.ts';
import { readGiven } from './terminal/attached.ts';
import { mentionedAt } from './terminal/mentioned.ts';
import { roles } from './terminal/role-commands.ts';
import { steer } from './terminal/steering-commands.ts';
import {
  KEY_VARIABLES,
  keyVariable,
  oneModel,
  pickedFrom,
  openModelsFile,
  type RunModels,
} from './terminal/models-file.ts';
import { checkedUrl, foundEndpoint, namedEndpoint, settingsOf } from './terminal/run-settings.ts';
import { realConsole, type Console } from './terminal/session.ts';
import { keptTests, testAlone } from './terminal/test-commands.ts';
import { version } from '../package.json';

const { env } = process;
/** The doctor gives a model this long. */
const CHECK_MS_MAX = 60_000;
/** By way of the proxy and the certificate authorities that hold here. */
const reach = networkFetch(env, (text) => void process.stderr.write(`${text}\n`));

/** A workspace and where its runs are kept. */
interface Site {
  readonly workspace: string;
  readonly storage: string;
}

const QUIET: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: (message) => void process.stderr.write(`${message}\n`),
};

/** The key of the environment belongs to the endpoint that the person named or that the environment names; others have their own. */
const SECRETS: Secrets = {
  key: (endpoint) =>
    Promise.resolve(
      endpoint === 'command-line' || endpoint === 'environment'
        ? env['OPENAI_API_KEY']
        : env[keyVariable(endpoint)],
    ),
};

async function siteOf(options: RunOptions): Promise<Site> {
  const workspace = absolute(options.workspace ?? '.');
  const stat = await fs.stat(workspace).catch(() => undefined);
  if (!stat?.isDirectory()) throw new UsageError(`There is no folder ${workspace}.`);
  return {
    workspace,
    storage:
      options.stateDir === undefined
        ? await storageOf(stateFolder(env), workspace)
        : absolute(options.stateDir),
  };
}

/** Where a run lives: the state folder given, or whichever workspace's holds it. */
async function siteOfRun(run: string, options: RunOptions): Promise<Site> {
  if (options.stateDir !== undefined) {
    const storage = absolute(options.stateDir);
    const noted = await fs.readFile(join(storage, 'workspace.json'), 'utf8').catch(() => undefined);
    const root = noted === undefined ? undefined : (JSON.parse(noted) as { root: string }).root;
    return { storage, workspace: root ?? absolute(options.workspace ?? '.') };
  }
  const found = await findRun(stateFolder(env), run);
  if (!found)
    throw new PortError('run.missing', `There is no run ${run}.`, {
      advice: '"quartet runs" lists the runs of a workspace.',
    });
  return found;
}

function houseOf(site: Site, { record }: Pick<RunOptions, 'record'>): House {
  const node = createNodePorts({
    workspaceRoot: site.workspace,
    storage: site.storage,
    log: QUIET,
  });
  const { clock } = node;
  const endpoints = createEndpoints(clock);
  const own = Object.entries(env).filter(
    ([name]) => name === 'OPENAI_API_KEY' || name.startsWith(KEY_VARIABLES),
  );
  const keys = rememberKeys(
    SECRETS,
    own.flatMap(([, value]) => value ?? []),
  );
  const openai = createOpenAiModels({ secrets: keys.secrets, log: QUIET, clock, endpoints, fetch: reach });
  const scripted = createScriptedModel(loadScript, { clock: node.clock });
  const cassette = createCassetteModel(readCassette, node.hasher);
  const router = createRouter({ openai, scripted, cassette }, endpoints);
  const file = record === undefined ? undefined : begunOnce(record);
  const models = file ? recordedInto(router, { hasher: node.hasher, log: QUIET, file }) : router;
  const listeners = new Set<(tests: LiveTests) => void>();
  const onTests = (tests: LiveTests): void => {
    for (const listener of listeners) listener(tests);
  };
  const ports = { ...node, models, knownSecrets: keys.known, onTests };
  const views = createRunViews(node.store, node.hasher, 'terminal');
  const storage = { storage: site.storage, store: node.store, views, log: QUIET };
  let engine: Engine | undefined;
  const makeEngine = (asks: boolean): Engine => {
    void sweepLeftovers({ ...storage, unfinished: () => unfinishedRuns(node.store, views) }).catch(
      () => undefined,
    );
    return createEngine(ports, { whenWaiting: asks ? 'stay' : 'pause', givesUp: true });
  };
  return {
    ports,
    views,
    engine: (asks) => (engine ??= makeEngine(asks)),
    onTests: (listener) => {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    reviews: createKeptReviews(site.storage),
    collect: (rules, how) => collectGarbage({ ...storage, hasher: node.hasher, ...how }, rules),
    prepare: (tree, install) =>
      preparePackages({ storage: site.storage, copies: node.copies, tree, install }),
    survey: () => surveyStorage(storage),
  };
}

/** A cassette that is begun with the first exchange, so that a command that asks nothing leaves no file. */
function begunOnce(path: string): () => Promise<string> {
  let begun: Promise<void> | undefined;
  return async () => {
    await (begun ??= beginCassette(path));
    return path;
  };
}

async function loadScript(endpoint: Endpoint) {
  return parseScript(await fs.readFile(endpoint.script ?? '', 'utf8'));
}

/** The endpoint named, or found. Errors: `UsageError`. */
async function endpointFor(options: RunOptions): Promise<Endpoint> {
  const named = namedEndpoint(options);
  if (named?.script !== undefined)
    await fs
      .access(named.script)
      .catch(() =>
        Promise.reject(
          new UsageError(
            `There is no ${named.kind === 'cassette' ? 'cassette' : 'script'} ${named.script ?? ''}.`,
          ),
        ),
      );
  if (named) return named.script === undefined ? named : { ...named, script: absolute(named.script) };
  const asked =
    options.baseUrl === undefined ? env : { ...env, OPENAI_BASE_URL: checkedUrl(options.baseUrl) };
  const model = options.model ?? env['QUARTET_MODEL'] ?? env['OPENAI_MODEL'];
  const found = await discoverModels({
    env: asked,
    fetch: reach,
    ...(options.baseUrl !== undefined && { local: [] }),
  });
  return foundEndpoint({ ...options, model }, found);
}

/** The models that a file names, or the one endpoint. Errors: `UsageError`. */
async function modelsFor(options: RunOptions): Promise<RunModels> {
  const { modelsFile: path, model } = options;
  if (path === undefined) return oneModel(await endpointFor(options), model);
  const named = pickedFrom(await openModelsFile(path), model);
  return { ...named, endpoints: named.endpoints.map(withScriptFound) };
}

/** A script is found again from wherever the run goes on. */
const withScriptFound = (endpoint: Endpoint): Endpoint =>
  endpoint.script === undefined ? endpoint : { ...endpoint, script: absolute(endpoint.script) };

/** The person's rules and level, tightened by the workspace's file. */
async function policyFor(options: RunOptions, workspace: string): Promise<Policy> {
  const own = await personsPolicy(options.policy, join(stateFolder(env), 'policy.json'));
  const person = options.autonomy === undefined ? own : { ...own, autonomy: options.autonomy };
  return policyInForce(person, await textIfThere(join(workspace, WORKSPACE_POLICY)));
}

/** A recording never overwrites. Errors: `UsageError`. */
async function refuseOld(file: string): Promise<void> {
  const isThere = await fs.access(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw new UsageError(`--record takes a new file; ${file} is there already.`);
}

async function doctor(options: RunOptions, console: Console): Promise<number> {
  const site = await siteOf(options);
  const { models } = houseOf(site, options).ports;
  const key = (endpoint: Endpoint) => SECRETS.key(endpoint.id);
  const list = async ({ baseUrl }: Endpoint, own: string | undefined, signal: AbortSignal) =>
    listModels({ baseUrl: new URL(baseUrl ?? ''), key: own, fetch: reach }, signal);
  const [proxy, problem] = [proxyOf(env), proxyProblem(env)];
  const facts = await collectFacts({
    versions: { quartet: version },
    folder: { path: site.workspace },
    storage: site.storage,
    find: async () => {
      const found = await modelsFor(options);
      const [first] = found.endpoints;
      return { source: options.modelsFile ?? (first ? sourceOf(first) : ''), ...found };
    },
    check: (endpoint) => checkEndpoint(endpoint, { models, key, list }, AbortSignal.timeout(CHECK_MS_MAX)),
    network: {
      ...(proxy !== undefined && { proxy: proxy.shown }),
      ...(proxy?.noProxy !== undefined && { noProxy: proxy.noProxy }),
      ...(problem !== undefined && { proxyProblem: problem }),
      systemAuthorities: trustsSystem(),
    },
    ripgrep: [],
    testCommand: options.testCommand,
    log: QUIET,
  });
  return tellFindings(facts, console, options.json);
}

const sourceOf = ({ id }: Endpoint): string =>
  ({ 'command-line': 'the command line', environment: 'the environment', script: 'a script' })[id] ??
  'this machine';

async function start(goal: string, options: RunOptions, console: Console): Promise<number> {
  return (await begin(goal, options, console)).code;
}

async function begin(goal: string, options: RunOptions, console: Console) {
  const site = await siteOf(options);
  const policy = await policyFor(options, site.workspace);
  const given = await readGiven(options, { policy, console });
  const models = options.mode === 'qa' && !options.qa.diagnose ? NOBODY : await modelsFor(options);
  if (options.record !== undefined) await refuseOld(options.record);
  await noteWorkspace(site.storage, site.workspace);
  const house = houseOf(site, options);
  const settings = settingsOf(options, models, {
    project: await readInstructions(house.ports, site.workspace),
    policy,
    processors: availableParallelism(),
  });
  const engine = house.engine(console.ask !== undefined);
  const demo = models.endpoints.some((endpoint) => endpoint.kind === 'scripted');
  const run = await engine.start({
    goal: await mentionedAt({ root: site.workspace, history: house.ports.history }, goal),
    mode: options.mode,
    follows: options.follows,
    ...given,
    settings,
    demo,
  });
  const desk = { house, console, options };
  const code = await commitAfter(desk, run.id, await follow(desk, run.id, 0));
  return { code, view: await house.views.view(run.id) };
}

async function perform(command: Command, console: Console): Promise<number> {
  switch (command.name) {
    case 'run':
      return start(command.goal, command.options, console);
    case 'test':
      return testAlone(command.test, command.options, (goal, options) => begin(goal, options, console));
    case 'tests':
      return keptTests(command.kept, await deskAt(command.options, console));
    case 'runs':
      return listRuns(await deskAt(command.options, console));
    case 'permissions':
      return permissions(await deskAt(command.options, console));
    case 'roles':
      return roles(await deskAt(command.options, console), command);
    case 'doctor':
      return doctor(command.options, console);
    case 'gc':
      return collect(await deskAt(command.options, console));
    case 'import': {
      const site = await siteOf(command.options);
      await noteWorkspace(site.storage, site.workspace);
      return importFrom(await deskAt(command.options, console), command.file);
    }
    case 'answer':
      return answer(await deskOf(command.run, command.options, console), command);
    case 'resend':
      return resend(await deskOf(command.run, command.options, console), command);
    case 'plan':
    case 'say':
    case 'take':
    case 'set':
      return steer(await deskOf(command.run, command.options, console), command);
    case 'help':
      console.say(helpText(command.about));
      return 0;
    case 'version':
      console.say(version);
      return 0;
    case 'review':
      return command.options.review.ask === undefined
        ? onARun('review', command.run, await deskOf(command.run, command.options, console))
        : askAbout(command.run, command.options, console);
    default:
      return onARun(command.name, command.run, await deskOf(command.run, await withModels(command), console));
  }
}

async function askAbout(run: string, options: RunOptions, console: Console): Promise<number> {
  const { workspace } = await siteOfRun(run, options);
  const desk = await deskOf(run, { ...options, workspace }, console);
  return askAboutChange(desk, run, (goal, asking) => begin(goal, asking, console));
}

async function deskAt(options: RunOptions, console: Console): Promise<Desk> {
  return { house: houseOf(await siteOf(options), options), console, options };
}

async function deskOf(run: string, options: RunOptions, console: Console): Promise<Desk> {
  return { house: houseOf(await siteOfRun(run, options), options), console, options };
}

/** A fork may go on with another model. */
async function withModels({ name, options }: { name: OnARun; options: RunOptions }): Promise<RunOptions> {
  const another = options.model ?? options.script ?? options.baseUrl ?? options.modelsFile;
  if (name !== 'fork' || another === undefined) return options;
  return { ...options, models: await modelsFor(options) };
}

async function main(): Promise<number> {
  try {
    const command = readArguments(process.argv.slice(2));
    const json = 'options' in command && command.options.json;
    return await perform(command, realConsole(json));
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof PortError)) return unexpected(error);
    const advice = error instanceof PortError ? error.advice : helpHint(process.argv.slice(2));
    process.stderr.write(`${plainText(error.message)}${advice === undefined ? '' : `\n${advice}`}\n`);
    return error instanceof UsageError ? USAGE_CODE : 1;
  }
}

/** What a system call refuses is told in its words; anything else is a fault of ours. */
function unexpected(error: unknown): number {
  const system = error instanceof Error && 'syscall' in error;
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(system ? `${text}\n` : `A fault in Quartet itself: ${text}\n`);
  return 1;
}

// A reader that has seen enough closes the pipe; that is no failure.
process.stdout.on('error', () => process.exit(0));
void main().then((code) => (process.exitCode = code));
