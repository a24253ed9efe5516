/** Which models answer in this window: the person's settings, the environment, the editor's own, or a server of this machine. */
import { availableParallelism } from 'node:os';
import * as vscode from 'vscode';
import { PortError } from '../core/ports.ts';
import type { Endpoint, ProjectInstruction, RunSettings } from '../protocol/settings.ts';
import { WORKSPACE_POLICY } from '../core/policy/tighten.ts';
import {
  chooseEditorModel,
  editorEndpoint,
  endpointOf,
  withEditorWindow,
  type Candidate,
  type EditorModel,
} from '../core/models/candidates.ts';
import { NOBODY } from '../core/models/nobody.ts';
import {
  modelChoices,
  nameOf,
  pickedAmong,
  remembered,
  type Around,
  type ModelChoice,
} from '../core/models/picking.ts';
import { workspaceFolder } from './obstacle.ts';
import { grantedTools } from './host-tools.ts';
import { NOTHING_PICKED, type PickMemory } from './picked-model.ts';
import { readSetting, type ReadSetting } from './read-setting.ts';
import {
  configuredModels,
  playedModels,
  resolveSettings,
  type FoundModels,
  type ProjectTexts,
} from './settings.ts';

/** Looks besides the settings; the door knows where. `local`: also for servers of this machine. */
export interface Discovery {
  candidates(options: { readonly local: boolean }): Promise<readonly Candidate[]>;
  /** The language models of the editor. */
  editorModels(): Promise<readonly EditorModel[]>;
  /** What the project in that folder says of how work is to be done. */
  instructions(root: string): Promise<readonly ProjectInstruction[]>;
  /** The model that the environment names, if it does. */
  readonly environmentModel: string | undefined;
}

/** What the person picked for new runs. */
export interface Picked {
  readonly label: string;
  /** Absent: it is not there now. */
  readonly endpoint: Endpoint | undefined;
}

export interface EditorModels {
  /** What settings and roles say; `undefined`: none was found. Errors: `settings.invalid`. */
  find(): Promise<FoundModels | undefined>;
  /** `undefined`: settings and roles decide. Errors: `settings.invalid`. */
  picked(): Promise<Picked | undefined>;
  /** What may be picked. Errors: `settings.invalid`. */
  choices(): Promise<readonly ModelChoice[]>;
  /** For all new runs from now on; `undefined`: settings and roles decide again. */
  pick(choice: ModelChoice | undefined): Promise<void>;
  /** Settings for a new run. Errors: `settings.invalid`, `models.none`, `models.gone`. */
  settings(demo: boolean): Promise<RunSettings>;
  /** Settings for a run that asks no model. Errors: `settings.invalid`. */
  settingsAlone(): Promise<RunSettings>;
  /** Looks again on the next call. */
  forget(): void;
}

/** A server that came or went is noticed after this time. */
const FOUND_AGE_MS = 30_000;

/** The endpoint of the demo team: a script speaks, everything else is real. */
const DEMO_ENDPOINT: Endpoint = {
  id: 'demo',
  kind: 'scripted',
  label: 'Demo script',
  model: 'scripted',
  script: 'demo',
  contextTokens: 128_000,
  inputUsdPerMillion: 0,
  outputUsdPerMillion: 0,
};

/** Where nobody is asked, nothing is paid. */
const readAlone: ReadSetting = (key) =>
  key.startsWith('budget.') && key !== 'budget.minutesMax' ? undefined : readSetting(key);

/** What people see of found models: the endpoint that serves what no route names. */
export function modelLabel(found: FoundModels): string {
  const id = found.routes['default']?.flat()[0];
  const endpoint = found.endpoints.find((candidate) => candidate.id === id) ?? found.endpoints[0];
  return endpoint?.label ?? endpoint?.model ?? '';
}

const alone = (source: FoundModels['source'], endpoint: Endpoint): FoundModels => ({
  source,
  endpoints: [endpoint],
  routes: { default: [endpoint.id] },
});

/** A file of the folder; "" where it is there and cannot be read. */
async function projectFile(name: string): Promise<string | undefined> {
  const folder = workspaceFolder();
  if (folder === undefined) return undefined;
  try {
    return new TextDecoder().decode(
      await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder.uri, name)),
    );
  } catch (error) {
    return error instanceof vscode.FileSystemError && error.code === 'FileNotFound' ? undefined : '';
  }
}

async function projectTexts(discovery: Discovery): Promise<ProjectTexts> {
  const folder = workspaceFolder();
  const [project, policy] = await Promise.all([
    folder === undefined ? [] : discovery.instructions(folder.uri.fsPath),
    projectFile(WORKSPACE_POLICY),
  ]);
  return { project, policy };
}

const none = (problems: readonly string[]) =>
  new PortError('models.none', ['No model was found.', ...problems].join(' '), {
    advice: 'Run "Quartet: Configure Models", or try "Quartet: Run Demo".',
  });

const gone = (label: string) =>
  new PortError('models.gone', `${label}, which you picked for new runs, is not there now.`, {
    advice: 'Pick another with "Quartet: Choose Model for New Runs", or start what it answers from.',
  });

