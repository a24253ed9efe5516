/**
 * The hunks of a change set as threads at their lines, with buttons: the editor draws nothing else of ours inside a diff. A hunk that
 * waits is unfolded, one that is decided is folded.
 */
import * as vscode from 'vscode';
import type { Disposable } from '../../core/ports.ts';
import type { AskTeam } from './ask-team.ts';
import { hunkDecision, hunkProgress, type Decision } from './decisions.ts';
import type { Review, Reviewed } from './review.ts';
import type { ShownHunk } from './shown-hunks.ts';
import { reviewSides } from './uris.ts';
import { t } from '../told.ts';

/** A hunk by its file and id. */
export interface HunkPlace {
  readonly path: string;
  readonly id: string;
}

export interface HunkThreads extends Disposable {
  /** The hunk that a thread stands for. */
  placeOf(thread: unknown): HunkPlace | undefined;
  /** Unfolds what the record says of a hunk in its thread, or folds it away again. */
  explain(place: HunkPlace): void;
}

interface Shown {
  readonly thread: vscode.CommentThread;
  readonly place: HunkPlace;
  readonly decision: Decision;
  readonly identity: string;
}

const nameOf = ({ path, id }: HunkPlace) => JSON.stringify([path, id]);

function decisionLabel(decision: Decision): string {
  return { undecided: t('undecided'), accepted: t('accepted'), rejected: t('rejected') }[decision];
}

/** The lines that a hunk has in the proposed text; one that only removes stands at the line before. */
function rangeOf({ hunk: { newStart, newLines } }: ShownHunk): vscode.Range {
  const first = Math.max(0, newLines === 0 ? newStart - 2 : newStart - 1);
  return new vscode.Range(first, 0, Math.max(first, newStart - 1 + newLines - 1), 0);
}

/** Text of a model is data: plain, no Markdown, so no link or image of its making. */
function comment(author: string, body: string): vscode.Comment {
  return { author: { name: author }, body, mode: vscode.CommentMode.Preview };
}

/** Keeps the threads of the open run's change set while it waits for a review. */
export function showHunks(review: Review, team: Pick<AskTeam, 'of' | 'onChanged'>): HunkThreads {
  const controller = vscode.comments.createCommentController(
    'quartet.hunks',
    vscode.l10n.t('Quartet changes'),
  );
  const shown = new Map<string, Shown>();
  const explained = new Set<string>();

  const update = (): void => {
    const wanted = wantedOf(review);
    for (const [name, { thread }] of shown) {
      if (wanted.has(name)) continue;
      thread.dispose();
      shown.delete(name);
    }
    for (const [name, hunk] of wanted) put(name, hunk);
  };
  const put = (name: string, { path, each, count, uri }: Wanted): void => {
    const progress = review.progress(path);
    const decision = hunkDecision(progress, each);
    const reason = hunkProgress(progress, each.hunk.id)?.reason;
    const known = shown.get(name);
    const isDecidedNow = known !== undefined && known.decision !== decision && decision !== 'undecided';
    if (isDecidedNow) explained.delete(name);
    const why = explained.has(name) ? each.why : [];
    const told = team.of(review.current?.view.id ?? '', path, each.hunk.id);
    const identity = JSON.stringify([
      each.number,
      count,
      each.hunk,
      each.origin,
      decision,
      reason,
      why,
      told,
    ]);
    if (known?.identity === identity) return;
    const thread = known?.thread ?? controller.createCommentThread(uri, rangeOf(each), []);
    thread.range = rangeOf(each);
    thread.canReply = false;
    // Once the record has told what it knows, the team can be asked.
    thread.contextValue = `hunk.${decision}${why.length > 0 || told.length > 0 ? '.told' : ''}`;
    thread.label = t('Change {0} of {1}: {2}', each.number, count, decisionLabel(decision));
    thread.comments = [
      comment(t('Task'), each.origin === '' ? t('not in the record') : each.origin),
      ...(reason === undefined ? [] : [comment(t('Your reason'), reason)]),
      ...(why.length === 0 ? [] : [comment(t('From the record'), why.join('\n\n'))]),
      ...told.flatMap(({ question, answer }) => [
        comment(t('You asked'), question),
        comment(t('The team'), answer ?? t('is reading…')),
      ]),
    ];
    const { Expanded, Collapsed } = vscode.CommentThreadCollapsibleState;
    const isTold = why.length + told.length > 0 && !isDecidedNow;
    thread.collapsibleState = decision === 'undecided' || isTold ? Expanded : Collapsed;
    shown.set(name, { thread, place: { path, id: each.hunk.id }, decision, identity });
  };

  const changes = vscode.Disposable.from(review.onChanged(update), team.onChanged(update));
  return {
    placeOf: (thread) => [...shown.values()].find((each) => each.thread === thread)?.place,
    explain(place) {
      const name = nameOf(place);
      if (!explained.delete(name)) explained.add(name);
      update();
    },
    dispose: () => void vscode.Disposable.from(changes, controller).dispose(),
  };
}

interface Wanted {
  readonly path: string;
  readonly each: ShownHunk;
  readonly count: number;
  readonly uri: vscode.Uri;
}

function wantedOf(review: Review): ReadonlyMap<string, Wanted> {
  const { current } = review;
  if (current?.signal === undefined) return new Map();
  return new Map(current.changes.files.flatMap(({ path }) => wantedIn(review, current, path)));
}

function wantedIn(review: Review, { view }: Reviewed, path: string): [string, Wanted][] {
  const uri = reviewSides(view, path)?.proposed;
  const hunks = review.hunks(path);
  if (uri === undefined) return [];
  return hunks.map((each) => [nameOf({ path, id: each.hunk.id }), { path, each, count: hunks.length, uri }]);
}
