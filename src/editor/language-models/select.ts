/** Which models the editor has, and which of them an endpoint means. */
import * as vscode from 'vscode';
import { editorModelOf, type EditorModel } from '../../core/models/candidates.ts';
import { TryFailure } from '../../core/models/failure.ts';
import type { Endpoint } from '../../protocol/settings.ts';

/** Extensions that supply models start when asked; one that never answers must not hold us up. */
const SELECT_MS_MAX = 10_000;
/** The panel waits for this one. */
const LIST_MS_MAX = 3000;
const LISTED_MAX = 20;

/** True where the editor has the programming interface at all; forks and old versions may lack it. */
const isThere = (): boolean =>
  typeof (vscode as { lm?: typeof vscode.lm }).lm?.selectChatModels === 'function';

async function select(
  selector: vscode.LanguageModelChatSelector,
  msMax = SELECT_MS_MAX,
): Promise<readonly vscode.LanguageModelChat[]> {
  if (!isThere()) return [];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly never[]>((resolve) => {
    timer = setTimeout(() => resolve([]), msMax);
  });
  try {
    return await Promise.race([vscode.lm.selectChatModels(selector), late]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}

/** What the editor offers now; empty where there is none, whatever the reason. Asks nobody for anything. */
export async function listEditorModels(): Promise<readonly EditorModel[]> {
  return (await select({}, LIST_MS_MAX)).map(editorModel);
}

/** Tells when models came or went. */
export function onEditorModels(changed: () => void): vscode.Disposable {
  return isThere() ? vscode.lm.onDidChangeChatModels(changed) : new vscode.Disposable(() => undefined);
}

function editorModel(model: vscode.LanguageModelChat): EditorModel {
  const { vendor, id, family, name, maxInputTokens } = model;
  // Newer editors say it; those of our floor do not.
  const { capabilities } = model as { capabilities?: { supportsToolCalling?: boolean } };
  const callsTools = capabilities?.supportsToolCalling;
  return { vendor, id, family, name, maxInputTokens, ...(callsTools !== undefined && { callsTools }) };
}

/** The model that an endpoint of kind `editor` names. Errors: `endpoint.unreachable`, `endpoint.missing`. */
export async function findModel(endpoint: Endpoint): Promise<vscode.LanguageModelChat> {
  const { vendor } = editorModelOf(endpoint.model);
  const models = await select({ vendor });
  const found = models[named(models, endpoint)];
  if (found !== undefined) return found;
  throw models.length === 0 ? noVendor(endpoint, vendor) : noModel(endpoint, models);
}

function named(models: readonly vscode.LanguageModelChat[], endpoint: Endpoint): number {
  const { name } = editorModelOf(endpoint.model);
  const byId = models.findIndex(({ id }) => id === name);
  return byId >= 0 ? byId : models.findIndex(({ family }) => family === name);
}

/** Also right after the window opened, while the supplying extension is still starting: hence worth another try. */
function noVendor(endpoint: Endpoint, vendor: string): TryFailure {
  const label = endpoint.label ?? endpoint.model;
  if (!isThere())
    return new TryFailure(
      'endpoint.unreachable',
      `${label} cannot be asked: this editor has no language models.`,
      {
        advice: 'Choose another endpoint with "Quartet: Configure Models".',
      },
    );
  return new TryFailure(
    'endpoint.unreachable',
    `${label} cannot be asked: the editor has no model of "${vendor}" now.`,
    {
      retryable: true,
      advice:
        'Install or switch on the extension that supplies it, sign in to it, or choose another endpoint with "Quartet: Configure Models".',
    },
  );
}

function noModel(endpoint: Endpoint, models: readonly vscode.LanguageModelChat[]): TryFailure {
  const { vendor, name } = editorModelOf(endpoint.model);
  const more = models.length > LISTED_MAX ? ` and ${models.length - LISTED_MAX} more` : '';
  return new TryFailure('endpoint.missing', `The editor has no model "${name}" of "${vendor}".`, {
    advice: `It has: ${models
      .slice(0, LISTED_MAX)
      .map(({ id }) => id)
      .join(', ')}${more}.`,
  });
}
