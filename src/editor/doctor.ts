/** Quartet: Doctor. The report is a page to read, never saved; a message says how it ended. */
import * as vscode from 'vscode';
import type { Facts } from '../core/doctor/facts.ts';
import type { Disposable } from '../core/ports.ts';
import { readPage } from './read-page.ts';
import { stoppable } from './stoppable.ts';
import { t, told } from './told.ts';

const SCHEME = 'quartet-doctor';

export interface Doctor extends Disposable {
  /** Examines, shows the report, and returns its summary; undefined where the person stopped it. */
  show(): Promise<string | undefined>;
}

export function createDoctor(examine: (signal: AbortSignal) => Promise<Facts>): Doctor {
  let report = '';
  let looks = 0;
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: () => report,
  });
  return {
    async show() {
      const facts = await stoppable(t('Quartet: looking at everything that a run needs'), examine);
      if (facts === undefined) return undefined;
      const { asMarkdown, isIll, judge, summary } = await import('./at-need.ts');
      const findings = judge(facts, { t, told });
      report = asMarkdown(findings, t);
      // Each report is a document of its own: a page does not notice that one which nobody edits has changed.
      looks += 1;
      await readPage(vscode.Uri.from({ scheme: SCHEME, path: `/${t('Doctor')}.md`, query: String(looks) }));
      const said = summary(findings, t);
      const text = `Quartet: ${said}`;
      void (isIll(findings)
        ? vscode.window.showWarningMessage(text)
        : vscode.window.showInformationMessage(text));
      return said;
    },
    dispose: () => void provider.dispose(),
  };
}
