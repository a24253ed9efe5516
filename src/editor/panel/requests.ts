/** What the panel's requests do. Each is also a command or a gesture elsewhere. */
import * as vscode from 'vscode';
import { PortError } from '../../core/ports.ts';
import type { PanelRequest, PanelUpdate } from '../../protocol/panel.ts';
import type { Desk } from '../desk.ts';
import { workspaceFolder, type Obstacle } from '../obstacle.ts';
import type { Review } from '../review/review.ts';

/** All but `ready`, which the panel answers itself. Errors go back to the page. */
export type HandleRequest = (
  request: Exclude<PanelRequest, { type: 'ready' }>,
  reply: (update: PanelUpdate) => void,
) => Promise<void>;

export interface RequestNeeds {
  readonly desk: Desk;
  readonly review: Review;
  readonly obstacle: () => Promise<Obstacle | undefined>;
  /** Starts the demo here, or offers a folder where it can run. */
  readonly demo: () => Promise<unknown>;
}

const execute = async (command: string, ...args: readonly unknown[]) => {
  await vscode.commands.executeCommand(command, ...args);
};

async function openFile(path: string, line: number | undefined): Promise<void> {
  const folder = workspaceFolder();
  if (folder === undefined || path.split('/').includes('..')) return;
  const at = Math.max(0, (line ?? 1) - 1);
  const selection = new vscode.Range(at, 0, at, 0);
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, path), { selection, preview: true });
}

/** The editor shows the address and asks before it leaves. */
async function openLink(url: string): Promise<void> {
  const uri = vscode.Uri.parse(url, true);
  if (uri.scheme === 'https' || uri.scheme === 'http') await vscode.env.openExternal(uri);
}

async function start(
  needs: RequestNeeds,
  request: Extract<PanelRequest, { type: 'run.start' }>,
): Promise<void> {
  if (request.demo) {
    await needs.demo();
    return;
  }
  const obstacle = await needs.obstacle();
  if (obstacle !== undefined) throw new PortError('workspace.obstacle', obstacle.text);
  await needs.desk.start(request);
}

async function actOnObstacle({ obstacle }: RequestNeeds): Promise<void> {
  const action = (await obstacle())?.action;
  await execute(action?.command ?? 'workbench.action.openSettings', ...(action ? [] : ['quartet']));
}

export function createRequestHandler(needs: RequestNeeds): HandleRequest {
  const { desk, review } = needs;
  const inRun = async (run: string, act: () => Promise<unknown>) => {
    if (desk.openId !== run) await desk.open(run);
    await act();
  };
  return async (request, reply) => {
    switch (request.type) {
      case 'run.start':
        return await start(needs, request);
      case 'run.open':
        return await desk.open(request.run);
      case 'run.close':
        return await desk.open(undefined);
      case 'run.stop':
        return await desk.stop(request.run);
      case 'run.resume':
        return await desk.resume(request.run);
      case 'run.steer':
        return await desk.steer(request.run, request.text, request.to);
      case 'answer':
        return await desk.answer(request.run, request.signal, request.value);
      case 'plan.check': {
        const problems = await (await desk.connect()).checkPlan(request.plan);
        reply({ type: 'plan.checked', token: request.token, problems });
        return;
      }
      case 'review.open': {
        const { path } = request;
        return await inRun(request.run, () =>
          path === undefined ? review.openAll() : review.openFile(path),
        );
      }
      case 'review.acceptAll':
        return await inRun(request.run, () => execute('quartet.acceptAll'));
      case 'review.rejectAll':
        return await inRun(request.run, () => execute('quartet.rejectAll'));
      case 'file.open':
        return await openFile(request.path, request.line);
      case 'link.open':
        return await openLink(request.url);
      case 'models.configure':
        return await execute('quartet.configureModels');
      case 'obstacle.act':
        return await actOnObstacle(needs);
      case 'log.show':
        return await execute('quartet.showLog');
    }
  };
}
