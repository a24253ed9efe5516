/** The words of a failing test as the editor shows them: beside its line, with what was expected against what came. */
import * as vscode from 'vscode';
import type { ToldRun, ToldTest } from '../../core/run/views/told-tests.ts';
import { toldFailure } from '../told.ts';
import { t } from '../told.ts';

/** Menus of messages offer to mend what failed. */
const FAILED = 'quartet.failed';

/** Where a path of the run is looked at; `undefined`: nowhere. */
export type UriOf = (path: string) => vscode.Uri | undefined;

function messageOf(test: ToldTest, uriOf: UriOf): vscode.TestMessage {
  const { expected, actual } = test;
  const text = test.message === undefined ? t('The test fails.') : toldFailure(test.message);
  const message =
    expected === undefined || actual === undefined
      ? new vscode.TestMessage(text)
      : vscode.TestMessage.diff(text, expected, actual);
  message.contextValue = FAILED;
  return placed(message, test, uriOf);
}

type ReportError = ToldRun['report']['errors'][number];

/** Something that failed outside any one test. */
export function errorMessage(error: ReportError, uriOf: UriOf): vscode.TestMessage {
  return placed(new vscode.TestMessage(toldFailure(error.message)), error, uriOf);
}

interface Placed {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

function placed(message: vscode.TestMessage, { file, line }: Placed, uriOf: UriOf): vscode.TestMessage {
  const uri = file === undefined || line === undefined ? undefined : uriOf(file);
  if (uri !== undefined && line !== undefined)
    message.location = new vscode.Location(uri, new vscode.Position(Math.max(0, line - 1), 0));
  return message;
}

/** Tells the editor how tests went; `itemOf` makes or finds their items. */
export function tellResults(
  testRun: vscode.TestRun,
  tests: readonly ToldTest[],
  {
    itemOf,
    uriOf,
  }: { readonly itemOf: (test: ToldTest) => vscode.TestItem | undefined; readonly uriOf: UriOf },
): void {
  for (const test of tests) {
    const item = itemOf(test);
    if (item === undefined) continue;
    if (test.status === 'passed') testRun.passed(item, test.durationMs);
    else if (test.status === 'skipped') testRun.skipped(item);
    else testRun.failed(item, messageOf(test, uriOf), test.durationMs);
  }
}

/** Text for the terminal of a test run. */
export const terminalText = (text: string): string => text.replace(/\r?\n/g, '\r\n');
