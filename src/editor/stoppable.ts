/** What lasts is told in a notification, and its Cancel button ends it. */
import * as vscode from 'vscode';

/**
 * Does the work with a title; `report` says below it what is done now. The signal is aborted when the person cancels: undefined where the
 * work then gives up by rejecting, else what it returns.
 */
export async function stoppable<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
): Promise<T | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return await vscode.window.withProgress(options, async (progress, token) => {
    const stop = new AbortController();
    const hearing = token.onCancellationRequested(() => {
      stop.abort(new vscode.CancellationError());
    });
    try {
      return await work(stop.signal, (message) => {
        progress.report({ message });
      });
    } catch (error) {
      if (stop.signal.aborted) return undefined;
      throw error;
    } finally {
      hearing.dispose();
    }
  });
}
