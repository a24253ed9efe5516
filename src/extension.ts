/** The editor's door: makes the ports, starts the engine when something first needs it, opens the surfaces. */
import * as vscode from 'vscode';
import { PortError, type KeptText, type Log, type RunStore, type Secrets } from './core/ports.ts';
import type { Facts } from './core/doctor/facts.ts';
import type { Endpoints, EndpointState } from './core/models/endpoints.ts';
import type { Engine, LiveTests, RunViews } from './core/run/contract.ts';
import type { Backend } from './editor/backend.ts';
import type { ModelProbe } from './editor/configure/questions.ts';
import { demoUri } from './editor/demo.ts';
import { ENVIRONMENT_ENDPOINT } from './core/models/candidates.ts';
import { createConsent, type Consent } from './editor/language-models/consent.ts';
import { listEditorModels, onEditorModels } from './editor/language-models/select.ts';
import { createEditorLog, type EditorLog } from './editor/log.ts';
import type { Discovery } from './editor/models.ts';
import { rememberKeys } from './core/policy/known-keys.ts';
import { holdFolder, keepFolderIn, workspaceFolder } from './editor/obstacle.ts';
import { once } from './editor/once.ts';
import { readSetting } from './editor/read-setting.ts';
import { ripgrepPlaces } from './editor/ripgrep.ts';
import { createEditorSecrets, type EditorSecrets } from './editor/secrets.ts';
import type { Endpoint } from './protocol/settings.ts';
import type { Printed, QuartetApi } from './editor/shared.ts';
import { openSurfaces, type Surfaces } from './editor/surfaces.ts';
import { createEditorTerminal, type EditorTerminal } from './editor/terminal.ts';
import { AppliedProblems } from './editor/review/applied-problems.ts';
import { createEditorWorkspace } from './editor/workspace.ts';
import { version } from '../package.json';

/** A server that is being configured is given this long to list its models, and to answer. */
const LIST_MS_MAX = 10_000;
const TEST_MS_MAX = 60_000;

interface Door {
  readonly context: vscode.ExtensionContext;
  readonly log: EditorLog;
  readonly secrets: EditorSecrets;
  readonly terminal: EditorTerminal;
  readonly consent: Consent;
  readonly printed: vscode.EventEmitter<Printed>;
  readonly tests: vscode.EventEmitter<LiveTests>;
  readonly problems: AppliedProblems;
}

let surfaces: Surfaces | undefined;

export function activate(context: vscode.ExtensionContext): QuartetApi {
  keepFolderIn(context.workspaceState);
  const log = createEditorLog();
  const terminal = createEditorTerminal();
  const secrets = createEditorSecrets(context.secrets, baseUrlOf);
  const printed = new vscode.EventEmitter<Printed>();
  const tests = new vscode.EventEmitter<LiveTests>();
  const consent = createConsent({
    state: context.globalState,
    access: context.languageModelAccessInformation,
  });
  const problems = new AppliedProblems(workspaceFolder);
  const door: Door = { context, log, secrets, terminal, consent, printed, tests, problems };
  surfaces = openSurfaces({
    context,
    log,
    secrets,
    load: () => loadBackend(door),
    goalKept: goalKept(context),
    discovery,
    onEditorModels,
    attend: () => consent.attend(),
    probe: createProbe(door),
    examine: (signal) => examine(door, signal),
    onPrinted: printed.event,
    onTests: tests.event,
    problems,
  });
  context.subscriptions.push(surfaces, terminal, printed, tests, log);
  return surfaces.api;
}

/** Runs that are live stop, so that the next window goes on with them. */
export async function deactivate(): Promise<void> {
  await surfaces?.close();
}

/** Where an endpoint's requests go, as far as the settings know. */
async function baseUrlOf(endpointId: string): Promise<string | undefined> {
  return (await endpointsSet()).find(({ id }) => id === endpointId)?.baseUrl;
}

/** Errors: `settings.invalid`. */
async function endpointsSet(): Promise<readonly Endpoint[]> {
  const { configuredModels } = await import('./editor/late.ts');
  return configuredModels(readSetting)?.endpoints ?? [];
}

/** A window without a folder keeps nothing. */
function goalKept({ storageUri }: vscode.ExtensionContext): KeptText {
  const open = once(async () => {
    if (storageUri === undefined) return undefined;
    const { createKeptText, storages } = await import('./loaded/backend.ts');
    return createKeptText(await storages.sharedStorage(storageUri.fsPath), 'goal.json');
  });
  return {
    read: async (bytesMax) => (await open())?.read(bytesMax),
    write: async (text) => (await open())?.write(text),
    remove: async () => (await open())?.remove(),
  };
}

