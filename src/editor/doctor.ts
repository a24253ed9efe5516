/** Quartet: Doctor. The report is a document of its own, read-only and never saved; a message says how it ended. */
import * as vscode from 'vscode';
import type { Facts } from '../core/doctor/facts.ts';
import type { Disposable } from '../core/ports.ts';
import { stoppable } from './stoppable.ts';

const SCHEME = 'quartet-doctor';
const REPORT = vscode.Uri.from({ scheme: SCHEME, path: '/Quartet Doctor.md' });

export interface Doctor extends Disposable {
  /** Examines, shows the report, and returns its summary; undefined where the person stopped it. */
  show(): Promise<string | undefined>;
}

export function createDoctor(examine: (signal: AbortSignal) => Promise<Facts>): Doctor {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let report = '';
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: () => report,
  });
  return {
    async show() {
      const title = vscode.l10n.t('Quartet: looking at everything that a run needs');
      const facts = await stoppable(title, examine);
      if (facts === undefined) return undefined;
      const [{ isIll, judge }, { asMarkdown, summary }] = await Promise.all([
        import('../core/doctor/judge.ts'),
        import('../core/doctor/report.ts'),
      ]);
      const findings = judge(facts);
      report = asMarkdown(findings);
      changed.fire(REPORT);
      const document = await vscode.workspace.openTextDocument(REPORT);
      await vscode.window.showTextDocument(document, { preview: true });
      const text = `Quartet: ${summary(findings)}`;
      void (isIll(findings)
        ? vscode.window.showWarningMessage(text)
        : vscode.window.showInformationMessage(text));
      return summary(findings);
    },
    dispose: () => void vscode.Disposable.from(provider, changed).dispose(),
  };
}
