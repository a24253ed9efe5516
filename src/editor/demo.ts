/** The demo: a script speaks for the models, on a sample project; files, commands, tests and diffs are real. */
import * as vscode from 'vscode';
import { PortError } from '../core/ports.ts';
import type { Desk } from './desk.ts';
import { tellObstacle, windowObstacle, workspaceFolder, type Obstacle } from './obstacle.ts';

const PENDING = 'quartet.pendingDemo';
/** Lies in copies made for the demo: the extension wakes in such a folder. */
const MARK = '.quartet-demo';

export interface DemoNeeds {
  readonly context: Pick<vscode.ExtensionContext, 'extensionUri' | 'globalStorageUri' | 'globalState'>;
  readonly desk: Desk;
  readonly obstacle: () => Promise<Obstacle | undefined>;
  readonly showPanel: () => Promise<void>;
}

export interface Demo {
  /**
   * Starts the demo here, or offers to open a copy of the sample. Resolves to the run, if one started.
   * `goal` is what the person wrote; absent: what the script was written for.
   */
  run(goal?: string): Promise<string | undefined>;
  /** The demo was asked for before this folder was opened. */
  isPending(): boolean;
  /** Starts what was asked for before this folder was opened, if it was. */
  continuePending(): Promise<void>;
}

/** A text of a JSON file, where it is there and says something. */
async function readText(uri: vscode.Uri, member: 'name' | 'goal'): Promise<string | undefined> {
  try {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const found = (JSON.parse(text) as Readonly<Record<string, unknown>>)[member];
    return typeof found === 'string' && found !== '' ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Where the sample project and the script lie in the extension. */
export function demoUri(extension: vscode.Uri, ...path: readonly string[]): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'demo', ...path);
}

async function isSample(extension: vscode.Uri): Promise<boolean> {
  const folder = workspaceFolder();
  if (folder === undefined) return false;
  const [here, sample] = await Promise.all([
    readText(vscode.Uri.joinPath(folder.uri, 'package.json'), 'name'),
    readText(demoUri(extension, 'project', 'package.json'), 'name'),
  ]);
  return here !== undefined && here === sample;
}

/** A fresh copy each time, so that the demo always starts from the same text. */
async function openCopy({ context }: DemoNeeds): Promise<void> {
  const stamp = new Date().toISOString().replace(/[^0-9]/g, '');
  const folder = vscode.Uri.joinPath(context.globalStorageUri, 'demo', stamp, 'quartet-sample');
  await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(folder, '..'));
  await vscode.workspace.fs.copy(demoUri(context.extensionUri, 'project'), folder);
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, MARK), new Uint8Array());
  await context.globalState.update(PENDING, folder.fsPath);
  await vscode.commands.executeCommand('vscode.openFolder', folder, { forceReuseWindow: true });
}

async function offerCopy(needs: DemoNeeds): Promise<void> {
  const { t } = vscode.l10n;
  const open = t('Open Sample Project');
  const chosen = await vscode.window.showInformationMessage(
    t('The demo plays a script on a small sample project. Open a fresh copy of it in this window?'),
    {
      modal: true,
      detail: t('A script speaks for the models; the files, commands, tests and diffs are real.'),
    },
    open,
  );
  if (chosen === open) await openCopy(needs);
}

async function start({ desk, context, showPanel }: DemoNeeds, goal: string | undefined): Promise<string> {
  const written = await readText(demoUri(context.extensionUri, 'script.json'), 'goal');
  if (written === undefined) {
    throw new PortError('demo.missing', 'The script of the demo is not there.', {
      advice: 'Install the extension again.',
    });
  }
  await showPanel();
  return await desk.start({ goal: goal ?? written, mode: 'team', demo: true });
}

export function createDemo(needs: DemoNeeds): Demo {
  const { context, obstacle, showPanel } = needs;
  const run = async (goal?: string) => {
    if (!(await isSample(context.extensionUri))) {
      await offerCopy(needs);
      return undefined;
    }
    const found = await obstacle();
    if (found === undefined) return await start(needs, goal);
    tellObstacle(found);
    return undefined;
  };
  const isPending = () => {
    const pending = context.globalState.get<string>(PENDING);
    return pending !== undefined && pending === workspaceFolder()?.uri.fsPath;
  };
  return {
    run,
    isPending,
    async continuePending() {
      if (!isPending()) return;
      await showPanel();
      // Until the folder is trusted the panel says why nothing happens, and the demo stays asked for.
      if (windowObstacle() !== undefined) return;
      await context.globalState.update(PENDING, undefined);
      await run();
    },
  };
}
