/** The reviewer's remarks as comment threads at their lines of the proposed texts. */
import * as vscode from 'vscode';
import type { ReviewComment } from '../../protocol/handover.ts';
import type { RunView } from '../../protocol/view.ts';
import type { Review, Reviewed } from './review.ts';
import { reviewSides } from './uris.ts';

interface Remark extends ReviewComment {
  readonly task: string;
}

function remarksOf(view: RunView): readonly Remark[] {
  const paths = new Set(view.changes?.files.map(({ path }) => path));
  return view.tasks
    .flatMap(({ spec, review }) =>
      (review?.comments ?? []).map((comment) => ({ ...comment, task: spec.title })),
    )
    .filter(({ path }) => paths.has(path));
}

function severityLabel(severity: ReviewComment['severity']): string {
  const { t } = vscode.l10n;
  return { blocking: t('must be addressed'), suggestion: t('suggestion'), praise: t('praise') }[severity];
}

function show(
  controller: vscode.CommentController,
  { view, signal }: Reviewed,
  remark: Remark,
): vscode.CommentThread | undefined {
  const uri = reviewSides(view, remark.path)?.proposed;
  if (uri === undefined) return undefined;
  const line = Math.max(0, remark.line - 1);
  // Text of a model is data: plain, no Markdown, so no link or image of its making.
  const { body } = remark;
  const author = { name: vscode.l10n.t('Reviewer') };
  const label = severityLabel(remark.severity);
  const thread = controller.createCommentThread(uri, new vscode.Range(line, 0, line, 0), [
    { author, body, label, mode: vscode.CommentMode.Preview },
  ]);
  thread.label = remark.task;
  thread.canReply = false;
  thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
  thread.state =
    signal === undefined ? vscode.CommentThreadState.Resolved : vscode.CommentThreadState.Unresolved;
  return thread;
}

/**
 * Keeps the threads of the open run's change set, also when it was decided: they are part of the run, and the editor's Comments view
 * does not close by itself. They are made again from the journal, never stored.
 */
export function showRemarks(review: Review): vscode.Disposable {
  const controller = vscode.comments.createCommentController(
    'quartet.review',
    vscode.l10n.t('Quartet review'),
  );
  let threads: readonly vscode.CommentThread[] = [];
  let shown = '';
  const update = () => {
    const { current } = review;
    const remarks = current === undefined ? [] : remarksOf(current.view);
    const identity = JSON.stringify([current?.view.id, current?.changes.revision, current?.signal, remarks]);
    if (identity === shown) return;
    shown = identity;
    for (const thread of threads) thread.dispose();
    threads =
      current === undefined ? [] : remarks.flatMap((remark) => show(controller, current, remark) ?? []);
  };
  return vscode.Disposable.from(review.onChanged(update), controller);
}
