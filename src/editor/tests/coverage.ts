/** Which changed lines the tests of a gate reached, as the editor shows coverage. */
import * as vscode from 'vscode';
import type { LineCoverage } from '../../protocol/test-evidence.ts';

type CoveredFile = LineCoverage['files'][number];

/** Coverage of a file whose changed lines are known; the lines that were missed are shown when it is opened. */
class ChangedLines extends vscode.FileCoverage {
  readonly missed: readonly number[];

  constructor(uri: vscode.Uri, { covered, total, missed }: CoveredFile) {
    super(uri, new vscode.TestCoverageCount(covered, total));
    this.missed = missed;
  }
}

export const lineCoverage = (uri: vscode.Uri, file: CoveredFile): vscode.FileCoverage =>
  new ChangedLines(uri, file);

/** The lines of a file that no test reached. */
export function missedLines(coverage: vscode.FileCoverage): vscode.StatementCoverage[] {
  if (!(coverage instanceof ChangedLines)) return [];
  return coverage.missed.map((line) => {
    const at = Math.max(0, line - 1);
    return new vscode.StatementCoverage(false, new vscode.Range(at, 0, at, Number.MAX_SAFE_INTEGER));
  });
}
