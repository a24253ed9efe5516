/** Remarks of reviewers, findings of QA and the person's own remarks as comment threads at their lines of the proposed texts. */
import * as vscode from 'vscode';
import type { Disposable } from '../../core/ports.ts';
import type { ReviewComment } from '../../protocol/handover.ts';
import { t, told } from '../told.ts';
import type { Remark, RemarkProgress } from './remarks.ts';
import type { Review, Reviewed } from './review.ts';
import { parseAddress, PROPOSED_SCHEME, reviewSides } from './uris.ts';

function severityLabel(severity: ReviewComment['severity']): string {
  return { blocking: t('must be addressed'), suggestion: t('suggestion'), praise: t('praise') }[severity];
}

function authorOf(from: Remark['from']): string {
  return { reviewer: t('Reviewer'), qa: t('QA'), person: t('You') }[from];
}

function stateLabel({ state }: RemarkProgress): string {
  return { open: '', fix: t('goes to the coder'), resolved: t('resolved') }[state];
}

// Text of a model is data: plain, no Markdown, so no link or image of its making.
function commentsOf({ from, body, isRecorded, severity, progress }: Remark): vscode.Comment[] {
  const mode = vscode.CommentMode.Preview;
  const label = severity === undefined ? {} : { label: severityLabel(severity) };
  const shown = body !== undefined && isRecorded ? told(body) : body;
  const first =
    shown === undefined ? [] : [{ author: { name: authorOf(from) }, body: shown, mode, ...label }];
  const replies = progress.replies.map((reply) => ({
    author: { name: authorOf('person') },
    body: reply,
    mode,
  }));
  return [...first, ...replies];
}

/** What a person can do with a remark. Each is told which thread, and where a text was typed, which. */
export interface RemarkActs {
  readonly reply: (given: unknown) => Promise<void>;
  readonly fix: (given: unknown) => Promise<void>;
  readonly resolve: (given: unknown) => Promise<void>;
  readonly reopen: (given: unknown) => Promise<void>;
}

export interface Remarks extends Disposable {
  readonly acts: RemarkActs;
}

/**
 * Keeps the threads of the open run's change set, also when it was decided: they are part of the run, and the editor's Comments view
 * does not close by itself. They are made again from the journal and from what the person said.
 */
export function showRemarks(review: Review): Remarks {
  const controller = vscode.comments.createCommentController(
    'quartet.review',
    vscode.l10n.t('Quartet review'),
  );
  // A person may remark on any line of what is proposed.
  controller.commentingRangeProvider = {
    provideCommentingRanges: (document) =>
      document.uri.scheme === PROPOSED_SCHEME && review.current?.signal !== undefined
        ? [new vscode.Range(0, 0, Math.max(0, document.lineCount - 1), 0)]
        : [],
  };
  const shown = new Map<vscode.CommentThread, Remark>();
  let identity = '';
  const update = () => {
    const { current, remarks } = review;
    const now = JSON.stringify([current?.view.id, current?.changes.revision, current?.signal, remarks]);
    if (now === identity) return;
    identity = now;
    for (const thread of shown.keys()) thread.dispose();
    shown.clear();
    for (const remark of current === undefined ? [] : remarks) {
      const thread = current && show(controller, current, remark);
      if (thread) shown.set(thread, remark);
    }
  };
  const changes = review.onChanged(update);
  return {
    acts: actsOn(review, (thread) => shown.get(thread as vscode.CommentThread)),
    dispose: () => void vscode.Disposable.from(changes, controller).dispose(),
  };
}

function show(
  controller: vscode.CommentController,
  { view, signal }: Reviewed,
  remark: Remark,
): vscode.CommentThread | undefined {
  const uri = reviewSides(view, remark.path)?.proposed;
  if (uri === undefined) return undefined;
  const line = Math.max(0, remark.line - 1);
  const { state } = remark.progress;
  const isSettled = signal === undefined || state === 'resolved';
  const thread = controller.createCommentThread(uri, new vscode.Range(line, 0, line, 0), commentsOf(remark));
  thread.label = [remark.task ?? t('Remark'), stateLabel(remark.progress)].filter(Boolean).join(': ');
  thread.contextValue = `remark.${signal === undefined ? 'over' : state}`;
  thread.canReply = signal !== undefined;
  const { Expanded, Collapsed } = vscode.CommentThreadCollapsibleState;
  thread.collapsibleState = state === 'resolved' ? Collapsed : Expanded;
  thread.state = isSettled ? vscode.CommentThreadState.Resolved : vscode.CommentThreadState.Unresolved;
  return thread;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Menus of a reply box give the thread with the text; those of a thread's title give the thread. */
function readGiven(given: unknown): { thread: unknown; text: string } {
  if (isObject(given) && 'thread' in given && 'text' in given && typeof given.text === 'string')
    return { thread: given.thread, text: given.text.trim() };
  return { thread: given, text: '' };
}

function actsOn(review: Review, remarkOf: (thread: unknown) => Remark | undefined): RemarkActs {
  const act = async (given: unknown, state: RemarkProgress['state'] | undefined): Promise<void> => {
    const { thread, text } = readGiven(given);
    const remark = remarkOf(thread);
    if (remark === undefined) {
      await begin(thread, text);
      return;
    }
    const { progress } = remark;
    const replies = text === '' ? progress.replies : [...progress.replies, text];
    await review.changeRemark(remark.key, { ...progress, replies, state: state ?? progress.state });
  };
  /** A thread that is not ours yet was opened by the person, and is theirs to have mended. */
  const begin = async (thread: unknown, text: string): Promise<void> => {
    if (!isThread(thread)) return;
    const { uri, range } = thread;
    thread.dispose();
    if (text === '' || uri.scheme !== PROPOSED_SCHEME) return;
    const { path, tree } = parseAddress(uri);
    const line = (range?.end.line ?? 0) + 1;
    const key = JSON.stringify(['person', path, line, text]);
    await review.changeRemark(key, { state: 'fix', replies: [text], own: { path, line, tree } });
  };
  return {
    reply: (given) => act(given, undefined),
    fix: (given) => act(given, 'fix'),
    resolve: (given) => act(given, 'resolved'),
    reopen: (given) => act(given, 'open'),
  };
}

function isThread(value: unknown): value is vscode.CommentThread {
  return isObject(value) && 'uri' in value && value.uri instanceof vscode.Uri && 'dispose' in value;
}