async function loadBackend(door: Door): Promise<Backend> {
  const folder = workspaceFolder();
  const storage = door.context.storageUri;
  if (folder === undefined || storage === undefined) {
    throw new PortError('workspace.none', 'No folder is open.', { advice: 'Open one first.' });
  }
  const loaded = await import('./loaded/backend.ts');
  const { createNodePorts, createRunViews, createRunRecord, storages } = loaded;
  const { log, terminal, printed } = door;
  const storageFolder = await placeOf(storages, storage.fsPath, folder);
  const ports = createNodePorts({
    workspaceRoot: folder.uri.fsPath,
    storage: storageFolder,
    log,
    onOutput: (label, text) => {
      terminal.write(label, text);
      printed.fire({ label, text });
    },
    ripgrep: ripgrepPlaces(vscode.env.appRoot, process.platform, process.arch),
    isTrusted: () => vscode.workspace.isTrusted,
  });
  const views = createRunViews(ports.store, ports.hasher);
  holdFolder(folder);
  void sweep(storageFolder, { ...ports, views }).catch((error: unknown) => log.warn(String(error)));
  return {
    views,
    store: ports.store,
    copies: ports.copies,
    record: (run) => createRunRecord(ports, run),
    engine: () => makeEngine(door, ports, folder),
    ...aboutRuns(
      ports,
      storageFolder,
      views,
      loaded.createWorkspaceTests(ports, storageFolder, () => namedPath(readSetting('testCommand'))),
    ),
    checkPlan: planCheck(ports, views),
  };
}

/** What reads the run is made with the first plan that is edited. */
function planCheck(ports: NodePorts, views: RunViews): Backend['checkPlan'] {
  let check: ReturnType<typeof import('./loaded/seldom.ts').createDraftCheck> | undefined;
  return async (run, plan) => {
    check ??= (await import('./loaded/seldom.ts')).createDraftCheck(ports);
    return check(await views.view(run), plan);
  };
}

async function makeEngine(door: Door, ports: NodePorts, folder: vscode.WorkspaceFolder): Promise<Engine> {
  const { createEngine, createEditorLanguages, createEditorHostTools } = await import('./loaded/engine.ts');
  const keys = rememberKeys(withEnvironment(door.secrets));
  const models = await loadModels(door, keys.secrets);
  // A run that goes on may make a tool call before it asks a model.
  const ids = [ENVIRONMENT_ENDPOINT, ...(await endpointsSet()).map(({ id }) => id)];
  await Promise.all(ids.map((id) => keys.secrets.key(id).catch(() => undefined)));
  return createEngine(
    {
      ...ports,
      languages: createEditorLanguages(folder),
      hostTools: createEditorHostTools(),
      workspace: door.problems.around(createEditorWorkspace(folder, ports.workspace)),
      models,
      knownSecrets: keys.known,
      onTests: (tests) => door.tests.fire(tests),
    },
    { whenWaiting: 'stay', givesUp: true },
  );
}

type Storages = typeof import('./loaded/backend.ts').storages;

/** Each folder has runs of its own, also in a window of several. */
const placeOf = (
  { sharedStorage, storageOfFolder }: Storages,
  storage: string,
  folder: vscode.WorkspaceFolder | undefined,
): Promise<string> =>
  folder === undefined || vscode.workspace.workspaceFile === undefined
    ? sharedStorage(storage)
    : storageOfFolder(storage, folder.uri.fsPath);

type NodePorts = ReturnType<typeof import('./loaded/backend.ts').createNodePorts>;
type AboutRuns = Omit<Backend, 'views' | 'store' | 'copies' | 'record' | 'engine' | 'checkPlan'>;

/** What can be done with runs without the engine; each part is loaded when it is first asked for. */
function aboutRuns(
  ports: NodePorts,
  storageFolder: string,
  views: RunViews,
  tests: Backend['tests'],
): AboutRuns {
  return {
    permissions: ports.permissions,
    tests,
    async audit(run, form) {
      const { auditRun, auditText } = await import('./loaded/seldom.ts');
      const audit = await auditRun(ports.store, ports.hasher, run);
      return form === 'text' ? auditText(audit) : `${JSON.stringify(audit, undefined, 2)}\n`;
    },
    roles: {
      list: () => ports.roles.list(),
      add: (to, name, text) => ports.roles.add(to, name, text),
      approve: (text) => ports.roles.approve(ports.hasher.sha256(text)),
    },
    async verify(run) {
      const { verifyRun } = await import('./loaded/seldom.ts');
      return await verifyRun(ports.store, ports.hasher, run);
    },
    async exportRun(run, signal) {
      const { exportRun } = await import('./loaded/seldom.ts');
      return await exportRun(ports, run, signal);
    },
    async importRun(text) {
      const { importRun } = await import('./loaded/seldom.ts');
      return await importRun(ports, text);
    },
    async takeOver(run, signal) {
      const { takeOver } = await import('./loaded/seldom.ts');
      await takeOver(ports, run, { signal });
    },
    async survey(signal) {
      const { surveyStorage } = await import('./loaded/seldom.ts');
      return await surveyStorage({ ...ports, storage: storageFolder, views, signal });
    },
    async collect(rules, how) {
      const { collectGarbage } = await import('./loaded/seldom.ts');
      const options = { ...ports, ...how, storage: storageFolder, views };
      return await collectGarbage(options, { now: ports.clock.now(), ...rules });
    },
  };
}

