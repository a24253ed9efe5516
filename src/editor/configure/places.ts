/** The first list of Configure Models: what is configured, what is here, and where else models usually answer. */
import * as vscode from 'vscode';
import type { EditorModel } from '../../core/models/candidates.ts';
import { isConfigured } from '../../core/models/picking.ts';
import type { Endpoint } from '../../protocol/settings.ts';
import { readSetting } from '../read-setting.ts';
import { configuredModels } from '../settings.ts';
import { t } from '../told.ts';
import { PRESETS, type Preset } from './presets.ts';

/** One line of the list; none of the last three: another server. */
export interface PlaceItem extends vscode.QuickPickItem {
  readonly known?: Endpoint;
  readonly own?: EditorModel;
  readonly preset?: Preset;
}

interface Needs {
  readonly running: () => Promise<readonly string[]>;
  readonly editorModels: () => Promise<readonly EditorModel[]>;
}

export async function placeItems({ running, editorModels }: Needs): Promise<readonly PlaceItem[]> {
  const [servers, models] = await Promise.all([running().catch(() => []), editorModels().catch(() => [])]);
  const answers = new Set(servers.map((baseUrl) => new URL(baseUrl).origin));
  const presets = PRESETS.map((preset) => presetItem(preset, answers.has(new URL(preset.baseUrl).origin)));
  const [here, elsewhere] = [
    presets.filter(({ isRunning }) => isRunning),
    presets.filter(({ isRunning }) => !isRunning),
  ];
  const configured = configuredModels(readSetting)?.endpoints ?? [];
  return [
    ...group(t('configured'), configured.map(knownItem)),
    ...group(t('on this machine'), here),
    ...group(
      t('models of the editor'),
      models.filter((model) => !isConfigured(model, configured)).map(ownItem),
    ),
    ...group(t('servers'), [...elsewhere, { label: t('Another server…'), description: t('any address') }]),
  ];
}

/** Items under a heading; no heading where there are none. */
export function group<T extends vscode.QuickPickItem>(
  label: string,
  items: readonly T[],
): readonly (T | vscode.QuickPickItem)[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

const knownItem = (endpoint: Endpoint): PlaceItem => ({
  label: endpoint.label ?? endpoint.model,
  description: endpoint.baseUrl ?? t('model of the editor'),
  detail: t('configured; test it, enter its key again, choose its roles, or remove it'),
  known: endpoint,
});

const ownItem = (model: EditorModel): PlaceItem => ({
  label: model.name,
  description: `${model.vendor}/${model.id}`,
  detail:
    model.callsTools === false
      ? t('calls no tools: the team cannot work with it')
      : t('no key needed; the editor may ask once whether Quartet may use it'),
  own: model,
});

function presetItem(preset: Preset, isRunning: boolean): PlaceItem & { readonly isRunning: boolean } {
  const detail = isRunning ? t('answers on this machine now') : preset.isLocal ? t('on this machine') : '';
  return { label: preset.label, description: preset.baseUrl, detail, preset, isRunning };
}
