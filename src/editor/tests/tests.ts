/**
 * The tests of the workspace in the Test Explorer. They run as `quartet test` runs them: a run of QA on a private copy, unsaved text
 * included, without a model; what it told of each test is shown at its place.
 */
import * as vscode from 'vscode';
import type { Disposable, Log } from '../../core/ports.ts';
import type { LiveTests } from '../../core/run/contract.ts';
import type { ToldGate, ToldTest } from '../../core/run/views/told-tests.ts';
import type { TestNote } from '../../protocol/events.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import type { RunView } from '../../protocol/view.ts';
import { accompany } from '../accompany.ts';
import type { Desk } from '../desk.ts';
import { tellObstacle, workspaceFolder, type Obstacle } from '../obstacle.ts';
import { tellError } from '../tell.ts';
import { told as inWords, toldFailure } from '../told.ts';
import { onlyOf, toldOf, type Asked } from './ask.ts';
import { missedLines } from './coverage.ts';
import { createItems, type Items } from './items.ts';
import { errorMessage, tellResults, terminalText, type UriOf } from './messages.ts';
import { tellEnded } from './live.ts';
import { createTestProblems } from './problems.ts';

export interface TestsNeeds {
  readonly desk: Desk;
  readonly log: Log;
  readonly obstacle: () => Promise<Obstacle | undefined>;
  /** Settings of a run that asks no model. */
  readonly settings: () => Promise<RunSettings>;
  /** Calls back with what the tests of a run print, until disposed. */
  readonly onOutput: (run: string, piece: (text: string) => void) => vscode.Disposable;
  /** How far tests of runs have come. */
  readonly onTests: vscode.Event<LiveTests>;
  /** Told each time that the person does something here. */
  readonly attend: () => void;
}

/** A run of the tests that came to its end. */
export interface Tested {
  readonly view: RunView;
  readonly told: ToldGate | undefined;
}

export type MakeItem = (id: string, label: string, uri?: vscode.Uri) => vscode.TestItem;

export interface Tests extends Disposable {
  readonly items: Items;
  /** A test run of tests that are not those of the workspace, and what makes items for it. */
  begin(name: string): {
    readonly testRun: vscode.TestRun;
    readonly item: MakeItem;
  };
  /** Runs a part of the tests; `undefined` where it was stopped, or something is in the way, which was said then. */
  run(asked: Asked, how?: { readonly isAside?: boolean }): Promise<Tested | undefined>;
  /** True for runs that this began: their results are told where they were asked for. */
  began(run: string): boolean;
  /** Tests that failed when they last ran here. */
  failing(): readonly TestNote[];
}

export const inFolder: UriOf = (path) => {
  const folder = workspaceFolder();
  return folder && vscode.Uri.joinPath(folder.uri, path);
};

export function createTests(needs: TestsNeeds): Tests {
  const { desk, log, attend } = needs;
  const { t } = vscode.l10n;
  const controller = vscode.tests.createTestController('quartet.tests', 'Quartet');
  const items = createItems(controller, workspaceFolder);
  const problems = createTestProblems();
  const begun = new Set<string>();
  const state: State = { ...needs, controller, items, problems, begun };

  const profile = controller.createRunProfile(
    t('Run with QA'),
    vscode.TestRunProfileKind.Run,
    async (request, token) => {
      attend();
      await perform(state, { request, asked: askedBy(request, items), token, isAside: true }).catch(
        (error: unknown) => tellError(error, log),
      );
    },
    true,
  );
  profile.loadDetailedCoverage = async (_run, file) => missedLines(file);
  const lookFor = async () => {
    if ((await needs.obstacle()) !== undefined) return;
    const { tests } = await desk.connect();
    items.files(await tests.files());
    if (items.all().length === 0) await recall(state);
  };
  controller.refreshHandler = lookFor;
  controller.resolveHandler = async (item) => {
    if (item === undefined) await lookFor().catch((error: unknown) => log.warn(String(error)));
  };
  return {
    items,
    begin(name) {
      const request = new vscode.TestRunRequest(undefined, undefined, profile);
      return {
        testRun: controller.createTestRun(request, name, false),
        item: (...made) => controller.createTestItem(...made),
      };
    },
    run: async (asked, { isAside = false } = {}) => {
      const request = new vscode.TestRunRequest(includeOf(asked, items), undefined, profile);
      return await perform(state, { request, asked, isAside });
    },
    began: (run) => begun.has(run),
    failing: () => items.all().filter(({ status }) => status === 'failed'),
    dispose: () => void vscode.Disposable.from(controller, problems).dispose(),
  };
}

interface State extends TestsNeeds {
  readonly controller: vscode.TestController;
  readonly items: Items;
  readonly problems: ReturnType<typeof createTestProblems>;
  readonly begun: Set<string>;
}

interface Performing {
  readonly request: vscode.TestRunRequest;
  readonly asked: Asked;
  readonly token?: vscode.CancellationToken;
  readonly isAside: boolean;
}

/** Tests that the last run of all of them told, so that they can be run by themselves; how they went is not known any more. */
async function recall({ desk, items }: State): Promise<void> {
  const { tests } = await desk.connect();
  const last = desk.entries.find(({ mode, status }) => mode === 'qa' && status === 'finished');
  const told = last && (await tests.told(last.id)).at(-1)?.run;
  if (told === undefined || items.all().length > 0) return;
  await items.take(told.report.tests, 'some');
}