/** Removes what runs left behind when the editor went down. */
async function sweep(storage: string, { store, views, log }: { store: RunStore; views: RunViews; log: Log }) {
  const { sweepLeftovers, unfinishedRuns } = await import('./loaded/backend.ts');
  await sweepLeftovers({ storage, log, unfinished: () => unfinishedRuns(store, views) });
}

/** The environment's key goes to the environment's endpoint only. */
function withEnvironment(secrets: Secrets): Secrets {
  return {
    key: async (id) => (id === ENVIRONMENT_ENDPOINT ? process.env['OPENAI_API_KEY'] : await secrets.key(id)),
  };
}

/** How endpoints do, for all that works in this window. */
let known: Endpoints | undefined;

async function loadModels({ context, log, consent }: Door, secrets: Secrets) {
  const {
    createRouter,
    createEndpoints,
    createScriptedModel,
    parseScript,
    nodeClock: clock,
    withCassettes,
    createOpenAiModels,
    createEditorLanguageModels,
  } = await import('./loaded/engine.ts');
  const script = async () => {
    const bytes = await vscode.workspace.fs.readFile(demoUri(context.extensionUri, 'script.json'));
    return parseScript(new TextDecoder().decode(bytes));
  };
  const endpoints = (known ??= createEndpoints(clock));
  const folder = () => namedPath(readSetting('models.record'));
  return withCassettes({ log, folder }, (cassette) =>
    createRouter(
      {
        cassette,
        openai: createOpenAiModels({ secrets, log, clock, endpoints }),
        scripted: createScriptedModel(script, { clock }),
        editor: createEditorLanguageModels({ consent, log, clock, endpoints }),
      },
      endpoints,
    ),
  );
}

const namedPath = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

const QUIET: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const discovery: Discovery = {
  async candidates({ local }) {
    const { discoverModels } = await import('./loaded/backend.ts');
    return await discoverModels({ env: process.env, ...(!local && { local: [] }) });
  },
  editorModels: listEditorModels,
  async instructions(root) {
    const { readInstructions } = await import('./loaded/seldom.ts');
    const { createNodeFiles, createNodeSearch } = await import('./loaded/backend.ts');
    const ripgrep = ripgrepPlaces(vscode.env.appRoot, process.platform, process.arch);
    const search = createNodeSearch({ log: QUIET, ripgrep });
    return await readInstructions({ files: createNodeFiles({ storage: root }), search }, root);
  },
  environmentModel: process.env['OPENAI_MODEL'],
};

function createProbe({ log, consent }: Door): ModelProbe {
  return {
    async list(baseUrl, key, signal) {
      const { listModels } = await import('./loaded/backend.ts');
      return await listModels({ baseUrl: new URL(baseUrl), key, fetch: reach }, within(LIST_MS_MAX, signal));
    },
    async test(endpoint, key, signal) {
      const {
        probeModel,
        nodeClock: clock,
        createOpenAiModels,
        createEditorLanguageModels,
      } = await import('./loaded/engine.ts');
      const models =
        endpoint.kind === 'editor'
          ? createEditorLanguageModels({ consent, log, clock })
          : createOpenAiModels({ secrets: { key: async () => key }, log, clock });
      return await probeModel(models, endpoint, within(TEST_MS_MAX, signal));
    },
  };
}

/** Aborts when the person does, or at the end of the time. */
const within = (ms: number, signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(ms)]);

/** Everything that the doctor judges; rejects where it is stopped. Models are asked only in a folder that is trusted. */
async function examine(door: Door, signal: AbortSignal): Promise<Facts> {
  const { log, secrets } = door;
  const storage = door.context.storageUri;
  const { collectFacts, checkEndpoint, createEditorModels, editorFacts } = await import('./loaded/seldom.ts');
  const { listModels, storages } = await import('./loaded/backend.ts');
  const keys = withEnvironment(secrets);
  const models = await loadModels(door, keys);
  const list = async ({ baseUrl }: Endpoint, own: string | undefined, signal: AbortSignal) =>
    listModels({ baseUrl: new URL(baseUrl ?? ''), key: own, fetch: reach }, signal);
  const needs = {
    models,
    list,
    key: (endpoint: Endpoint) => keys.key(endpoint.id),
    ...(known && { now: stateIn(known) }),
  };
  const facts = editorFacts();
  const collected = await collectFacts({
    ...facts,
    versions: { quartet: version, ...facts.versions },
    storage: storage && (await placeOf(storages, storage.fsPath, workspaceFolder())),
    find: async () => {
      if (!vscode.workspace.isTrusted)
        throw new PortError('workspace.untrusted', 'Models are not asked while the folder is not trusted.');
      return await createEditorModels(discovery).find();
    },
    check: (endpoint) => checkEndpoint(endpoint, needs, within(TEST_MS_MAX, signal)),
    ripgrep: ripgrepPlaces(vscode.env.appRoot, process.platform, process.arch),
    log,
  });
  signal.throwIfAborted();
  return collected;
}

const stateIn =
  (endpoints: Endpoints) =>
  (id: string): EndpointState =>
    endpoints.state(id);

/** The editor's own `fetch`: it goes by the proxy and the certificates that the editor is set to. */
const reach = (url: string, init: RequestInit) => globalThis.fetch(url, init);
