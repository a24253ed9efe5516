/** Waits for a run on behalf of somebody who asked for it. */
import * as vscode from 'vscode';
import type { RunView } from '../protocol/view.ts';
import type { Desk } from './desk.ts';

/** Longest time that a call waits for a run; the run goes on. */
const WAIT_MS_MAX = 30 * 60_000;

/** Waits until the run is over or needs somebody. Who cancels stops the run that they started. Errors: `CancellationError`. */
export async function accompany(desk: Desk, run: string, token: vscode.CancellationToken): Promise<RunView> {
  const { views } = await desk.connect();
  const settled = (view: RunView): boolean =>
    view.finished !== undefined || view.paused !== undefined || view.needs.length > 0;
  return await new Promise<RunView>((resolve, reject) => {
    const ends: vscode.Disposable[] = [];
    const end = (): void => void vscode.Disposable.from(...ends).dispose();
    const timer = setTimeout(() => void views.view(run).then(resolve, reject).finally(end), WAIT_MS_MAX);
    const following = views.follow(run, (view) => {
      if (!settled(view)) return;
      resolve(view);
      end();
    });
    ends.push(
      new vscode.Disposable(() => clearTimeout(timer)),
      new vscode.Disposable(() => following.dispose()),
    );
    const cancel = (): void => {
      end();
      void desk.stop(run).finally(() => reject(new vscode.CancellationError()));
    };
    ends.push(token.onCancellationRequested(cancel));
    if (token.isCancellationRequested) cancel();
  });
}
