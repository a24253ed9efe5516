/** The visible terminal "Quartet": what agents run, and what it prints. It takes no input. */
import * as vscode from 'vscode';
import type { Disposable } from '../core/ports.ts';
import { createTerminalFilter } from './terminal-text.ts';

/** Kept while nobody has the terminal open; older text is dropped. */
const HELD_CHARS_MAX = 200_000;

export interface EditorTerminal extends Disposable {
  /** Shows a piece of output; `label` says who runs what. The terminal appears with the first piece. */
  write(label: string, text: string): void;
}

export function createEditorTerminal(): EditorTerminal {
  const written = new vscode.EventEmitter<string>();
  const filters = new Map<string, (piece: string) => string>();
  let terminal: vscode.Terminal | undefined;
  let isOpen = false;
  let held = '';
  let lastLabel: string | undefined;

  const show = (text: string) => {
    if (isOpen) written.fire(text);
    else held = (held + text).slice(-HELD_CHARS_MAX);
  };
  const pty: vscode.Pseudoterminal = {
    onDidWrite: written.event,
    open: () => {
      isOpen = true;
      if (held !== '') written.fire(held);
      held = '';
    },
    close: () => {
      isOpen = false;
      terminal = undefined;
    },
  };
  const appear = () => {
    terminal ??= vscode.window.createTerminal({
      name: 'Quartet',
      pty,
      isTransient: true,
      iconPath: new vscode.ThemeIcon('organization'),
    });
  };
  return {
    write(label, text) {
      appear();
      if (label !== lastLabel) {
        lastLabel = label;
        show(`\r\n\u001b[1m[${createTerminalFilter()(label)}]\u001b[0m\r\n`);
      }
      const filter = filters.get(label) ?? createTerminalFilter();
      filters.set(label, filter);
      show(filter(text));
    },
    dispose: () => {
      terminal?.dispose();
      written.dispose();
    },
  };
}
