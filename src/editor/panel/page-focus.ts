/**
 * Whether the page has the focus. The editor tells its keys of no webview view that it has it (`focusedView` is empty then):
 * `quartet.inPanel` does.
 */
import * as vscode from 'vscode';
import type { Disposable } from '../../core/ports.ts';

export interface PageFocus extends Disposable {
  tell(isWithin: boolean): void;
}

export function createPageFocus(): PageFocus {
  let told = false;
  const tell = (isWithin: boolean): void => {
    if (isWithin === told) return;
    told = isWithin;
    void vscode.commands.executeCommand('setContext', 'quartet.inPanel', isWithin);
  };
  return { tell, dispose: () => tell(false) };
}
