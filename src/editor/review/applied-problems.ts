/**
 * What the editor's language servers find in changed files after a change was applied and did not before. Servers look at the workspace
 * only, so nothing is known of a change before it is there: this is no part of the gate, and nothing of it is journaled.
 */
import * as vscode from 'vscode';
import type { TreeChange, Workspace } from '../../core/ports.ts';
import { freshProblems, type Problem } from './problem-diff.ts';

/** Files of one change that are looked at. */
const FILES_MAX = 40;
/** Servers have found what they find when they were silent for that long after their first word, and at the latest then. */
const QUIET_MS = 1500;
const FIRST_WORD_MS = 5000;
const LOOK_MAX_MS = 20_000;
/** Servers that are remembered, each with the files that it looks at. */
const SOURCES_MAX = 1000;

/** A file before a change. */
interface Base {
  readonly problems: readonly Problem[];
  /** Servers that would have told of the file what they found; all of them where there was none. */
  readonly sources: ReadonlySet<string> | 'all';
  readonly text: string;
}

/** A problem that a changed file has now. */
export interface NewProblem extends Problem {
  readonly path: string;
  /** It stands on a line that the change did not write, and its server may not have looked at the file before. */
  readonly perhapsOld: boolean;
}

export class AppliedProblems implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Another change was applied, or servers found something else in its files. */
  readonly onChanged = this.#changed.event;
  /** Servers seen at work, as `ending|source`: at all, and on files that no tab shows. Many look at nothing else. */
  readonly #seen = new Set<string>();
  readonly #seenAside = new Set<string>();
  readonly #looked = new Map<string, Base>();
  readonly #folder: () => vscode.WorkspaceFolder | undefined;
  readonly #ends: vscode.Disposable;
  #bases: ReadonlyMap<string, Base> = new Map();
  #isSettled = false;
  #round = 0;

  constructor(folder: () => vscode.WorkspaceFolder | undefined) {
    this.#folder = folder;
    this.#ends = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      this.#hear(uris);
    });
  }

  /** The files of the last change that was applied here; none after `forget`. */
  get paths(): readonly string[] {
    return [...this.#bases.keys()];
  }

  /** Counts the changes that were applied here. */
  get round(): number {
    return this.#round;
  }

  /** Servers have had their time since the last change was applied. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** What is new, file by file. */
  get found(): readonly NewProblem[] {
    if (!this.#isSettled) return [];
    return [...this.#bases].flatMap(([path, base]) => {
      const written = this.#linesWritten(path, base.text);
      return freshProblems(base.problems, this.#problemsIn(path)).map((problem) => {
        const isKnown = base.sources === 'all' || base.sources.has(problem.source);
        return { ...problem, path, perhapsOld: !isKnown && !written(problem.line) };
      });
    });
  }

  /** The same workspace; what servers say of files is taken before each change that it applies, and watched after. */
  around(workspace: Workspace): Workspace {
    return {
      ...workspace,
      apply: async (changes) => {
        const bases = this.#basesOf(changes);
        const applied = await workspace.apply(changes);
        if (applied.ok) void this.#watch(bases).catch(() => undefined);
        return applied;
      },
    };
  }

  /** Has servers look at files that are about to change, so that what is there already is known. */
  async look(paths: readonly string[]): Promise<void> {
    const files = paths.slice(0, FILES_MAX);
    const opened = await this.#open(files);
    await this.#quiet(opened.keys());
    for (const [path, document] of opened) this.#looked.set(path, this.#lookedAt(path, document.getText()));
  }

  /** Nothing is new any more: the person has decided. */
  forget(): void {
    this.#bases = new Map();
    this.#isSettled = false;
    this.#changed.fire();
  }

  dispose(): void {
    this.#ends.dispose();
    this.#changed.dispose();
  }

  #uriOf(path: string): vscode.Uri | undefined {
    const folder = this.#folder();
    return folder && vscode.Uri.joinPath(folder.uri, path);
  }

  #problemsIn(path: string): readonly Problem[] {
    const uri = this.#uriOf(path);
    return uri === undefined ? [] : vscode.languages.getDiagnostics(uri).flatMap(problemOf);
  }

  /** True for lines that the file did not have before. */
  #linesWritten(path: string, before: string): (line: number) => boolean {
    const uri = String(this.#uriOf(path));
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri);
    const old = new Set(before.split('\n').map((line) => line.trim()));
    return (line) =>
      document !== undefined && line < document.lineCount && !old.has(document.lineAt(line).text.trim());
  }

  #lookedAt(path: string, text: string): Base {
    const problems = this.#problemsIn(path);
    const seen = isShown(String(this.#uriOf(path))) ? this.#seen : this.#seenAside;
    const ending = `${endingOf(path)}|`;
    const near = [...seen].filter((each) => each.startsWith(ending)).map((each) => each.slice(ending.length));
    return { problems, sources: new Set([...near, ...problems.map(({ source }) => source)]), text };
  }

  #hear(uris: readonly vscode.Uri[]): void {
    if (this.#seen.size > SOURCES_MAX) for (const each of [this.#seen, this.#seenAside]) each.clear();
    for (const uri of uris) {
      const isAside = !isShown(uri.toString());
      for (const { source = '' } of vscode.languages.getDiagnostics(uri)) {
        const server = `${endingOf(uri.path)}|${source}`;
        this.#seen.add(server);
        if (isAside) this.#seenAside.add(server);
      }
    }
    const mine = new Set([...this.#bases.keys()].map((path) => String(this.#uriOf(path))));
    if (this.#isSettled && uris.some((uri) => mine.has(uri.toString()))) this.#changed.fire();
  }

  #basesOf(changes: readonly TreeChange[]): ReadonlyMap<string, Base> {
    const bases = new Map<string, Base>();
    for (const { path, before, after, mode } of changes) {
      if (bases.size >= FILES_MAX) break;
      if (after === undefined || mode === '120000') continue;
      bases.set(
        path,
        before === undefined ? { problems: [], sources: 'all', text: '' } : this.#baseOf(path, before),
      );
    }
    return bases;
  }

  /** As it is now where the file is open; else as it was when it was looked at, if it still reads so. */
  #baseOf(path: string, before: Uint8Array): Base {
    const uri = String(this.#uriOf(path));
    const isOpen = vscode.workspace.textDocuments.some(
      (each) => !each.isClosed && each.uri.toString() === uri,
    );
    const text = new TextDecoder().decode(before);
    const looked = this.#looked.get(path);
    return !isOpen && looked?.text === text ? looked : this.#lookedAt(path, text);
  }

  async #watch(bases: ReadonlyMap<string, Base>): Promise<void> {
    this.#bases = bases;
    this.#round += 1;
    this.#isSettled = false;
    this.#looked.clear();
    this.#changed.fire();
    const opened = await this.#open([...bases.keys()]);
    await this.#quiet(opened.keys());
    // Another change was applied meanwhile, or the person has decided.
    if (this.#bases !== bases) return;
    this.#isSettled = true;
    this.#changed.fire();
  }

  /** What is no text is left out. */
  async #open(paths: readonly string[]): Promise<ReadonlyMap<string, vscode.TextDocument>> {
    const opened = new Map<string, vscode.TextDocument>();
    for (const path of paths) {
      const uri = this.#uriOf(path);
      if (uri === undefined) continue;
      const document = await Promise.resolve(vscode.workspace.openTextDocument(uri)).catch(() => undefined);
      if (document !== undefined) opened.set(path, document);
    }
    return opened;
  }

  #quiet(paths: Iterable<string>): Promise<void> {
    const mine = new Set([...paths].map((path) => String(this.#uriOf(path))));
    if (mine.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(last);
        clearTimeout(silent);
        listening.dispose();
        resolve();
      };
      const last = setTimeout(done, LOOK_MAX_MS);
      let silent = setTimeout(done, FIRST_WORD_MS);
      const listening = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        if (!uris.some((uri) => mine.has(uri.toString()))) return;
        clearTimeout(silent);
        silent = setTimeout(done, QUIET_MS);
      });
    });
  }
}

/** True where a tab shows the file. */
function isShown(uri: string): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri);
}

function endingOf(path: string): string {
  return /\.\w+$/.exec(path)?.[0] ?? path.slice(path.lastIndexOf('/') + 1);
}

function problemOf(diagnostic: vscode.Diagnostic): readonly Problem[] {
  const { Error, Warning } = vscode.DiagnosticSeverity;
  const { severity, message, source = '', code, range } = diagnostic;
  if (severity !== Error && severity !== Warning) return [];
  const value = typeof code === 'object' ? code.value : (code ?? '');
  const level = severity === Error ? 'error' : 'warning';
  return [{ severity: level, message, source, code: String(value), line: range.start.line }];
}
