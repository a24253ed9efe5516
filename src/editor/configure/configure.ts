/** Configure Models: place, key, model, test, save. */
import * as vscode from 'vscode';
import type { Probed } from '../../core/models/probe.ts';
import type { Endpoint } from '../../protocol/settings.ts';
import { readSetting } from '../models.ts';
import type { EditorSecrets } from '../secrets.ts';
import { configuredModels } from '../settings.ts';
import { describe } from '../tell.ts';
import { baseUrlProblem, endpointId, PRESETS, type Preset } from './presets.ts';
import { BACK, pickStep, textStep, type Answer } from './steps.ts';

/** Talks to a server that is not configured yet. Failures are errors that say what to do. */
export interface ModelProbe {
  /** Names of the models that the server lists. */
  list(baseUrl: string, key: string | undefined): Promise<readonly string[]>;
  /** Asks for one short reply with a tool on offer. */
  test(endpoint: Endpoint, key: string | undefined): Promise<Probed>;
}

export interface ConfigureNeeds {
  readonly secrets: EditorSecrets;
  readonly probe: ModelProbe;
  /** Base URLs of servers that answer on this machine. */
  readonly running: () => Promise<readonly string[]>;
}

interface Draft {
  readonly preset?: Preset | undefined;
  /** An endpoint that is configured already: only its key is asked for. */
  readonly known?: Endpoint | undefined;
  readonly baseUrl: string;
  readonly key: string;
  readonly model: string;
}

type Step = (draft: Draft, needs: ConfigureNeeds) => Promise<Answer<Draft>>;

const STEPS = 3;
const place = (step: number) => ({ title: vscode.l10n.t('Configure Models'), step, steps: STEPS });

async function placeItems(needs: ConfigureNeeds) {
  const { t } = vscode.l10n;
  const running = await needs.running().catch(() => []);
  const answers = new Set(running.map((baseUrl) => new URL(baseUrl).origin));
  const known = (configuredModels(readSetting)?.endpoints ?? []).map((endpoint) => {
    const label = endpoint.label ?? endpoint.model;
    const detail = t('configured; enter its key again');
    return { label, description: endpoint.baseUrl ?? '', detail, preset: undefined, known: endpoint };
  });
  const items = PRESETS.map((preset) => {
    const isRunning = answers.has(new URL(preset.baseUrl).origin);
    const detail = isRunning ? t('answers on this machine now') : preset.isLocal ? t('on this machine') : '';
    return { label: preset.label, description: preset.baseUrl, detail, preset, known: undefined, isRunning };
  });
  const isOther = { preset: undefined, known: undefined };
  const custom = { label: t('Another server…'), description: t('any address'), detail: '', ...isOther };
  const first = items.filter(({ isRunning }) => isRunning);
  return [...known, ...first, ...items.filter(({ isRunning }) => !isRunning), custom];
}

const askPlace: Step = async (draft, needs) => {
  const { t } = vscode.l10n;
  const picked = await pickStep(place(1), t('Where does the model answer?'), placeItems(needs));
  if (picked === undefined || picked === BACK) return picked;
  const { preset, known } = picked;
  if (known?.baseUrl !== undefined) return { ...draft, known, baseUrl: known.baseUrl, model: known.model };
  if (preset !== undefined) return { ...draft, known, preset, baseUrl: preset.baseUrl };
  const url = await textStep(place(1), {
    prompt: t('Base URL, up to and including the version'),
    placeholder: 'https://host/v1',
    value: draft.preset === undefined ? draft.baseUrl : '',
    problem: baseUrlProblem,
  });
  if (url === undefined || url === BACK) return url;
  return { ...draft, known, preset: undefined, baseUrl: url.trim().replace(/\/+$/, '') };
};

const askKey: Step = async (draft) => {
  const { t } = vscode.l10n;
  const isLocal = draft.preset?.isLocal === true;
  const key = await textStep(place(2), {
    prompt: isLocal
      ? t('Key for {0}; local servers usually need none', draft.baseUrl)
      : t(
          'Key for {0}. It is kept in the secret storage of the editor and sent to no other server.',
          draft.baseUrl,
        ),
    password: true,
    value: draft.key,
  });
  return typeof key === 'string' ? { ...draft, key: key.trim() } : key;
};

