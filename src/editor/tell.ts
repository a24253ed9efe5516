/** Says to the person what went wrong and what to do. */
import * as vscode from 'vscode';
import { PortError, type Log } from '../core/ports.ts';

/** One sentence or two: what happened, and what to do where the error knows it. */
export function describe(error: unknown): string {
  if (error instanceof PortError) {
    return error.advice === undefined ? error.message : `${error.message} ${error.advice}`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Logs the error and shows it with a way to the log. Does not wait for the person. */
export function tellError(error: unknown, log: Log): void {
  if (error instanceof vscode.CancellationError) return;
  const unexpected = error instanceof Error && !(error instanceof PortError);
  log.error(unexpected ? (error.stack ?? error.message) : describe(error));
  const show = vscode.l10n.t('Show Log');
  void vscode.window.showErrorMessage(`Quartet: ${describe(error)}`, show).then((chosen) => {
    if (chosen === show) void vscode.commands.executeCommand('quartet.showLog');
  });
}
