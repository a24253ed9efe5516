/** The terminal door: makes the ports, starts the engine, says what happens. */
import * as fs from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseScript } from './core/models/script.ts';
import { createRouter } from './core/models/routing.ts';
import { createScriptedModel } from './core/models/scripted.ts';
import type { Models } from './core/models/contract.ts';
import { PortError, type Log, type Secrets } from './core/ports.ts';
import { createEngine } from './core/run/engine.ts';
import { createRunViews } from './core/run/views.ts';
import { discoverModels } from './node/models/discover.ts';
import { createOpenAiModels } from './node/models/openai-models.ts';
import { createNodePorts } from './node/ports.ts';
import { findRun, noteWorkspace, stateFolder, storageOf } from './node/state-folder.ts';
import type { Endpoint } from './protocol/settings.ts';
import { readAnswer } from './terminal/answering.ts';
import { readArguments, USAGE, UsageError, type Command, type RunOptions } from './terminal/arguments.ts';
import { exitCodeOf, USAGE_CODE } from './terminal/exit-codes.ts';
import { countLines } from './terminal/following.ts';
import { checkedUrl, foundEndpoint, namedEndpoint, settingsOf } from './terminal/run-settings.ts';
import { accompany, realConsole, type Console } from './terminal/session.ts';
import { gateText, needText } from './terminal/story.ts';
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
  const workspace = resolve(options.workspace ?? '.');
  const stat = await fs.stat(workspace).catch(() => undefined);
  if (!stat?.isDirectory()) throw new UsageError(`There is no folder ${workspace}.`);
  return {
    workspace,
    storage:
      options.stateDir === undefined
        ? await storageOf(stateFolder(env), workspace)
        : resolve(options.stateDir),
  };
}

/** Where a run lives: the state folder given, or whichever workspace's holds it. */
async function siteOfRun(run: string, options: RunOptions): Promise<Site> {
  if (options.stateDir !== undefined) {
    const storage = resolve(options.stateDir);
    const noted = await fs.readFile(join(storage, 'workspace.json'), 'utf8').catch(() => undefined);
    const root = noted === undefined ? undefined : (JSON.parse(noted) as { root: string }).root;
    return { storage, workspace: root ?? resolve(options.workspace ?? '.') };
  }
  const found = await findRun(stateFolder(env), run);
  if (!found)
    throw new PortError('run.missing', `There is no run ${run}.`, {
      advice: '"quartet runs" lists the runs of a workspace.',
    });
  return found;
}

function house(site: Site) {
  const node = createNodePorts({ workspaceRoot: site.workspace, storage: site.storage, log: QUIET });
  const openai = createOpenAiModels({ secrets: SECRETS, log: QUIET, clock: node.clock });
  const models: Models = createRouter({
    openai,
    scripted: createScriptedModel(loadScript, { clock: node.clock }),
    editor: undefined,
  });
  const ports = { ...node, models };
  return { ports, views: createRunViews(node.store, node.hasher, 'terminal') };
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
      .catch(() => Promise.reject(new UsageError(`There is no script ${named.script ?? ''}.`)));
  if (named) return named.script === undefined ? named : { ...named, script: resolve(named.script) };
  const asked =
    options.baseUrl === undefined ? env : { ...env, OPENAI_BASE_URL: checkedUrl(options.baseUrl) };
  const model = options.model ?? env['QUARTET_MODEL'] ?? env['OPENAI_MODEL'];
  const found = await discoverModels({ env: asked, ...(options.baseUrl !== undefined && { local: [] }) });
  return foundEndpoint({ ...options, model }, found);
}

async function start(goal: string, options: RunOptions, console: Console): Promise<number> {
  const site = await siteOf(options);
  const endpoint = await endpointFor(options);
  const instructions = await fs.readFile(join(site.workspace, 'AGENTS.md'), 'utf8').catch(() => undefined);
  await noteWorkspace(site.storage, site.workspace);
  const { ports, views } = house(site);
  const engine = createEngine(ports, { whenWaiting: console.ask ? 'stay' : 'pause' });
  const settings = settingsOf(options, endpoint, instructions?.slice(0, INSTRUCTIONS_CHARS_MAX));
  const run = await engine.start({ goal, mode: options.mode, settings, demo: endpoint.kind === 'scripted' });
  return follow({ engine, views, store: ports.store, console, json: options.json }, run.id, 0);
}

type Parts = Parameters<typeof accompany>[2];

async function follow(parts: Parts, id: string, known: number): Promise<number> {
  const run = parts.engine.live(id) ?? (await parts.engine.resume(id));
  const stop = (): void => void run.stop('stopped');
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const end = await accompany(run, known, parts);
  process.off('SIGINT', stop).off('SIGTERM', stop);
  await sayWhatNext(parts, id, exitCodeOf(end));
  return exitCodeOf(end);
}

async function sayWhatNext({ console, views }: Parts, id: string, code: number): Promise<void> {
  if (code === 3) {
    const view = await views.view(id);
    for (const need of view.needs)
      console.say(`\n${needText(need, view)}\n  quartet answer ${id} ${need.signal} VALUE`);
  }
  if ([1, 3, 4, 130].includes(code)) {
    const view = await views.view(id);
    if (!view.finished) console.say(`\nGo on with: quartet resume ${id}`);
  }
}

