/** The review of the open run's change set: native diffs, decisions on files and hunks, and the answer to the run's question. */
import * as vscode from 'vscode';
import { PortError } from '../../core/ports.ts';
import type { ReviewAnswer } from '../../protocol/answers.ts';
import type { ReviewTally } from '../../protocol/panel.ts';
import type { ChangesView, RunView } from '../../protocol/view.ts';
import { openNeed } from '../context-keys.ts';
import type { Desk } from '../desk.ts';
import {
  afterEdit,
  afterHunk,
  carried,
  reviewAnswer,
  settled,
  settleOpen,
  tallyOf,
  UNDECIDED,
  type Decision,
  type FileProgress,
  type Judged,
} from './decisions.ts';
import { registerReviewFiles, type ReviewFiles } from './files.ts';
import { createReviewProgress, type ReviewProgress, type Round } from './progress.ts';
import { remarksOf, remarksToFix, type Remark, type RemarkProgress } from './remarks.ts';
import { createShownLines, type ShownLines } from './shown-lines.ts';
import { createShownHunks, type ShownHunk, type ShownHunks } from './shown-hunks.ts';
import { closeReviewTabs, reviewTitle } from './tabs.ts';
import { parseAddress, PROPOSED_SCHEME, reviewSides, type ReviewAddress } from './uris.ts';
import { t } from '../told.ts';

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
  readonly #hunks: ShownHunks;
  readonly #lines: ShownLines;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #ends: vscode.Disposable;
  #shown = '';
  /** Reading hunks and taking up edits go one after the other. */
  #reading: Promise<unknown> = Promise.resolve();

  /** The change set or the decisions on it are different now. */
  readonly onChanged = this.#changed.event;

  constructor(desk: Desk, state: vscode.Memento) {
    this.#desk = desk;
    const copies = async () => (await desk.connect()).copies;
    this.#progress = createReviewProgress(state);
    this.#hunks = createShownHunks(copies);
    this.#lines = createShownLines(copies);
    this.#files = registerReviewFiles({
      copies,
      progress: this.#progress,
      edited: (address) => void (address.signal === undefined && this.#read(address)),
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
    return round === undefined ? UNDECIDED : this.#progress.file(round, path);
  }

  /** Hunks of a file of the change set; none where it is taken or left as a whole. */
  hunks(path: string): readonly ShownHunk[] {
    return this.#hunks.of(path);
  }

  /** Remarks on the change set at their lines of it, with what the person made of each. */
  get remarks(): readonly Remark[] {
    return this.#asNamed().map((remark) => ({ ...remark, line: this.#lines.of(atLine(remark)) }));
  }

  /** The files with what is decided on them. */
  get judged(): readonly Judged[] {
    return (this.current?.changes.files ?? []).map((file) => ({
      file,
      progress: this.progress(file.path),
      hunks: this.hunks(file.path),
    }));
  }

  /** How far the person is. */
  get tally(): ReviewTally {
    return tallyOf(this.judged, remarksToFix(this.remarks).length);
  }

  /** How many files wait for a decision. */
  get undecided(): number {
    return this.current?.signal === undefined ? 0 : this.filesBy('undecided').length;
  }

  /** Records a decision on a file of the change set. Without an open question nothing happens. */
  async decide(path: string, decision: Decision, reason?: string): Promise<void> {
    await this.#change(path, (file) => ({ ...file, decision, reason, hunks: undefined }));
  }

  /** The same for one hunk. */
  async decideHunk(path: string, id: string, verdict: Decision, reason?: string): Promise<void> {
    const hunks = this.hunks(path);
    if (!hunks.some(({ hunk }) => hunk.id === id)) return;
    await this.#change(path, (file) => afterHunk(file, hunks, id, { verdict, reason }));
  }

  /** Decides whatever is still open. */
  async decideOpen(verdict: 'accepted' | 'rejected'): Promise<void> {
    for (const { file, progress, hunks } of this.judged) {
      if (progress.decision !== 'undecided') continue;
      if (hunks.length === 0) await this.decide(file.path, verdict);
      else await this.#change(file.path, (now) => settleOpen(now, hunks, verdict));
    }
  }

  /** What the person made of a remark; `undefined` takes it back. */
  async changeRemark(key: string, progress: RemarkProgress | undefined): Promise<void> {
    const round = this.#round();
    if (round === undefined || this.current?.signal === undefined) return;
    await this.#progress.changeRemark(round, key, progress);
    this.#changed.fire();
  }

  /** Opens the native diff of one file, at a line of the proposed text where one is given. */
  async openFile(path: string, line?: number): Promise<void> {
    const { view } = this.#need();
    const sides = reviewSides(view, path);
    if (sides === undefined) return;
    const title = t('{0} (proposed)', path.split('/').at(-1) ?? path);
    const at = Math.max(0, (line ?? 1) - 1);
    const selection = line === undefined ? {} : { selection: new vscode.Range(at, 0, at, 0) };
    const options = { preview: true, ...selection };
    await vscode.commands.executeCommand('vscode.diff', sides.base, sides.proposed, title, options);
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

  /** Saves what is still typed into proposed texts and takes it up. */
  async takeUp(): Promise<void> {
    await this.#saveEdited();
    await this.#reading;
  }

  /** Answers the run's question with the decisions made. What is sent back keeps what was accepted. */
  async submit(decision: ReviewAnswer['decision']): Promise<void> {
    await this.takeUp();
    const { view, signal } = this.#need();
    const round = this.#round();
    if (signal === undefined || round === undefined) throw notWaiting();
    const { judged, remarks } = this;
    const sent = decision === 'revise' ? remarksToFix(remarks) : [];
    await this.#desk.answer(view.id, signal, reviewAnswer(decision, judged, sent));
    if (decision === 'revise') await this.#carry(round, judged, remarks);
    await closeReviewTabs(view.id);
  }

  /** Paths of files with a decision. */
  filesBy(decision: Decision): readonly string[] {
    const files = this.current?.changes.files ?? [];
    return files.map(({ path }) => path).filter((path) => this.progress(path).decision === decision);
  }

  dispose(): void {
    vscode.Disposable.from(this.#ends, this.#changed, this.#files).dispose();
  }

  async #change(path: string, change: (file: FileProgress) => FileProgress): Promise<void> {
    const round = this.#round();
    const isThere = this.current?.changes.files.some((file) => file.path === path) === true;
    if (round === undefined || this.current?.signal === undefined || !isThere) return;
    const { edited: _, ...next } = change(this.#progress.file(round, path));
    await this.#progress.change(round, path, { reason: undefined, hunks: undefined, ...next });
    this.#changed.fire();
  }

  async #carry(round: Round, judged: readonly Judged[], remarks: readonly Remark[]): Promise<void> {
    for (const { key, progress } of remarks) {
      if (progress.state === 'fix')
        await this.#progress.changeRemark(round, key, { ...progress, state: 'resolved' });
    }
    const kept = judged.flatMap((each) => {
      const next = carried(each);
      return next ? [[each.file.path, next] as const] : [];
    });
    await this.#progress.carry(round, Object.fromEntries(kept));
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
    void this.#read();
  }

  /** Reads the hunks anew; after an edit of a file decides on it by what the edit left. */
  #read(edited?: ReviewAddress): Promise<void> {
    const read = async (): Promise<void> => {
      const { current } = this;
      if (current === undefined) return;
      const former = edited === undefined ? [] : this.hunks(edited.path);
      const hasMoved = await this.#lines.read(current.view, this.#asNamed().map(atLine));
      const isNew = await this.#hunks.read(current.view, (path) => this.progress(path).edited);
      if (edited !== undefined)
        await this.#change(edited.path, (file) => afterEdit(file, former, this.hunks(edited.path)));
      else if (isNew) await this.#settle();
      if (isNew || hasMoved) this.#changed.fire();
    };
    const next = this.#reading.then(read, read);
    this.#reading = next.catch(() => undefined);
    return this.#reading as Promise<void>;
  }

  /** What was carried over from an earlier round comes to a decision once the hunks are known. */
  async #settle(): Promise<void> {
    for (const { file, progress, hunks } of this.judged) {
      if (progress.hunks === undefined || hunks.length === 0) continue;
      const { decision } = settled(progress, hunks);
      if (decision !== progress.decision) await this.#change(file.path, (now) => ({ ...now, decision }));
    }
  }

  /** Remarks with the lines that whoever made them named. */
  #asNamed(): readonly Remark[] {
    const { current } = this;
    return current === undefined ? [] : remarksOf(current.view, this.#progress.remarks(current.view.id));
  }

  #round(): Round | undefined {
    const { current } = this;
    return current && { run: current.view.id, revision: current.changes.revision };
  }

  /** Errors: `review.none`. */
  #need(): Reviewed {
    if (this.current === undefined) {
      throw new PortError('review.none', t('The open run has not proposed any changes.'), {
        advice: t('Open a run that has, with "Quartet: Open Run…".'),
      });
    }
    return this.current;
  }

  async #saveEdited(): Promise<void> {
    const run = this.current?.view.id;
    for (const document of vscode.workspace.textDocuments) {
      if (!document.isDirty || document.uri.scheme !== PROPOSED_SCHEME) continue;
      if (parseAddress(document.uri).run === run && !(await document.save())) {
        throw new PortError('review.unsaved', t('{0} could not be saved.', document.fileName));
      }
    }
  }
}

const atLine = ({ path, line, tree }: Remark) => ({ path, line, tree });

function notWaiting(): PortError {
  return new PortError('review.closed', t('These changes are not waiting for a review any more.'));
}
