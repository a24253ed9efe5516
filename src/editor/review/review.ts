/** The review of the open run's change set: native diffs, a decision per file, and the answer to the run's question. */
import * as vscode from 'vscode';
import { PortError } from '../../core/ports.ts';
import type { ReviewAnswer } from '../../protocol/answers.ts';
import type { ChangedFile } from '../../protocol/events.ts';
import type { ChangesView, RunView } from '../../protocol/view.ts';
import { openNeed } from '../context-keys.ts';
import type { Desk } from '../desk.ts';
import { registerReviewFiles, type ReviewFiles } from './files.ts';
import {
  createReviewProgress,
  reviewAnswer,
  type Decision,
  type FileProgress,
  type ReviewProgress,
  type Round,
} from './progress.ts';
import { closeReviewTabs, reviewTitle } from './tabs.ts';
import { parseAddress, PROPOSED_SCHEME, reviewSides } from './uris.ts';

/** A change set that can be looked at, and decided while `signal` is open. */
export interface Reviewed {
  readonly view: RunView;
  readonly changes: ChangesView;
  readonly signal: string | undefined;
}

export class Review implements vscode.Disposable {
  readonly #desk: Desk;
  readonly #progress: ReviewProgress;
  readonly #files: ReviewFiles;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #ends: vscode.Disposable;
  #shown = '';

  /** The change set or the decisions on it are different now. */
  readonly onChanged = this.#changed.event;

  constructor(desk: Desk, state: vscode.Memento) {
    this.#desk = desk;
    this.#progress = createReviewProgress(state);
    this.#files = registerReviewFiles({
      copies: async () => (await desk.connect()).copies,
      progress: this.#progress,
      edited: (address) => void this.decide(address.path, 'accepted'),
    });
    this.#ends = vscode.Disposable.from(
      desk.onOpened(() => this.#update()),
      desk.onGrown((view) => {
        if (view.id === desk.openId) this.#update();
        if (view.finished !== undefined) void this.#progress.clear(view.id);
      }),
    );
  }

  /** The open run's change set; `undefined` where it has none. */
  get current(): Reviewed | undefined {
    const view = this.#desk.openView;
    if (view?.changes === undefined) return undefined;
    return { view, changes: view.changes, signal: openNeed(view, 'review')?.signal };
  }

  progress(path: string): FileProgress {
    const round = this.#round();
    return round === undefined ? { decision: 'undecided' } : this.#progress.file(round, path);
  }

  /** How many files wait for a decision. */
  get undecided(): number {
    if (this.current?.signal === undefined) return 0;
    return this.current.changes.files.filter(({ path }) => this.progress(path).decision === 'undecided')
      .length;
  }

  /** Records a decision on a file of the change set. Without an open question nothing happens. */
  async decide(path: string, decision: Decision, reason?: string): Promise<void> {
    const round = this.#round();
    const isThere = this.current?.changes.files.some((file) => file.path === path) === true;
    if (round === undefined || this.current?.signal === undefined || !isThere) return;
    await this.#progress.change(round, path, { decision, reason });
    this.#changed.fire();
  }

  /** Opens the native diff of one file. */
  async openFile(path: string): Promise<void> {
    const { view } = this.#need();
    const sides = reviewSides(view, path);
    if (sides === undefined) return;
    const title = vscode.l10n.t('{0} (proposed)', path.split('/').at(-1) ?? path);
    await vscode.commands.executeCommand('vscode.diff', sides.base, sides.proposed, title, { preview: true });
  }

  /** Opens the native multi-file diff of the whole change set. */
  async openAll(): Promise<void> {
    const { view, changes } = this.#need();
    const resources = changes.files.flatMap(({ path, kind }) => {
      const sides = reviewSides(view, path);
      if (sides === undefined) return [];
      const { base, proposed } = sides;
      return [[proposed, kind === 'added' ? undefined : base, kind === 'deleted' ? undefined : proposed]];
    });
    await vscode.commands.executeCommand('vscode.changes', reviewTitle(), resources);
  }

  /** Marks every file. */
  async decideAll(decision: Decision): Promise<void> {
    const { changes } = this.#need();
    for (const { path } of changes.files) await this.decide(path, decision);
  }

  /** Saves what is still typed into proposed texts, then answers the run's question with the decisions made. */
  async submit(decision: ReviewAnswer['decision']): Promise<void> {
    await this.#saveEdited();
    const { view, changes, signal } = this.#need();
    if (signal === undefined) throw notWaiting();
    const value = reviewAnswer(decision, changes.files, (path) => this.progress(path));
    await this.#desk.answer(view.id, signal, value);
    await closeReviewTabs(view.id);
  }

  /** Files with a decision, for questions to the person. */
  filesBy(decision: Decision): readonly ChangedFile[] {
    return (this.current?.changes.files ?? []).filter(
      ({ path }) => this.progress(path).decision === decision,
    );
  }

  dispose(): void {
    vscode.Disposable.from(this.#ends, this.#changed, this.#files).dispose();
  }

  /** A run grows often, its change set seldom. */
  #update(): void {
    const { current } = this;
    const accepted = current?.view.evidence.accepted?.verdict;
    const comments = current?.view.tasks.map(({ review }) => review?.comments);
    const identity =
      current === undefined
        ? ''
        : JSON.stringify([current.view.id, current.changes, current.signal, accepted, comments]);
    if (identity === this.#shown) return;
    this.#shown = identity;
    this.#changed.fire();
  }

  #round(): Round | undefined {
    const { current } = this;
    return current && { run: current.view.id, revision: current.changes.revision };
  }

  /** Errors: `review.none`. */
  #need(): Reviewed {
    if (this.current === undefined) {
      throw new PortError('review.none', vscode.l10n.t('The open run has not proposed any changes.'), {
        advice: vscode.l10n.t('Open a run that has, with "Quartet: Open Run…".'),
      });
    }
    return this.current;
  }

  async #saveEdited(): Promise<void> {
    const run = this.current?.view.id;
    for (const document of vscode.workspace.textDocuments) {
      if (!document.isDirty || document.uri.scheme !== PROPOSED_SCHEME) continue;
      if (parseAddress(document.uri).run === run && !(await document.save())) {
        throw new PortError('review.unsaved', vscode.l10n.t('{0} could not be saved.', document.fileName));
      }
    }
  }
}

function notWaiting(): PortError {
  return new PortError(
    'review.closed',
    vscode.l10n.t('These changes are not waiting for a review any more.'),
  );
}