async function resume(id: string, options: RunOptions, console: Console): Promise<number> {
  const site = await siteOfRun(id, options);
  const { ports, views } = house(site);
  const engine = createEngine(ports, { whenWaiting: console.ask ? 'stay' : 'pause' });
  const known = await countLines(ports.store, id);
  const changes = Object.keys(options.budget).length > 0 ? { budget: options.budget } : {};
  const run = await engine.resume(id, changes);
  return follow({ engine, views, store: ports.store, console, json: options.json }, run.id, known);
}

async function listRuns(options: RunOptions, console: Console): Promise<number> {
  const { views } = house(await siteOf(options));
  const runs = await views.list();
  if (options.json) for (const run of runs) console.line(JSON.stringify(run));
  else if (runs.length === 0) console.say('No runs in this workspace yet.');
  else
    for (const run of runs)
      console.say(
        `${run.id}  ${run.status.padEnd(9)}  ${new Date(run.startedAt).toISOString().slice(0, 16)}  ${run.goal.split('\n')[0] ?? ''}`,
      );
  return 0;
}

async function show(id: string, options: RunOptions, console: Console): Promise<number> {
  const { views } = house(await siteOfRun(id, options));
  const view = await views.view(id);
  if (options.json) {
    console.line(JSON.stringify(view));
    return 0;
  }
  const cost = view.spent.costUsd === null ? 'cost unknown' : `$${view.spent.costUsd.toFixed(4)}`;
  console.say(
    `${view.id}: ${view.status}\nGoal: ${view.goal}\n${view.spent.calls} model calls, ${view.spent.inputTokens + view.spent.outputTokens} tokens, ${cost}`,
  );
  for (const task of view.tasks)
    console.say(
      `  ${task.spec.id} [${task.spec.role}] ${task.state}: ${task.spec.title}${task.note === undefined ? '' : ` (${task.note})`}`,
    );
  const gate = view.evidence.accepted ?? view.evidence.integrated ?? view.evidence.baseline;
  if (gate) console.say(`Tests: ${gateText(gate)}`);
  for (const file of view.changes?.files ?? [])
    console.say(`  ${file.kind.padEnd(8)} ${file.path} (+${file.additions} -${file.deletions})`);
  if (view.summary) console.say(`\n${view.summary.title}\n\n${view.summary.body}`);
  if (view.answer) console.say(`\n${view.answer.text}`);
  for (const need of view.needs)
    console.say(`\n${needText(need, view)}\n  quartet answer ${id} ${need.signal} VALUE`);
  const last = view.finished?.message ?? view.paused?.message;
  if (last !== undefined) console.say(`\n${last}`);
  return 0;
}

async function answer(
  { run, signal, value, options }: Command & { name: 'answer' },
  console: Console,
): Promise<number> {
  const { ports, views } = house(await siteOfRun(run, options));
  const view = await views.view(run);
  const need = view.needs.find((each) => each.signal === signal);
  if (!need)
    throw new UsageError(
      `The run does not ask "${signal}". Open: ${view.needs.map((each) => each.signal).join(', ') || 'nothing'}.`,
    );
  const typed = readAnswer(need, value, view);
  if (!typed.ok) throw new UsageError(typed.hint);
  await ports.store.putSignal(run, { name: signal, value: typed.value, from: 'terminal' });
  console.say((await ports.store.isOwned(run)) ? 'Answered.' : `Answered. Go on with: quartet resume ${run}`);
  return 0;
}

async function stop(run: string, options: RunOptions, console: Console): Promise<number> {
  const { ports } = house(await siteOfRun(run, options));
  if (!(await ports.store.isOwned(run))) {
    console.say('The run is not working.');
    return 0;
  }
  await ports.store.putSignal(run, { name: 'stop', value: null, from: 'terminal' });
  console.say('Asked to stop.');
  return 0;
}

function perform(command: Command, console: Console): Promise<number> {
  switch (command.name) {
    case 'run':
      return start(command.goal, command.options, console);
    case 'resume':
      return resume(command.run, command.options, console);
    case 'runs':
      return listRuns(command.options, console);
    case 'show':
      return show(command.run, command.options, console);
    case 'answer':
      return answer(command, console);
    case 'stop':
      return stop(command.run, command.options, console);
    case 'help':
      console.say(USAGE);
      return Promise.resolve(0);
    case 'version':
      console.say(version);
      return Promise.resolve(0);
  }
}

async function main(): Promise<number> {
  try {
    const command = readArguments(process.argv.slice(2));
    const json = 'options' in command && command.options.json;
    return await perform(command, realConsole(json));
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof PortError)) throw error;
    const advice = error instanceof PortError ? error.advice : 'See: quartet help';
    process.stderr.write(`${error.message}${advice === undefined ? '' : `\n${advice}`}\n`);
    return error instanceof UsageError ? USAGE_CODE : 1;
  }
}

process.exitCode = await main();
