/** Commands about tests: run them, have failures explained or mended, have missing ones written. */
import * as vscode from 'vscode';
import { fixGoal, writeGoal } from '../../core/run/gate/test-goals.ts';
import type { ToldTest } from '../../core/run/views/told-tests.ts';
import type { TestNote } from '../../protocol/events.ts';
import type { Desk } from '../desk.ts';
import { workspaceFolder } from '../obstacle.ts';
import type { Asked } from '../tests/ask.ts';
import type { Tested, Tests } from '../tests/tests.ts';
import { t, told } from '../told.ts';
import { tellNothing, type Commands } from './register.ts';

export interface TestCommandNeeds {
  readonly desk: Desk;
  readonly tests: Tests;
  readonly showPanel: () => Promise<void>;
}

/** All need a trusted folder. */
export function testCommands(needs: TestCommandNeeds) {
  const { tests } = needs;
  return {
    runTests: () => runAndTell(needs, { kind: 'all' }),
    testFile: async (given, all) => {
      const files = pathsOf(given, all);
      if (files.length > 0) return await runAndTell(needs, { kind: 'files', files });
      tellNothing(t('Open a file of the folder first, or choose one in the Explorer.'));
      return undefined;
    },
    testFolder: async (given, all) => {
      const folders = pathsOf(given, all);
      if (folders.length > 0)
        return await runAndTell(
          needs,
          folders.includes('') ? { kind: 'all' } : { kind: 'files', files: folders },
        );
      tellNothing(t('Choose a folder in the Explorer.'));
      return undefined;
    },
    testSelection: () => testSelection(needs),
    testChanged: () => runAndTell(needs, { kind: 'changed' }),
    testFailed: async () => {
      const failed = tests.items.all().filter(({ status }) => status === 'failed');
      if (failed.length > 0) return await runAndTell(needs, { kind: 'tests', tests: failed });
      tellNothing(t('No test failed when they last ran here.'));
      return undefined;
    },
    diagnoseTests: () => diagnose(needs),
    fixTests: (given) => fix(needs, given),
    writeTests: async (given, all) => {
      const [file] = pathsOf(given, all);
      if (file === undefined) {
        tellNothing(t('Open the file that lacks tests first, or choose it in the Explorer.'));
        return undefined;
      }
      return await begin(needs, writeGoal(file));
    },
  } satisfies Commands;
}

/** A normal run: it plans, changes, tests and reviews. */
async function begin({ desk, showPanel }: TestCommandNeeds, goal: string): Promise<string> {
  const run = await desk.start({ goal, mode: 'team', demo: false });
  await showPanel();
  return run;
}

async function runAndTell(needs: TestCommandNeeds, asked: Asked): Promise<string | undefined> {
  const running = needs.tests.run(asked);
  await needs.showPanel();
  const tested = await running;
  if (tested === undefined) return undefined;
  tell(tested);
  return tested.view.id;
}

/** Does not wait for the person. */
function tell({ view, told: last }: Tested): void {
  const text = `Quartet: ${told(view.finished?.message ?? view.paused?.message ?? '')}`;
  if (last?.gate.report.verdict !== 'red') {
    void vscode.window.showInformationMessage(text);
    return;
  }
  const [fixIt, why, show] = [t('Fix'), t('Find Out Why'), t('Show')];
  void vscode.window.showWarningMessage(text, fixIt, why, show).then(async (chosen) => {
    if (chosen === fixIt) await vscode.commands.executeCommand('quartet.fixTests');
    if (chosen === why) await vscode.commands.executeCommand('quartet.diagnoseTests');
    if (chosen === show) await vscode.commands.executeCommand('testing.showMostRecentOutput');
  });
}

/** QA reads why tests fail; asks a model. */
async function diagnose({ desk, showPanel }: TestCommandNeeds): Promise<string> {
  const own = await desk.settings(false);
  const settings = { ...own, ...(own.qa && { qa: { ...own.qa, diagnose: true } }) };
  const goal = t('Run the tests and explain what fails.');
  const run = await desk.start({ goal, mode: 'qa', demo: false, settings });
  await showPanel();
  return run;
}

/** `given`: a test, a message of one, or a run of the tests; absent: all that failed when they last ran here. */
async function fix(needs: TestCommandNeeds, given: unknown): Promise<string | undefined> {
  const { tests } = needs;
  const named =
    typeof given === 'string'
      ? await failingIn(needs, given)
      : toldBy(tests, given).filter(({ status }) => status === 'failed');
  const failing = named.length > 0 ? named : tests.failing();
  if (failing.length > 0) return await begin(needs, fixGoal(failing));
  tellNothing(t('No failing test is known. Run the tests first.'));
  return undefined;
}

async function failingIn({ desk }: TestCommandNeeds, run: string): Promise<readonly TestNote[]> {
  const { evidence } = await (await desk.connect()).views.view(run);
  const found = evidence.integrated;
  return found === undefined ? [] : [...found.newlyFailing, ...found.stillFailing];
}

/** What menus of tests and of their messages hand over. */
function toldBy({ items }: Tests, given: unknown): readonly ToldTest[] {
  const item = itemIn(given);
  return item === undefined ? [] : items.toldById(item.id);
}

function itemIn(given: unknown): { readonly id: string } | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const item: unknown = 'test' in given ? given.test : given;
  return typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string'
    ? { id: item.id }
    : undefined;
}

/** Tests in the selection, else the one that the cursor stands in, else those of the file. */
async function testSelection(needs: TestCommandNeeds): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const [file] = pathsOf(editor?.document.uri, undefined);
  if (editor === undefined || file === undefined) {
    tellNothing(t('Open a file of the folder first.'));
    return undefined;
  }
  const { start, end } = editor.selection;
  const { items } = needs.tests;
  const placed = items
    .all()
    .filter((test) => test.file === file)
    .flatMap((test) => {
      const line = items.item(test.id)?.range?.start.line;
      return line === undefined ? [] : [{ test, line }];
    });
  const inside = placed.filter(({ line }) => line >= start.line && line <= end.line);
  const above = placed.filter(({ line }) => line <= start.line).sort((one, other) => other.line - one.line);
  const chosen = inside.length > 0 ? inside : above.slice(0, 1);
  const asked: Asked =
    chosen.length > 0
      ? { kind: 'tests', tests: chosen.map(({ test }) => test) }
      : { kind: 'files', files: [file] };
  return await runAndTell(needs, asked);
}

/** Paths in the folder that a menu names, or that of the open editor. */
function pathsOf(given: unknown, all: unknown): readonly string[] {
  const chosen = Array.isArray(all) && all.length > 0 ? (all as readonly unknown[]) : [given];
  const uris = chosen.filter((each) => each instanceof vscode.Uri);
  const named = uris.length > 0 ? uris : [vscode.window.activeTextEditor?.document.uri];
  return named.flatMap((uri) => (uri && pathIn(uri)) ?? []);
}

function pathIn(uri: vscode.Uri): string | undefined {
  const folder = workspaceFolder();
  if (folder === undefined || uri.scheme !== 'file') return undefined;
  if (vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() !== folder.uri.toString()) return undefined;
  return uri.path.slice(folder.uri.path.replace(/\/$/, '').length + 1).replace(/\/$/, '');
}
