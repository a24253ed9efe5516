/** Failing tests as problems at their lines, until they are seen to pass. */
import * as vscode from 'vscode';
import type { Disposable } from '../../core/ports.ts';
import type { ToldRun } from '../../core/run/views/told-tests.ts';
import { toldFailure } from '../told.ts';
import type { UriOf } from './messages.ts';
import { t } from '../told.ts';

/** Longest text of a problem, in characters; the whole stands in the Test Explorer. */
const TEXT_MAX = 500;
const SOURCE = 'Quartet';

interface Problem {
  readonly uri: vscode.Uri;
  readonly diagnostic: vscode.Diagnostic;
}

export interface TestProblems extends Disposable {
  /** `isWhole`: what is not told is not there any more. */
  take(run: ToldRun, isWhole: boolean, uriOf: UriOf): void;
}

export function createTestProblems(): TestProblems {
  const collection = vscode.languages.createDiagnosticCollection('quartet.tests');
  const problems = new Map<string, Problem>();
  const show = () => {
    const files = new Map<string, Problem[]>();
    for (const problem of problems.values()) {
      const key = problem.uri.toString();
      files.set(key, [...(files.get(key) ?? []), problem]);
    }
    collection.clear();
    for (const list of files.values()) {
      const [first] = list;
      if (first)
        collection.set(
          first.uri,
          list.map(({ diagnostic }) => diagnostic),
        );
    }
  };
  return {
    take({ report }, isWhole, uriOf) {
      if (isWhole) problems.clear();
      // A file that loads again tells tests.
      for (const { id, file } of report.tests)
        for (const key of [id, `error:${file ?? ''}`]) problems.delete(key);
      const failing = report.tests.filter(({ status }) => status === 'failed');
      for (const { id, name, ...test } of failing) add(problems, id, { ...test, name }, uriOf);
      for (const error of report.errors) add(problems, `error:${error.file ?? ''}`, error, uriOf);
      show();
    },
    dispose: () => collection.dispose(),
  };
}

interface Failure {
  readonly name?: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly message?: string | undefined;
}

function add(problems: Map<string, Problem>, key: string, failure: Failure, uriOf: UriOf): void {
  const { file, line = 1, name, message = t('The test fails.') } = failure;
  const uri = file === undefined ? undefined : uriOf(file);
  if (uri === undefined) return;
  const text = toldFailure(message);
  const words = text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
  const at = Math.max(0, line - 1);
  // The editor draws a problem to the end of its line.
  const range = new vscode.Range(at, 0, at, Number.MAX_SAFE_INTEGER);
  const diagnostic = new vscode.Diagnostic(range, name === undefined ? words : `${name}: ${words}`);
  diagnostic.source = SOURCE;
  problems.set(key, { uri, diagnostic });
}
