/** Which models answer in this window: the person's settings, the environment, or a server of this machine. */
import * as vscode from 'vscode';
import { PortError } from '../core/ports.ts';
import type { Endpoint, RunSettings } from '../protocol/settings.ts';
import { workspaceFolder } from './obstacle.ts';
import { configuredModels, resolveSettings, type ReadSetting } from './settings.ts';

/** Endpoint ids of `routes` stand in `endpoints`. */
export interface FoundModels {
  readonly source: 'settings' | 'environment' | 'local';
  readonly endpoints: readonly Endpoint[];
  readonly routes: Readonly<Record<string, string[]>>;
}

/** Places to look besides the settings; the door knows them. */
export interface Discovery {
  environment(): Endpoint | undefined;
  /** Servers that answer on this machine now. */
  local(): Promise<readonly Endpoint[]>;
}

export interface EditorModels {
  /** `undefined`: none was found. Errors: `settings.invalid`. */
  find(): Promise<FoundModels | undefined>;
  /** Settings for a new run. Errors: `settings.invalid`, `models.none`. */
  settings(demo: boolean): Promise<RunSettings>;
  /** Looks again on the next call. */
  forget(): void;
}

/** A local server that came or went is noticed after this time. */
const LOCAL_AGE_MS = 30_000;
const INSTRUCTIONS_CHARS_MAX = 32_000;
const INSTRUCTIONS_FILE = 'AGENTS.md';

/** The endpoint of the demo team: a script speaks, everything else is real. */
export const DEMO_ENDPOINT: Endpoint = {
  id: 'demo',
  kind: 'scripted',
  label: 'Demo script',
  model: 'scripted',
  script: 'demo',
  contextTokens: 128_000,
  inputUsdPerMillion: 0,
  outputUsdPerMillion: 0,
};

/** Reads the configuration that holds for the team's folder. */
export const readSetting: ReadSetting = (key) =>
  vscode.workspace.getConfiguration('quartet', workspaceFolder()?.uri).get<unknown>(key);

/** What people see of found models: the endpoint that serves what no route names. */
export function modelLabel(found: FoundModels): string {
  const id = found.routes['default']?.[0];
  const endpoint = found.endpoints.find((candidate) => candidate.id === id) ?? found.endpoints[0];
  return endpoint?.label ?? endpoint?.model ?? '';
}

const alone = (source: FoundModels['source'], endpoint: Endpoint): FoundModels => ({
  source,
  endpoints: [endpoint],
  routes: { default: [endpoint.id] },
});

async function projectInstructions(): Promise<string | undefined> {
  const folder = workspaceFolder();
  if (folder === undefined) return undefined;
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder.uri, INSTRUCTIONS_FILE));
    return new TextDecoder().decode(bytes).slice(0, INSTRUCTIONS_CHARS_MAX);
  } catch {
    return undefined;
  }
}

export function createEditorModels(discovery: Discovery): EditorModels {
  let local: { readonly at: number; readonly endpoints: Promise<readonly Endpoint[]> } | undefined;
  const localServers = async () => {
    if (readSetting('discoverLocalServers') === false) return [];
    if (local === undefined || Date.now() - local.at > LOCAL_AGE_MS) {
      local = { at: Date.now(), endpoints: discovery.local().catch(() => []) };
    }
    return await local.endpoints;
  };
  const find = async () => {
    const configured = configuredModels(readSetting);
    if (configured !== undefined) return configured;
    const environment = discovery.environment();
    if (environment !== undefined) return alone('environment', environment);
    const [first] = await localServers();
    return first === undefined ? undefined : alone('local', first);
  };
  return {
    find,
    async settings(demo) {
      const models = demo
        ? { endpoints: [DEMO_ENDPOINT], routes: { default: [DEMO_ENDPOINT.id] } }
        : await find();
      if (models === undefined) {
        throw new PortError('models.none', 'No model was found.', {
          advice: 'Run "Quartet: Configure Models", or try "Quartet: Run Demo".',
        });
      }
      return resolveSettings(readSetting, models, await projectInstructions());
    },
    forget: () => {
      local = undefined;
    },
  };
}
