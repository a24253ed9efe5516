/** Says to the person what went wrong and what to do. */
import * as vscode from 'vscode';
import { PortError, type Log } from '../core/ports.ts';
import { learnWords, told } from './told.ts';

/** What happened, and what to do where the error knows it. */
const partsOf = (error: unknown): readonly string[] => {
  if (error instanceof PortError && error.advice !== undefined) return [error.message, error.advice];
  return [error instanceof Error ? error.message : String(error)];
};

/** One sentence or two, in the language of the editor. */
export const describe = (error: unknown): string => partsOf(error).map(told).join(' ');

/** Logs the error and shows it with a way to the log, and where no model was found, to name one. Does not wait for the person. */
export function tellError(error: unknown, log: Log): void {
  if (error instanceof vscode.CancellationError) return;
  const unexpected = error instanceof Error && !(error instanceof PortError);
  log.error(unexpected ? (error.stack ?? error.message) : partsOf(error).join(' '));
  const show = { title: vscode.l10n.t('Show Log'), command: 'quartet.showLog' };
  const configure = { title: vscode.l10n.t('Configure Models'), command: 'quartet.configureModels' };
  const isSpeechless = error instanceof PortError && error.code === 'models.none';
  const actions = isSpeechless ? [configure, show] : [show];
  const tell = async (): Promise<void> => {
    await learnWords(log).catch((failed: unknown) => log.warn(String(failed)));
    const chosen = await vscode.window.showErrorMessage(`Quartet: ${describe(error)}`, ...actions);
    if (chosen !== undefined) await vscode.commands.executeCommand(chosen.command);
  };
  void tell();
}
