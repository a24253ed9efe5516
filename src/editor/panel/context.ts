/** What the panel knows of the world outside runs. */
import * as vscode from 'vscode';
import { Autonomy } from '../../protocol/policy.ts';
import type { PanelContext } from '../../protocol/panel.ts';
import type { Desk } from '../desk.ts';
import { modelLabel, type EditorModels } from '../models.ts';
import { workspaceFolder, type Obstacle } from '../obstacle.ts';
import { readSetting } from '../read-setting.ts';
import { describe } from '../tell.ts';
import { t } from '../told.ts';
import { recentOf } from './recent.ts';
import { waitsOf } from './waits.ts';

export interface ContextNeeds {
  readonly desk: Desk;
  readonly models: EditorModels;
  readonly obstacle: () => Promise<Obstacle | undefined>;
}

/** A setting that cannot be used stands in the way like any other obstacle. */
function settingsObstacle(error: unknown): PanelContext['obstacle'] {
  return {
    text: describe(error),
    action: { label: t('Open Settings'), command: 'workbench.action.openSettings' },
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

type Who = Pick<PanelContext, 'model' | 'isByRole' | 'picked'>;

/** In new runs. Errors: `settings.invalid`. */
async function whoAnswers(models: EditorModels): Promise<Who> {
  const [found, picked] = [await models.find(), await models.picked()];
  const model = found ? modelLabel(found) : picked?.endpoint && picked.label;
  return {
    ...(model !== undefined && { model }),
    ...(new Set(Object.values(found?.routes ?? {}).map((route) => route.flat()[0])).size > 1 && {
      isByRole: true,
    }),
    ...(picked && { picked: { label: picked.label, ...(picked.endpoint && { isThere: true }) } }),
  };
}

/** `obstacle` says what its button does; the page only names the label. */
export async function panelContext({ desk, models, obstacle }: ContextNeeds): Promise<PanelContext> {
  const folder = workspaceFolder();
  let blocked: PanelContext['obstacle'] = await obstacle();
  let who: Who = {};
  try {
    if (vscode.workspace.isTrusted) who = await whoAnswers(models);
  } catch (error) {
    blocked ??= settingsObstacle(error);
  }
  const kept = await testsKept(desk);
  const waits = waitsOf(desk.waitingViews);
  return {
    ...(folder !== undefined && { workspace: folder.name }),
    ...((vscode.workspace.workspaceFolders?.length ?? 0) > 1 && { isOneOfMany: true }),
    trusted: vscode.workspace.isTrusted,
    ...who,
    demoOnly: who.model === undefined,
    ...(kept !== undefined && { testsKept: kept }),
    autonomy: Autonomy.catch('guided').parse(readSetting('autonomy')),
    ...(blocked !== undefined && {
      obstacle: { text: blocked.text, ...(blocked.action && { action: blocked.action }) },
    }),
    runs: recentOf(desk.entries),
    ...(waits.length > 0 && { waits }),
  };
}
