/** The questions of Configure Models, in order. Each takes what is known so far and adds to it. */
import * as vscode from 'vscode';
import { editorEndpoint, type EditorModel } from '../../core/models/candidates.ts';
import { toolsProblem, type Probed } from '../../core/models/probe.ts';
import type { Endpoint } from '../../protocol/settings.ts';
import { readSetting } from '../read-setting.ts';
import type { EditorSecrets } from '../secrets.ts';
import { stoppable } from '../stoppable.ts';
import { configuredModels } from '../settings.ts';
import { roleName } from '../role-name.ts';
import { describe } from '../tell.ts';
import { t, told } from '../told.ts';
import { placeItems } from './places.ts';
import { azureBaseUrl, baseUrlProblem, endpointId, type Preset } from './presets.ts';
import { answering, DEFAULT_ROLE, ROLES, type Rank, type Routes } from './roles.ts';
import { BACK, pickSomeStep, pickStep, textStep, type Answer, type Place } from './steps.ts';

/** Talks to a server that is not configured yet. Failures are errors that say what to do. */
export interface ModelProbe {
  /** Names of the models that the server lists. */
  list(baseUrl: string, key: string | undefined, signal: AbortSignal): Promise<readonly string[]>;
  /** Asks for one short reply with a tool on offer. */
  test(endpoint: Endpoint, key: string | undefined, signal: AbortSignal): Promise<Probed>;
}

export interface ConfigureNeeds {
  readonly secrets: EditorSecrets;
  readonly probe: ModelProbe;
  /** Base URLs of servers that answer on this machine. */
  readonly running: () => Promise<readonly string[]>;
  /** The language models of the editor. */
  readonly editorModels: () => Promise<readonly EditorModel[]>;
}

/** What is to happen. `add`: a new endpoint. The others are about one that is configured. */
export type Task = 'add' | 'key' | 'test' | 'roles' | 'remove';

export interface Draft {
  readonly task: Task;
  readonly preset?: Preset | undefined;
  /** An endpoint that is configured already. */
  readonly known?: Endpoint | undefined;
  /** One of the editor's own models: it has neither address nor key. */
  readonly own?: Endpoint | undefined;
  readonly baseUrl: string;
  readonly key: string;
  readonly model: string;
  readonly roles: readonly string[];
  readonly rank: Rank;
  /** What the test said; absent before it. */
  readonly probed?: Probed | undefined;
}

export const EMPTY: Draft = {
  task: 'add',
  baseUrl: '',
  key: '',
  model: '',
  roles: [DEFAULT_ROLE],
  rank: 'first',
};

/** One thing to ask or to do. `isQuestion` false: it asks nothing by itself, so that going back passes over it. */
export interface Step {
  readonly isQuestion: boolean;
  applies(draft: Draft): boolean;
  take(draft: Draft, place: Place, needs: ConfigureNeeds): Promise<Answer<Draft>>;
}

type Take = Step['take'];
const when = (applies: Step['applies'], take: Take): Step => ({ isQuestion: true, applies, take });

/** The endpoint that the answers describe. */
export function endpointOf({ known, own, baseUrl, model, preset }: Draft): Endpoint {
  if (known !== undefined) return known;
  if (own !== undefined) return own;
  const all = configuredModels(readSetting)?.endpoints ?? [];
  const same = all.find((endpoint) => endpoint.baseUrl === baseUrl && endpoint.model === model);
  return {
    id: same?.id ?? endpointId(baseUrl, model, new Set(all.map(({ id }) => id))),
    kind: 'openai',
    label: `${model} (${preset?.label ?? new URL(baseUrl).host})`.slice(0, 200),
    baseUrl,
    model,
    contextTokens: 128_000,
  };
}

const askPlace: Take = async (draft, place, needs) => {
  const picked = await pickStep(place, t('Where does the model answer?'), placeItems(needs));
  if (picked === undefined || picked === BACK) return picked;
  const blank = { ...draft, preset: picked.preset, known: undefined, own: undefined };
  if (picked.known !== undefined) {
    const { baseUrl = '', model } = picked.known;
    return { ...blank, known: picked.known, task: 'test', baseUrl, model };
  }
  if (picked.own !== undefined) return { ...blank, task: 'add', own: editorEndpoint(picked.own) };
  const typed = draft.preset === undefined ? draft.baseUrl : '';
  return withPlace({ ...blank, task: 'add' }, picked.preset?.baseUrl ?? typed);
};