const askModel: Step = async (draft, { probe }) => {
  if (draft.known !== undefined) return draft;
  const { t } = vscode.l10n;
  let failure: string | undefined;
  const names = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Asking for the list of models') },
    () =>
      probe.list(draft.baseUrl, draft.key || undefined).catch((error: unknown) => {
        failure = describe(error);
        return [];
      }),
  );
  const other = { label: t('Another model…'), description: failure ?? '' };
  const items = [...names.map((name) => ({ label: name, description: '' })), other];
  const picked = names.length === 0 ? other : await pickStep(place(3), t('Which model?'), items);
  if (picked === undefined || picked === BACK) return picked;
  if (picked !== other) return { ...draft, model: picked.label };
  const prompt = failure === undefined ? t('Model id') : t('Model id. The server gave no list: {0}', failure);
  const model = await textStep(place(3), {
    prompt,
    value: draft.model,
    problem: (text) => (text.trim() === '' ? t('A model id is needed.') : undefined),
  });
  return typeof model === 'string' ? { ...draft, model: model.trim() } : model;
};

/** Walks the steps, back where asked; `undefined` where the person leaves. */
async function walk(needs: ConfigureNeeds): Promise<Draft | undefined> {
  const steps = [askPlace, askKey, askModel];
  let draft: Draft = { baseUrl: '', key: '', model: '' };
  let at = 0;
  for (;;) {
    const step = steps[at];
    if (step === undefined) return draft;
    const answer = await step(draft, needs);
    if (answer === undefined) return undefined;
    if (answer === BACK) at = Math.max(0, at - 1);
    else {
      draft = answer;
      at++;
    }
  }
}

/** True where the endpoint answers, or the person saves it although it does not. */
async function passesTest(endpoint: Endpoint, key: string | undefined, probe: ModelProbe): Promise<boolean> {
  const { t } = vscode.l10n;
  const title = t('Testing {0}', endpoint.model);
  const failure = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title },
    () => probe.test(endpoint, key).then(() => undefined, describe),
  );
  if (failure === undefined) return true;
  const save = t('Save Anyway');
  const chosen = await vscode.window.showWarningMessage(
    t('{0} did not answer as it should.', endpoint.model),
    { modal: true, detail: failure },
    save,
  );
  return chosen === save;
}

const hasId = (value: unknown, id: string) =>
  typeof value === 'object' && value !== null && 'id' in value && value.id === id;

/** Stores the key, then puts the endpoint first in the person's own settings. What they added to it by hand stays. */
async function save(endpoint: Endpoint, key: string, secrets: EditorSecrets): Promise<void> {
  const settings = vscode.workspace.getConfiguration('quartet');
  const all = settings.get<unknown[]>('endpoints') ?? [];
  const { id, label, baseUrl, model } = endpoint;
  if (key !== '' && baseUrl !== undefined) await secrets.set(id, key, baseUrl);
  const own = all.find((other) => hasId(other, id)) ?? { id, label, baseUrl, model };
  const others = all.filter((other) => !hasId(other, id));
  await settings.update('endpoints', [own, ...others], vscode.ConfigurationTarget.Global);
  const routes = settings.get<Record<string, string[]>>('routes') ?? {};
  if (routes['default'] === undefined) return;
  const rest = routes['default'].filter((other) => other !== id);
  await settings.update('routes', { ...routes, default: [id, ...rest] }, vscode.ConfigurationTarget.Global);
}

/** The id for this server and model: that of the endpoint that is already configured for them, else a free one. */
function idFor(baseUrl: string, model: string): string {
  const known = configuredModels(readSetting)?.endpoints ?? [];
  const same = known.find((endpoint) => endpoint.baseUrl === baseUrl && endpoint.model === model);
  return same?.id ?? endpointId(baseUrl, model, new Set(known.map(({ id }) => id)));
}

/** Resolves to the endpoint that was saved; `undefined` where the person left. */
export async function configureModels(needs: ConfigureNeeds): Promise<Endpoint | undefined> {
  const draft = await walk(needs);
  if (draft === undefined) return undefined;
  const { baseUrl, model, key, preset } = draft;
  const endpoint: Endpoint = draft.known ?? {
    id: idFor(baseUrl, model),
    kind: 'openai',
    label: `${model} (${preset?.label ?? new URL(baseUrl).host})`.slice(0, 200),
    baseUrl,
    model,
    contextTokens: 128_000,
  };
  if (!(await passesTest(endpoint, key || undefined, needs.probe))) return undefined;
  await save(endpoint, key, needs.secrets);
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Quartet: {0} answers from now on.', endpoint.label ?? model),
  );
  return endpoint;
}
