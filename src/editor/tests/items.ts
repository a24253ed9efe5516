/** The tests in the Test Explorer: files by their names, suites and tests as runs told them. */
import * as vscode from 'vscode';
import type { ToldTest } from '../../core/run/views/told-tests.ts';
import { declaredAt } from '../../core/qa/declared.ts';

/** Test files whose text is searched for the lines of their tests. */
const SEARCHED_MAX = 500;

/** What a run told: some tests, all of the files that it names, or all that there are. */
export type Extent = 'some' | 'files' | 'all';

export interface Items {
  /** Files that hold tests, told or not. */
  files(paths: readonly string[]): void;
  /** Tests that a run told. What it would have told and did not is not there any more. */
  take(tests: readonly ToldTest[], extent: Extent): Promise<void>;
  /** The item of a test, by its id. */
  item(id: string): vscode.TestItem | undefined;
  /** The item of a file. */
  file(path: string): vscode.TestItem;
  /** The items that have nothing above them. */
  tops(): readonly vscode.TestItem[];
  /** What was last told of the tests at an item and below it. */
  told(item: vscode.TestItem): readonly ToldTest[];
  /** The same by the id of the item. */
  toldById(id: string): readonly ToldTest[];
  /** All that was told last. */
  all(): readonly ToldTest[];
  /** The path of the file that an item stands for. */
  pathOf(item: vscode.TestItem): string | undefined;
}

const SEPARATOR = ' > ';
const idOfFile = (path: string): string => `file:${path}`;
const isFile = ({ id }: vscode.TestItem): boolean => id.startsWith('file:');
const pathOf = ({ id }: vscode.TestItem): string => id.slice('file:'.length);
const idOfTest = (id: string): string => `test:${id}`;

export function createItems(
  controller: vscode.TestController,
  folder: () => vscode.WorkspaceFolder | undefined,
): Items {
  const tests = new Map<string, { readonly item: vscode.TestItem; test: ToldTest }>();
  const uriOf = (path: string) => {
    const root = folder();
    return root && vscode.Uri.joinPath(root.uri, path);
  };
  const child = (parent: vscode.TestItemCollection, made: Made): vscode.TestItem => {
    const known = parent.get(made.id);
    if (known !== undefined) return known;
    const item = controller.createTestItem(made.id, made.label, made.uri);
    parent.add(item);
    return item;
  };
  const file = (path: string) =>
    child(controller.items, { id: idOfFile(path), label: path, uri: uriOf(path) });
  const itemFor = (test: ToldTest): vscode.TestItem => {
    const names = test.name.split(SEPARATOR);
    const top = test.file === undefined ? undefined : file(test.file);
    const uri = top?.uri;
    let parent = top;
    names.slice(0, -1).forEach((label, at) => {
      const id = `suite:${test.file ?? ''}:${names.slice(0, at + 1).join(SEPARATOR)}`;
      parent = child(parent?.children ?? controller.items, { id, label, uri });
    });
    const label = names.at(-1) ?? test.name;
    return child(parent?.children ?? controller.items, { id: idOfTest(test.id), label, uri });
  };
  const drop = (told: readonly ToldTest[], extent: Extent) => {
    const files = new Set(told.map((test) => test.file));
    const kept = new Set(told.map(({ id }) => id));
    for (const [id, { item, test }] of tests) {
      if (kept.has(id) || (extent === 'files' && !files.has(test.file))) continue;
      tests.delete(id);
      removeUp(controller, item);
    }
  };
  const below = (isTop: (item: vscode.TestItem) => boolean) =>
    [...tests.values()].filter(({ item }) => withParents(item).some(isTop)).map(({ test }) => test);
  return {
    files(paths) {
      for (const path of paths) file(path);
      for (const [id, item] of controller.items)
        if (isFile(item) && item.children.size === 0 && !paths.includes(pathOf(item)))
          controller.items.delete(id);
    },
    async take(told, extent) {
      if (extent !== 'some') drop(told, extent);
      for (const test of told) {
        const known = tests.get(test.id);
        if (known === undefined) tests.set(test.id, { item: itemFor(test), test });
        else known.test = test;
      }
      await placeAll(told.flatMap(({ id }) => tests.get(id)?.item ?? []));
    },
    item: (id) => tests.get(id)?.item,
    file,

    tops: () => [...controller.items].map(([, item]) => item),
    told: (item) => below((each) => each === item),
    toldById: (id) => below((each) => each.id === id),
    all: () => [...tests.values()].map(({ test }) => test),
    pathOf: (item) => (isFile(item) ? pathOf(item) : undefined),
  };
}

interface Made {
  readonly id: string;
  readonly label: string;
  readonly uri: vscode.Uri | undefined;
}

function withParents(item: vscode.TestItem): readonly vscode.TestItem[] {
  const all: vscode.TestItem[] = [];
  for (let at: vscode.TestItem | undefined = item; at !== undefined; at = at.parent) all.push(at);
  return all;
}

/** With the suites that it leaves empty; files stay. */
function removeUp(controller: vscode.TestController, item: vscode.TestItem): void {
  const { parent } = item;
  (parent?.children ?? controller.items).delete(item.id);
  if (parent?.id.startsWith('suite:') === true && parent.children.size === 0) removeUp(controller, parent);
}

/** Gives tests and suites the lines at which they are declared, so that they can be run from there. */
async function placeAll(items: readonly vscode.TestItem[]): Promise<void> {
  const files = new Map<string, vscode.TestItem[]>();
  for (const item of items) {
    if (item.uri === undefined) continue;
    const key = item.uri.toString();
    files.set(key, [...(files.get(key) ?? []), item]);
  }
  for (const inFile of [...files.values()].slice(0, SEARCHED_MAX)) {
    const [first] = inFile;
    const text = first?.uri && (await textOf(first.uri));
    if (text === undefined) continue;
    for (const item of withSuites(inFile)) {
      const line = declaredAt(text, item.label);
      item.range = line === undefined ? undefined : new vscode.Range(line - 1, 0, line - 1, 0);
    }
  }
}

const withSuites = (items: readonly vscode.TestItem[]): ReadonlySet<vscode.TestItem> =>
  new Set(items.flatMap((item) => withParents(item).filter((each) => !isFile(each))));

/** As the editor has it, unsaved text included. */
async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) return open.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