/** A key that was typed for another server is forgotten. */
const withPlace = (draft: Draft, baseUrl: string): Draft =>
  baseUrl === draft.baseUrl ? draft : { ...draft, baseUrl, key: '', model: '' };

const askTask: Take = async (draft, place) => {
  const item = (task: Task, label: string, description: string) => ({ label, description, task });
  const items = [
    ...(draft.known?.baseUrl === undefined
      ? []
      : [item('key', t('Enter its key again'), t('for {0}', draft.known.baseUrl))]),
    item('test', t('Test it'), t('one short reply with a tool call')),
    item('roles', t('Choose its roles'), t('which roles it answers for, and in which order')),
    item('remove', t('Remove it'), t('with its key')),
  ];
  const picked = await pickStep(place, draft.known?.label ?? draft.model, items);
  return picked === undefined || picked === BACK ? picked : { ...draft, task: picked.task };
};

const askResource: Take = async (draft, place) => {
  const text = await textStep(place, {
    prompt: t('Name or address of the Azure OpenAI resource'),
    placeholder: 'my-resource',
    problem: (typed) =>
      azureBaseUrl(typed) === undefined
        ? t(
            'This is neither the name of a resource nor an address such as https://my-resource.openai.azure.com.',
          )
        : undefined,
  });
  return typeof text === 'string' ? withPlace(draft, azureBaseUrl(text) ?? '') : text;
};

const askUrl: Take = async (draft, place) => {
  const url = await textStep(place, {
    prompt: t('Base URL, up to and including the version'),
    placeholder: 'https://host/v1',
    value: draft.baseUrl,
    problem: (typed) => baseUrlProblem(typed, t),
  });
  return typeof url === 'string' ? withPlace(draft, url.trim().replace(/\/+$/, '')) : url;
};

