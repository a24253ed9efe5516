/** The editor's door: makes the ports, starts the engine when something first needs it, opens the surfaces. */
import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import { PortError, type Log, type RunStore, type Secrets } from './core/ports.ts';
import type { RunViews } from './core/run/contract.ts';
import type { Backend } from './editor/backend.ts';
import type { ModelProbe } from './editor/configure/configure.ts';
import { demoUri } from './editor/demo.ts';
import { ENVIRONMENT_ENDPOINT } from './core/models/candidates.ts';
import { createEditorLog, type EditorLog } from './editor/log.ts';
import { readSetting, type Discovery } from './editor/models.ts';
import { workspaceFolder } from './editor/obstacle.ts';
import { ripgrepPlaces } from './editor/ripgrep.ts';
import { createEditorSecrets, type EditorSecrets } from './editor/secrets.ts';
import { configuredModels } from './editor/settings.ts';
import { openSurfaces, type QuartetApi, type Surfaces } from './editor/surfaces.ts';
import { createEditorTerminal, type EditorTerminal } from './editor/terminal.ts';
import { createEditorWorkspace } from './editor/workspace.ts';

/** A server that is being configured is given this long to list its models, and to answer. */
const LIST_MS_MAX = 10_000;
const TEST_MS_MAX = 60_000;

interface Door {
  readonly context: vscode.ExtensionContext;
  readonly log: EditorLog;
  readonly secrets: EditorSecrets;
  readonly terminal: EditorTerminal;
}

let surfaces: Surfaces | undefined;

export function activate(context: vscode.ExtensionContext): QuartetApi {
  const log = createEditorLog();
  const terminal = createEditorTerminal();
  const secrets = createEditorSecrets(context.secrets, baseUrlOf);
  const door: Door = { context, log, secrets, terminal };
  surfaces = openSurfaces({
    context,
    log,
    secrets,
    load: () => loadBackend(door),
    discovery,
    probe: createProbe(log),
    gitWorks,
  });
  context.subscriptions.push(surfaces, terminal, log);
  return surfaces.api;
}

/** Runs that are live stop, so that the next window goes on with them. */
export async function deactivate(): Promise<void> {
  await surfaces?.close();
}

/** Where an endpoint's requests go, as far as the settings know. */
function baseUrlOf(endpointId: string): string | undefined {
  return configuredModels(readSetting)?.endpoints.find(({ id }) => id === endpointId)?.baseUrl;
}

async function loadBackend(door: Door): Promise<Backend> {
  const folder = workspaceFolder();
  const storage = door.context.storageUri;
  if (folder === undefined || storage === undefined) {
    throw new PortError('workspace.none', 'No folder is open.', { advice: 'Open one first.' });
  }
  const [{ createNodePorts }, { sharedStorage }, { createRunViews }] = await Promise.all([
    import('./node/ports.ts'),
    import('./node/shared-storage.ts'),
    import('./core/run/views.ts'),
  ]);
  const { log, terminal } = door;
  const storageFolder = await sharedStorage(storage.fsPath);
  const ports = createNodePorts({
    workspaceRoot: folder.uri.fsPath,
    storage: storageFolder,
    log,
    onOutput: (label, text) => terminal.write(label, text),
    ripgrep: ripgrepPlaces(vscode.env.appRoot, process.platform, process.arch),
  });
  const workspace = createEditorWorkspace(folder, ports.workspace);
  const views = createRunViews(ports.store, ports.hasher);
  void sweep(storageFolder, { ...ports, views }).catch((error: unknown) => log.warn(String(error)));
  return {
    views,
    store: ports.store,
    copies: ports.copies,
    async engine() {
      const { createEngine } = await import('./core/run/engine.ts');
      const models = await loadModels(door);
      const [{ createEditorLanguages }, { createEditorHostTools }] = await Promise.all([
        import('./editor/languages.ts'),
        import('./editor/host-tools.ts'),
      ]);
      const tools = { languages: createEditorLanguages(folder), hostTools: createEditorHostTools() };
      return createEngine({ ...ports, ...tools, workspace, models }, { whenWaiting: 'stay' });
    },
    async verify(run) {
      const { verifyRun } = await import('./core/run/verify.ts');
      return await verifyRun(ports.store, ports.hasher, run);
    },
    async exportRun(run) {
      const { exportRun } = await import('./core/run/bundle.ts');
      return await exportRun(ports, run);
    },
    async importRun(text) {
      const { importRun } = await import('./core/run/bundle.ts');
      return await importRun(ports, text);
    },
    async checkPlan(plan) {
      const [{ checkPlan }, { createRegistry }] = await Promise.all([
        import('./core/run/graph.ts'),
        import('./core/team/registry.ts'),
      ]);
      const tasks = Number(readSetting('limits.tasks'));
      return checkPlan(plan, createRegistry().forTasks, { tasks });
    },
  };
}