/** What a gesture in the Test Explorer or the gutter means. */
function askedBy({ include, exclude }: vscode.TestRunRequest, items: Items): Asked {
  if (include === undefined && (exclude ?? []).length === 0) return { kind: 'all' };
  const out = new Set((exclude ?? []).flatMap((item) => items.told(item).map(({ id }) => id)));
  const tops = include ?? items.tops();
  const tests = tops.flatMap((item) => items.told(item)).filter(({ id }) => !out.has(id));
  const files = tops.flatMap((item) => items.pathOf(item) ?? []);
  const isFiles = files.length === tops.length && out.size === 0;
  return isFiles ? { kind: 'files', files } : { kind: 'tests', tests };
}

function includeOf(asked: Asked, items: Items): readonly vscode.TestItem[] | undefined {
  if (asked.kind === 'tests') return asked.tests.flatMap(({ id }) => items.item(id) ?? []);
  return undefined;
}

async function perform(
  state: State,
  { request, asked, token, isAside }: Performing,
): Promise<Tested | undefined> {
  const { desk, obstacle, settings, begun, controller, items } = state;
  const testRun = controller.createTestRun(request);
  const cancel = new vscode.CancellationTokenSource();
  const ends: vscode.Disposable[] = [new vscode.Disposable(() => cancel.dispose())];
  for (const each of [token, testRun.token])
    if (each) ends.push(each.onCancellationRequested(() => cancel.cancel()));
  try {
    const found = await obstacle();
    if (found !== undefined) {
      tellObstacle(found);
      return undefined;
    }
    for (const test of expected(state, asked)) testRun.started(test);
    const { tests } = await desk.connect();
    const { setup } = await tests.known();
    const own = await settings();
    const only = onlyOf(asked, setup);
    const qa = own.qa && { ...own.qa, diagnose: false, ...(only && { only }) };
    const goal = vscode.l10n.t('Run the tests');
    const run = await desk.start({ goal, mode: 'qa', demo: false, settings: { ...own, qa }, isAside });
    begun.add(run);
    ends.push(
      state.onOutput(run, (text) => testRun.appendOutput(terminalText(text))),
      state.onTests((its) => its.run === run && tellEnded(testRun, items, its.ended)),
    );
    const view = await accompany(desk, run, cancel.token);
    const told = (await tests.told(run)).findLast(({ gate }) => gate.scope === 'integrated');
    await show(state, testRun, { asked, view, told, byName: only?.name !== undefined });
    return { view, told };
  } catch (error) {
    if (!(error instanceof vscode.CancellationError)) throw error;
    testRun.appendOutput(`${vscode.l10n.t('Stopped.')}\r\n`);
    return undefined;
  } finally {
    vscode.Disposable.from(...ends).dispose();
    testRun.end();
  }
}

/** Items that spin until something is told of them. */
function expected({ items }: State, asked: Asked): readonly vscode.TestItem[] {
  if (asked.kind === 'changed') return [];
  if (asked.kind === 'files')
    return idsOf(
      items,
      items.all().filter(({ file }) => file !== undefined && liesIn(asked.files, file)),
    );
  return idsOf(items, asked.kind === 'tests' ? asked.tests : items.all());
}

const idsOf = (items: Items, tests: readonly ToldTest[]): readonly vscode.TestItem[] =>
  tests.flatMap(({ id }) => items.item(id) ?? []);

interface Shown extends Tested {
  readonly asked: Asked;
  /** Of the files that were told, only tests of a name ran. */
  readonly byName: boolean;
}

async function show(
  { items, problems }: State,
  testRun: vscode.TestRun,
  { asked, view, told, byName }: Shown,
): Promise<void> {
  const before = new Set(items.all().map(({ id }) => id));
  const message = inWords(view.finished?.message ?? view.paused?.message ?? '');
  const run = told?.run;
  if (run === undefined || run.report.status === 'none') {
    for (const item of expectedOrFiles(items, asked)) testRun.errored(item, new vscode.TestMessage(message));
    testRun.appendOutput(terminalText(`\n${message}\n`));
    return;
  }
  const { report } = run;
  const isPart = told?.gate.report.part === true;
  const isWhole = report.status === 'complete' && report.errors.length === 0;
  const extent = !isWhole || byName ? 'some' : isPart ? 'files' : 'all';
  const tests = toldOf(report.tests, asked, byName);
  await items.take(tests, extent);
  problems.take(run, isWhole && !isPart, inFolder);
  tellResults(testRun, tests, { itemOf: ({ id }) => items.item(id), uriOf: inFolder });
  for (const error of report.errors) {
    if (error.file !== undefined) testRun.errored(items.file(error.file), errorMessage(error, inFolder));
    testRun.appendOutput(terminalText(`\n${toldFailure(error.message)}\n`));
  }
  const toldIds = new Set(report.tests.map(({ id }) => id));
  if (asked.kind === 'tests')
    for (const { id } of asked.tests)
      if (!toldIds.has(id) && before.has(id)) missing(testRun, items.item(id));
  testRun.appendOutput(terminalText(`\n${message}\n`));
}

function missing(testRun: vscode.TestRun, item: vscode.TestItem | undefined): void {
  if (item !== undefined)
    testRun.errored(
      item,
      new vscode.TestMessage(vscode.l10n.t('Nothing was told of this test: it did not run.')),
    );
}

/** Among the files, or in one of the folders. */
const liesIn = (paths: readonly string[], file: string): boolean =>
  paths.some((path) => file === path || file.startsWith(`${path}/`));

function expectedOrFiles(items: Items, asked: Asked): readonly vscode.TestItem[] {
  if (asked.kind === 'tests') return idsOf(items, asked.tests);
  if (asked.kind !== 'files') return items.tops();
  return items.tops().filter((item) => liesIn(asked.files, items.pathOf(item) ?? ''));
}
