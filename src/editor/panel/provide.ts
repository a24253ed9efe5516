/** The Team panel's place in the editor. The panel is loaded when it is first looked at, or when runs are. */
import * as vscode from 'vscode';
import type { Disposable } from '../../core/ports.ts';
import type { Desk } from '../desk.ts';
import type { TeamPanel } from './panel.ts';

const ID = 'quartet.team';

export const showPanel = async (): Promise<void> => {
  await vscode.commands.executeCommand(`${ID}.focus`);
};

export interface PanelPlace extends Disposable {
  readonly isVisible: boolean;
  /** Folder, trust, models or runs are different now. */
  readonly refresh: () => void;
  /** Resolves once the panel hears what happens. */
  load(): Promise<void>;
}

/** Registers the view. */
export function providePanel(desk: Desk, make: () => Promise<TeamPanel>): PanelPlace {
  let panel: TeamPanel | undefined;
  const load = async (): Promise<TeamPanel> => (panel ??= await make());
  const resolveWebviewView = async (view: vscode.WebviewView): Promise<void> => {
    desk.want();
    const gone = { isIt: false };
    view.onDidDispose(() => {
      gone.isIt = true;
    });
    const loaded = await load();
    if (!gone.isIt) loaded.resolveWebviewView(view);
  };
  const registered = vscode.window.registerWebviewViewProvider(ID, { resolveWebviewView });
  return {
    get isVisible() {
      return panel?.isVisible === true;
    },
    refresh: () => void panel?.refresh(),
    load: async () => {
      await load();
    },
    dispose: () => {
      registered.dispose();
    },
  };
}