/** Removes what runs left behind when the editor went down. */
async function sweep(storage: string, { store, views, log }: { store: RunStore; views: RunViews; log: Log }) {
  const [{ sweepLeftovers }, { unfinishedRuns }] = await Promise.all([
    import('./node/retention/sweep.ts'),
    import('./core/run/retention.ts'),
  ]);
  await sweepLeftovers({ storage, log, unfinished: () => unfinishedRuns(store, views) });
}

/** The environment's key goes to the environment's endpoint only. */
function withEnvironment(secrets: Secrets): Secrets {
  return {
    key: async (id) => (id === ENVIRONMENT_ENDPOINT ? process.env['OPENAI_API_KEY'] : await secrets.key(id)),
  };
}

async function loadModels({ context, log, secrets }: Door) {
  const [
    { createRouter },
    { createScriptedModel },
    { parseScript },
    { createOpenAiModels },
    { nodeClock },
    { withCassettes },
  ] = await Promise.all([
    import('./core/models/routing.ts'),
    import('./core/models/scripted.ts'),
    import('./core/models/script.ts'),
    import('./node/models/openai-models.ts'),
    import('./node/clock.ts'),
    import('./node/models/cassette-file.ts'),
  ]);
  const script = async () => {
    const bytes = await vscode.workspace.fs.readFile(demoUri(context.extensionUri, 'script.json'));
    return parseScript(new TextDecoder().decode(bytes));
  };
  const folder = () => namedPath(readSetting('models.record'));
  return withCassettes({ log, folder }, (cassette) =>
    createRouter({
      cassette,
      openai: createOpenAiModels({ secrets: withEnvironment(secrets), log, clock: nodeClock }),
      scripted: createScriptedModel(script, { clock: nodeClock }),
      editor: undefined,
    }),
  );
}

const namedPath = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

const discovery: Discovery = {
  async candidates({ local }) {
    const { discoverModels } = await import('./node/models/discover.ts');
    return await discoverModels({ env: process.env, ...(!local && { local: [] }) });
  },
  environmentModel: process.env['OPENAI_MODEL'],
};

function createProbe(log: EditorLog): ModelProbe {
  return {
    async list(baseUrl, key) {
      const { listModels } = await import('./node/models/model-list.ts');
      const fetch = (url: string, init: RequestInit) => globalThis.fetch(url, init);
      return await listModels({ baseUrl: new URL(baseUrl), key, fetch }, AbortSignal.timeout(LIST_MS_MAX));
    },
    async test(endpoint, key) {
      const [{ createOpenAiModels }, { nodeClock }] = await Promise.all([
        import('./node/models/openai-models.ts'),
        import('./node/clock.ts'),
      ]);
      const models = createOpenAiModels({ secrets: { key: async () => key }, log, clock: nodeClock });
      const content = 'Reply with the one word: ready.';
      const request = { role: 'test', attempt: 1, turn: 1, tools: [], outputTokensMax: 256 } as const;
      await models.complete(
        { ...request, messages: [{ role: 'user', content }], endpoints: [endpoint] },
        { signal: AbortSignal.timeout(TEST_MS_MAX), onText: () => undefined },
      );
    },
  };
}

async function gitWorks(): Promise<boolean> {
  return await new Promise((resolve) => {
    execFile('git', ['--version'], (error) => resolve(error === null));
  });
}
