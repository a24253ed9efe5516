/**
 * What the gates of a run found, as test runs: the tests of a working copy, beside those of the person's files, whose state in the
 * Test Explorer stays theirs.
 */
import * as vscode from 'vscode';
import type { Log } from '../../core/ports.ts';
import type { ToldGate, ToldTest } from '../../core/run/views/told-tests.ts';
import type { RunView } from '../../protocol/view.ts';
import type { Desk } from '../desk.ts';
import { recordedFile } from '../review/uris.ts';
import { t, told as inWords } from '../told.ts';
import { lineCoverage } from './coverage.ts';
import { errorMessage, tellResults, terminalText, type UriOf } from './messages.ts';
import { inFolder, type MakeItem, type Tests } from './tests.ts';

/** Longest goal in the name of a test run, in characters. */
const GOAL_MAX = 60;

export interface GatesNeeds {
  readonly desk: Desk;
  readonly log: Log;
  readonly tests: Tests;
}

/** Shows the gates of runs that are live here, each once. */
export function showGates({ desk, log, tests }: GatesNeeds): vscode.Disposable {
  const openedAt = Date.now();
  const seen = new Map<string, number>();
  let last: Promise<unknown> = Promise.resolve();
  const look = async (view: RunView) => {
    const since = seen.get(view.id) ?? 0;
    const backend = await desk.connect();
    for (const gate of await backend.tests.told(view.id, since)) {
      seen.set(view.id, Math.max(seen.get(view.id) ?? 0, gate.seq));
      // Those of an earlier window were shown there, and the tests as they were are no result of the change.
      if (gate.at >= openedAt && gate.gate.scope !== 'baseline') showGate(tests, view, gate);
    }
  };
  return desk.onGrown((view) => {
    if (!desk.isLive(view.id) || tests.began(view.id)) return;
    const newest = view.feed.findLast(({ kind }) => kind === 'gate')?.id ?? 0;
    if (newest <= (seen.get(view.id) ?? 0)) return;
    last = last.then(() => look(view)).catch((error: unknown) => log.warn(String(error)));
  });
}

function showGate(tests: Tests, view: RunView, told: ToldGate): void {
  const { run, gate } = told;
  if (run === undefined) return;
  const uriOf = placesOf(view, told);
  const name = t('Quartet: {0}', headOf(view.goal));
  const { testRun, item } = tests.begin(`${name} (${scopeOf(told)})`);
  const top = item(`run:${view.id}:${told.seq}`, name);
  top.description = scopeOf(told);
  const itemOf = detached(item, top, uriOf);
  tellResults(testRun, run.report.tests, { itemOf, uriOf });
  for (const error of run.report.errors) testRun.errored(top, errorMessage(error, uriOf));
  const { verdict, reasons, coverage } = gate.report;
  const found = { green: t('Green'), red: t('Red'), notProved: t('Not proved') }[verdict];
  const unknown =
    coverage?.why === undefined
      ? ''
      : `${t('Which changed lines the tests reach is not known: {0}', inWords(coverage.why))}\n`;
  testRun.appendOutput(
    terminalText(
      `${name} (${scopeOf(told)})\n\n$ ${run.label}\n${run.output}\n\n${found}: ${reasons.map(inWords).join(' ')}\n${unknown}`,
    ),
  );
  for (const file of coverage?.files ?? []) {
    const uri = uriOf(file.path);
    if (uri !== undefined) testRun.addCoverage(lineCoverage(uri, file));
  }
  testRun.end();
}

/** Files as they were tested: those that were accepted are the workspace's, those that were merged lie in the record. */
function placesOf({ id, merges = [] }: RunView, { gate: { scope, task } }: ToldGate): UriOf {
  if (scope === 'accepted') return inFolder;
  const tree = scope === 'integrated' ? merges.findLast(({ unit }) => unit === task)?.tree : undefined;
  return (path) => (tree === undefined ? undefined : recordedFile(id, tree, path));
}

/** Items of a run that the Test Explorer does not list. */
function detached(make: MakeItem, top: vscode.TestItem, uriOf: UriOf) {
  return (test: ToldTest): vscode.TestItem => {
    const uri = test.file === undefined ? undefined : uriOf(test.file);
    const item = make(`${top.id}:${test.id}`, test.id, uri);
    const line = Math.max(0, (test.line ?? 1) - 1);
    if (uri !== undefined) item.range = new vscode.Range(line, 0, line, 0);
    top.children.add(item);
    return item;
  };
}

function headOf(goal: string): string {
  const line = goal.trim().split('\n')[0] ?? '';
  return line.length > GOAL_MAX ? `${line.slice(0, GOAL_MAX)}…` : line;
}

function scopeOf({ gate: { scope, task = '' } }: ToldGate): string {
  if (scope === 'task') return t('in the working copy of {0}', task);
  if (scope === 'accepted') return t('what you accepted');
  return task === '' ? t('as they are') : t('with {0} merged', task);
}
