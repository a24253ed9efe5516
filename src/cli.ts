/** The terminal door: makes the ports, starts the engine, says what happens. */
import * as fs from 'node:fs/promises';
import { join, resolve as absolute } from 'node:path';
import { parseScript } from './core/models/script.ts';
import { createRouter } from './core/models/routing.ts';
import { createCassetteModel } from './core/models/cassette.ts';
import { createScriptedModel } from './core/models/scripted.ts';
import { plainText } from './core/policy/terminal-text.ts';
import { PortError, type Log, type Secrets } from './core/ports.ts';
import type { Engine } from './core/run/contract.ts';
import { createEngine } from './core/run/engine.ts';
import { unfinishedRuns } from './core/run/retention.ts';
import { createRunViews } from './core/run/views.ts';
import { beginCassette, readCassette, recordedInto } from './node/models/cassette-file.ts';
import { discoverModels } from './node/models/discover.ts';
import { createOpenAiModels } from './node/models/openai-models.ts';
import { createNodePorts } from './node/ports.ts';
import { collectGarbage } from './node/retention/collect.ts';
import { sweepLeftovers } from './node/retention/sweep.ts';
import { findRun, noteWorkspace, stateFolder, storageOf } from './node/state-folder.ts';
import type { Endpoint } from './protocol/settings.ts';
import {
  readArguments,
  USAGE,
  UsageError,
  type Command,
  type OnARun,
  type RunOptions,
} from './terminal/arguments.ts';
import { USAGE_CODE } from './terminal/exit-codes.ts';
import type { House } from './terminal/house.ts';
import {
  afterwards,
  answer,
  collect,
  exportTo,
  follow,
  fork,
  importFrom,
  listRuns,
  replay,
  resume,
  show,
  stop,
  verify,
  type Desk,
} from './terminal/run-commands.ts';
import { readImages } from './terminal/images.ts';
import { checkedUrl, foundEndpoint, namedEndpoint, settingsOf } from './terminal/run-settings.ts';
import { realConsole, type Console } from './terminal/session.ts';
import { version } from '../package.json';

const { env } = process;
const INSTRUCTIONS_CHARS_MAX = 32_000;

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

/** The key of the environment belongs to the endpoint that the person named or that the environment names. */
const SECRETS: Secrets = {
  key: (endpoint) =>
    Promise.resolve(
      endpoint === 'command-line' || endpoint === 'environment' ? env['OPENAI_API_KEY'] : undefined,
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
  const node = createNodePorts({ workspaceRoot: site.workspace, storage: site.storage, log: QUIET });
  const openai = createOpenAiModels({ secrets: SECRETS, log: QUIET, clock: node.clock });
  const scripted = createScriptedModel(loadScript, { clock: node.clock });
  const cassette = createCassetteModel(readCassette, node.hasher);
  const router = createRouter({ openai, scripted, cassette });
  const file = record === undefined ? undefined : begunOnce(record);
  const models = file ? recordedInto(router, { hasher: node.hasher, log: QUIET, file }) : router;
  const ports = { ...node, models };
  const views = createRunViews(node.store, node.hasher, 'terminal');
  const storage = { storage: site.storage, store: node.store, views, log: QUIET };
  let engine: Engine | undefined;
  const makeEngine = (asks: boolean): Engine => {
    void sweepLeftovers({ ...storage, unfinished: () => unfinishedRuns(node.store, views) }).catch(
      () => undefined,
    );
    return createEngine(ports, { whenWaiting: asks ? 'stay' : 'pause' });
  };
  return {
    ports,
    views,
    engine: (asks) => (engine ??= makeEngine(asks)),
    collect: (rules, dryRun) => collectGarbage({ ...storage, hasher: node.hasher, dryRun }, rules),
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
  const found = await discoverModels({ env: asked, ...(options.baseUrl !== undefined && { local: [] }) });
  return foundEndpoint({ ...options, model }, found);
}

/** A recording never overwrites. Errors: `UsageError`. */
async function refuseOld(file: string): Promise<void> {
  const isThere = await fs.access(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw new UsageError(`--record takes a new file; ${file} is there already.`);
}

async function start(goal: string, options: RunOptions, console: Console): Promise<number> {
  const site = await siteOf(options);
  const images = await readImages(options.images);
  const endpoint = await endpointFor(options);
  const instructions = await fs.readFile(join(site.workspace, 'AGENTS.md'), 'utf8').catch(() => undefined);
  if (options.record !== undefined) await refuseOld(options.record);
  await noteWorkspace(site.storage, site.workspace);
  const house = houseOf(site, options);
  const settings = settingsOf(options, endpoint, instructions?.slice(0, INSTRUCTIONS_CHARS_MAX));
  const engine = house.engine(console.ask !== undefined);
  const run = await engine.start({
    goal,
    mode: options.mode,
    images,
    settings,
    demo: endpoint.kind === 'scripted',
  });
  return follow({ house, console, options }, run.id, 0);
}

async function onARun(name: OnARun, run: string, desk: Desk): Promise<number> {
  switch (name) {
    case 'resume':
      return resume(desk, run);
    case 'show':
      return show(desk, run);
    case 'stop':
      return stop(desk, run);
    case 'replay':
      return replay(desk, run);
    case 'verify':
      return verify(desk, run);
    case 'fork':
      return fork(desk, run);
    case 'export':
      return exportTo(desk, run);
    case 'apply':
    case 'undo':
      return afterwards(desk, run, name);
  }
}

async function perform(command: Command, console: Console): Promise<number> {
  switch (command.name) {
    case 'run':
      return start(command.goal, command.options, console);
    case 'runs':
      return listRuns({
        house: houseOf(await siteOf(command.options), command.options),
        console,
        options: command.options,
      });
    case 'gc':
      return collect({
        house: houseOf(await siteOf(command.options), command.options),
        console,
        options: command.options,
      });
    case 'import': {
      const site = await siteOf(command.options);
      await noteWorkspace(site.storage, site.workspace);
      return importFrom(
        { house: houseOf(site, command.options), console, options: command.options },
        command.file,
      );
    }
    case 'answer':
      return answer(await deskOf(command.run, command.options, console), command);
    case 'help':
      console.say(USAGE);
      return 0;
    case 'version':
      console.say(version);
      return 0;
    default:
      return onARun(
        command.name,
        command.run,
        await deskOf(command.run, await withEndpoint(command), console),
      );
  }
}

async function deskOf(run: string, options: RunOptions, console: Console): Promise<Desk> {
  return { house: houseOf(await siteOfRun(run, options), options), console, options };
}

/** A fork may go on with another model. */
async function withEndpoint({ name, options }: { name: OnARun; options: RunOptions }): Promise<RunOptions> {
  const another = options.model ?? options.script ?? options.baseUrl;
  return name === 'fork' && another !== undefined
    ? { ...options, endpoint: await endpointFor(options) }
    : options;
}

async function main(): Promise<number> {
  try {
    const command = readArguments(process.argv.slice(2));
    const json = 'options' in command && command.options.json;
    return await perform(command, realConsole(json));
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof PortError)) return unexpected(error);
    const advice = error instanceof PortError ? error.advice : 'See: quartet help';
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
process.exitCode = await main();
