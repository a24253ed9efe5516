/** What the panel knows of the world outside runs. */
import * as vscode from 'vscode';
import { Autonomy } from '../../protocol/policy.ts';
import type { PanelContext } from '../../protocol/panel.ts';
import type { Desk } from '../desk.ts';
import { modelLabel, type EditorModels } from '../models.ts';
import { workspaceFolder, type Obstacle } from '../obstacle.ts';
import { readSetting } from '../read-setting.ts';
import { describe } from '../tell.ts';

export interface ContextNeeds {
  readonly desk: Desk;
  readonly models: EditorModels;
  readonly obstacle: () => Promise<Obstacle | undefined>;
}

/** A setting that cannot be used stands in the way like any other obstacle. */
function settingsObstacle(error: unknown): PanelContext['obstacle'] {
  return {
    text: describe(error),
    action: { label: vscode.l10n.t('Open Settings'), command: 'workbench.action.openSettings' },
  };
}

/** Nothing is loaded for it. */
async function testsKept(desk: Desk): Promise<boolean | undefined> {
  if (!desk.isConnected) return undefined;
  const setting = readSetting('testCommand');
  if (typeof setting === 'string' && setting.trim() !== '') return true;
  const { tests } = await desk.connect();
  return await tests.kept().then(
    ({ command }) => command !== undefined,
    () => undefined,
  );
}

/** `obstacle` says what its button does; the page only names the label. */
export async function panelContext({ desk, models, obstacle }: ContextNeeds): Promise<PanelContext> {
  const folder = workspaceFolder();
  let blocked: PanelContext['obstacle'] = await obstacle();
  let model: string | undefined;
  try {
    const found = vscode.workspace.isTrusted ? await models.find() : undefined;
    model = found && modelLabel(found);
  } catch (error) {
    blocked ??= settingsObstacle(error);
  }
  const kept = await testsKept(desk);
  return {
    ...(folder !== undefined && { workspace: folder.name }),
    ...((vscode.workspace.workspaceFolders?.length ?? 0) > 1 && { isOneOfMany: true }),
    trusted: vscode.workspace.isTrusted,
    ...(model !== undefined && { model }),
    demoOnly: model === undefined,
    ...(kept !== undefined && { testsKept: kept }),
    autonomy: Autonomy.catch('guided').parse(readSetting('autonomy')),
    ...(blocked !== undefined && {
      obstacle: { text: blocked.text, ...(blocked.action && { action: blocked.action }) },
    }),
    runs: desk.entries,
  };
}
