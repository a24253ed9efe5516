/** The Log port on the editor's output channel. */
import * as vscode from 'vscode';
import type { Disposable, Log } from '../core/ports.ts';

export interface EditorLog extends Log, Disposable {
  show(): void;
}

export function createEditorLog(): EditorLog {
  const channel = vscode.window.createOutputChannel('Quartet', { log: true });
  return {
    info: (message) => channel.info(message),
    warn: (message) => channel.warn(message),
    error: (message) => channel.error(message),
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}
