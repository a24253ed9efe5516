/** Tests are marked as they end; their messages come with the report. */
import type * as vscode from 'vscode';
import type { EndedTest } from '../../core/qa/progress/line.ts';
import type { Items } from './items.ts';

/** Marks tests that the console names, where that name is of one test only. */
export function tellEnded(testRun: vscode.TestRun, items: Items, ended: readonly EndedTest[]): void {
  if (ended.length === 0) return;
  const known = items.all();
  for (const { name, status, durationMs } of ended) {
    const [test, ...others] = known.filter((its) => its.name === name || its.name.endsWith(` > ${name}`));
    const item = test === undefined || others.length > 0 ? undefined : items.item(test.id);
    if (item === undefined) continue;
    if (status === 'passed') testRun.passed(item, durationMs);
    else if (status === 'failed') testRun.failed(item, [], durationMs);
    else testRun.skipped(item);
  }
}
