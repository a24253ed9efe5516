/** An extension that does nothing: what the editor takes for any. Asked to, it writes what the extension host has marked into a file. */
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';

/** The editor's own marks; `startTime` in milliseconds. */
interface Marks {
  getMarks(): readonly { readonly name: string; readonly startTime: number }[];
}

export function activate({ subscriptions }: vscode.ExtensionContext): void {
  const { MonacoPerformanceMarks: marks } = globalThis as unknown as { MonacoPerformanceMarks: Marks };
  const write = (): void => {
    writeFileSync(process.env['QUARTET_MARKS'] ?? '', JSON.stringify(marks.getMarks()));
  };
  subscriptions.push(vscode.commands.registerCommand('baseline.marks', write));
}