const askKey: Take = async (draft, place) => {
  const isLocal = draft.preset?.isLocal === true;
  const key = await textStep(place, {
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

/** What came of it, or why nothing did. The person may stop it. */
async function tried<T>(
  title: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly got?: T; readonly failure?: string; readonly isStopped?: boolean }> {
  try {
    const got = await stoppable(title, work);
    return got === undefined ? { failure: t('You stopped it.'), isStopped: true } : { got };
  } catch (error) {
    return { failure: describe(error) };
  }
}

async function listed({ baseUrl, key, preset }: Draft, { probe }: ConfigureNeeds) {
  // What Azure lists are models, not the deployments that answer.
  if (preset?.isAzure === true) return { names: [], failure: undefined };
  const asked = await tried(t('Asking for the list of models'), (signal) =>
    probe.list(baseUrl, key || undefined, signal),
  );
  return { names: asked.got ?? [], failure: asked.failure };
}

const askModel: Take = async (draft, place, needs) => {
  const { names, failure } = await listed(draft, needs);
  const other = { label: t('Another model…'), description: failure ?? '' };
  const items = [...names.map((name) => ({ label: name, description: '' })), other];
  const picked = names.length === 0 ? other : await pickStep(place, t('Which model?'), items);
  if (picked === undefined || picked === BACK) return picked;
  if (picked !== other) return { ...draft, model: picked.label };
  const plain = draft.preset?.isAzure === true ? t('Name of the deployment') : t('Model id');
  const prompt = failure === undefined ? plain : t('Model id. The server gave no list: {0}', failure);
  const model = await textStep(place, {
    prompt,
    value: draft.model,
    problem: (text) => (text.trim() === '' ? t('A name is needed.') : undefined),
  });
  return typeof model === 'string' ? { ...draft, model: model.trim() } : model;
};

/** Goes on where the model answers, or the person keeps it although it does not. */
const test: Take = async (draft, _place, { probe, secrets }) => {
  const endpoint = endpointOf(draft);
  const name = endpoint.label ?? endpoint.model;
  const title = t('Testing {0}', name);
  const key = draft.key || (await secrets.key(endpoint.id));
  const {
    got: probed,
    failure,
    isStopped,
  } = await tried(title, (signal) => probe.test(endpoint, key, signal));
  if (isStopped && draft.task === 'test') {
    const text = t('The test of {0} was stopped. Nothing was changed.', name);
    void vscode.window.showInformationMessage(`Quartet: ${text}`);
    return undefined;
  }
  const lacking = probed && toolsProblem(probed);
  const problem = failure ?? (lacking && told(lacking));
  if (problem === undefined) return { ...draft, probed };
  const what =
    failure === undefined
      ? t('{0} answers, but calls no tool.', endpoint.model)
      : t('{0} did not answer as it should.', endpoint.model);
  if (draft.task === 'test') {
    void vscode.window.showWarningMessage(`Quartet: ${what} ${problem}`);
    return undefined;
  }
  const [save, back] = [t('Save Anyway'), t('Go Back')];
  const chosen = await vscode.window.showWarningMessage(what, { modal: true, detail: problem }, save, back);
  if (chosen === back) return BACK;
  return chosen === save ? { ...draft, probed } : undefined;
};

const routesNow = (): { readonly routes: Routes; readonly ids: readonly string[] } => {
  const found = configuredModels(readSetting);
  return { routes: found?.routes ?? {}, ids: (found?.endpoints ?? []).map(({ id }) => id) };
};

const roleTitle = (role: string) =>
  role === DEFAULT_ROLE ? t('Every role without its own') : roleName(role);

const askRoles: Take = async (draft, place) => {
  const { routes, ids } = routesNow();
  const { id } = endpointOf(draft);
  const hasAny = Object.values(routes).some((route) => route.flat().includes(id));
  const items = [DEFAULT_ROLE, ...ROLES].map((role) => ({
    label: roleTitle(role),
    description: answering(role, routes, ids).join(' → '),
    role,
    picked: hasAny ? routes[role]?.flat().includes(id) === true : draft.roles.includes(role),
  }));
  const picked = await pickSomeStep(place, t('Which roles does it answer for?'), items);
  return picked === undefined || picked === BACK
    ? picked
    : { ...draft, roles: picked.map(({ role }) => role) };
};

/** Nobody else answers for any of the roles, as far as the answers tell: there is no order to ask for. */
function isAlone(draft: Draft): boolean {
  if (draft.known === undefined && draft.own === undefined && draft.model === '') return true;
  const { routes, ids } = routesNow();
  const { id } = endpointOf(draft);
  return draft.roles.every((role) => answering(role, routes, ids).every((other) => other === id));
}

const askRank: Take = async (draft, place) => {
  const item = (rank: Rank, label: string, description: string) => ({ label, description, rank });
  const picked = await pickStep(place, t('When is it asked?'), [
    item('first', t('First'), t('the others answer when it cannot')),
    item('fallback', t('As a fallback'), t('when those that answer now cannot')),
    item('only', t('It alone'), t('nobody else is asked for these roles')),
  ]);
  return picked === undefined || picked === BACK ? picked : { ...draft, rank: picked.rank };
};

const isNew = ({ task, own }: Draft) => task === 'add' && own === undefined;
const takesRoles = ({ task }: Draft) => task === 'add' || task === 'roles';

/** In order. The last answer of each is kept when the person goes back. */
export const STEPS: readonly Step[] = [
  when(() => true, askPlace),
  when(({ known }) => known !== undefined, askTask),
  when((draft) => isNew(draft) && draft.preset?.isAzure === true, askResource),
  when((draft) => isNew(draft) && draft.preset === undefined, askUrl),
  when((draft) => isNew(draft) || draft.task === 'key', askKey),
  when(isNew, askModel),
  { isQuestion: false, applies: ({ task }) => ['add', 'key', 'test'].includes(task), take: test },
  when(takesRoles, askRoles),
  when((draft) => takesRoles(draft) && !isAlone(draft), askRank),
];