/** The picked model joins those that are there, so that a task can still be given to another by name. */
function withPicked(found: FoundModels | undefined, picked: Picked | undefined) {
  if (picked === undefined) return found;
  const { label, endpoint } = picked;
  if (endpoint === undefined) throw gone(label);
  const others = (found?.endpoints ?? []).filter(({ id }) => id !== endpoint.id);
  const routes = found?.routes ?? { default: [endpoint.id] };
  return { endpoints: [endpoint, ...others], routes, picked: endpoint.id };
}

/** Tools of other programs; a person hears of those that changed since they granted them. */
function granted(): Pick<RunSettings, 'hostTools'> {
  const { tools, changed } = grantedTools(readSetting);
  if (changed.length > 0) void tellChanged(changed);
  return tools.length === 0 ? {} : { hostTools: [...tools] };
}

async function tellChanged(names: readonly string[]): Promise<void> {
  const { t } = vscode.l10n;
  const again = t('Grant Tools…');
  const text = t(
    'Left out, because they describe themselves otherwise than when you granted them: {0}.',
    names.join(', '),
  );
  const chosen = await vscode.window.showWarningMessage(text, again);
  if (chosen === again) await vscode.commands.executeCommand('quartet.grantTools');
}

interface Looked {
  readonly candidates: readonly Candidate[];
  readonly editor: readonly EditorModel[];
}

async function lookAround(discovery: Discovery): Promise<Looked> {
  const local = readSetting('discoverLocalServers') !== false;
  const [candidates, editor] = await Promise.all([
    discovery.candidates({ local }).catch(() => []),
    discovery.editorModels().catch(() => []),
  ]);
  return { candidates, editor };
}

/** The environment first, then the editor's models, then servers of this machine. */
function firstOf(
  { candidates, editor }: Looked,
  environmentModel: string | undefined,
): FoundModels | undefined {
  const from = (source: Candidate['source'], model?: string) => {
    for (const candidate of candidates.filter((each) => each.source === source)) {
      const endpoint = endpointOf(candidate, model);
      if (endpoint !== undefined) return alone(source, endpoint);
    }
    return undefined;
  };
  const chosen = chooseEditorModel(editor);
  return (
    from('environment', environmentModel) ??
    (chosen && alone('editor', editorEndpoint(chosen))) ??
    from('local')
  );
}

/** The editor is asked only where one of its models is configured. */
async function withWindows(found: FoundModels, discovery: Discovery): Promise<FoundModels> {
  if (!found.endpoints.some(({ kind }) => kind === 'editor')) return found;
  const models = await discovery.editorModels().catch(() => []);
  return { ...found, endpoints: found.endpoints.map((endpoint) => withEditorWindow(endpoint, models)) };
}

/** `memory` keeps what is picked. */
export function createEditorModels(discovery: Discovery, memory: PickMemory = NOTHING_PICKED): EditorModels {
  let looked: { readonly at: number; readonly found: Promise<Looked> } | undefined;
  const look = async () => {
    if (looked === undefined || Date.now() - looked.at > FOUND_AGE_MS) {
      looked = { at: Date.now(), found: lookAround(discovery) };
    }
    return await looked.found;
  };
  const find = async () => {
    const configured = playedModels(readSetting) ?? configuredModels(readSetting);
    if (configured !== undefined) return await withWindows(configured, discovery);
    return firstOf(await look(), discovery.environmentModel);
  };
  const configured = async () => {
    const found = configuredModels(readSetting);
    return found === undefined ? [] : (await withWindows(found, discovery)).endpoints;
  };
  const around = async (): Promise<Around> => ({ ...(await look()), configured: await configured() });
  const picked = async (): Promise<Picked | undefined> => {
    const kept = memory.get();
    if (kept === undefined) return undefined;
    // Nothing is looked for where the settings name it.
    const [endpoints, others] =
      kept.from === 'configured' ? [await configured(), { editor: [], candidates: [] }] : [[], await look()];
    const endpoint = pickedAmong(kept, modelChoices({ ...others, configured: endpoints }));
    return { label: endpoint === undefined ? kept.label : nameOf(endpoint), endpoint };
  };
  return {
    find,
    picked,
    choices: async () => modelChoices(await around()),
    async pick(choice) {
      await memory.set(choice && remembered(choice));
    },
    async settings(demo) {
      const models = demo ? alone('demo', DEMO_ENDPOINT) : withPicked(await find(), await picked());
      if (models !== undefined) {
        const processors = availableParallelism();
        const own = resolveSettings(readSetting, models, await projectTexts(discovery));
        const settings = { ...own, processors };
        return { ...settings, languages: true, ...granted() };
      }
      const problems = (await look()).candidates.map(
        ({ label, problem }) => `${label}: ${problem ?? 'it lists no model.'}`,
      );
      throw none(problems);
    },
    settingsAlone: async () => resolveSettings(readAlone, NOBODY, await projectTexts(discovery)),
    forget: () => {
      looked = undefined;
    },
  };
}
