import type { VNode } from 'preact';
import type { ReviewComment } from '../../../src/protocol/handover.ts';
import type { FeedItem } from '../../../src/protocol/view.ts';
import { Icon } from '../icons.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { Badge } from '../parts/badge.tsx';
import { PlaceLink } from '../parts/place.tsx';
import { useTaskTitle } from '../run/use-run.ts';
import { withCandidate } from '../state/names.ts';
import { t } from '../texts.ts';

/** What the reviewer concluded, with the remarks at their lines. */
export function ReviewCard({ item }: { item: Extract<FeedItem, { kind: 'review' }> }): VNode {
  const task = useTaskTitle(item.task) ?? item.task;
  const approved = item.verdict === 'approve';
  return (
    <article
      class="card review-card"
      data-testid="review-card"
      data-verdict={item.verdict}
      aria-label={t('Review: {0}', task)}
    >
      <header class="card-head">
        <Icon name="eye" />
        <span class="card-title">{t('Review')}</span>
        <Badge tone={approved ? 'good' : 'warn'}>{approved ? t('Approved') : t('Changes requested')}</Badge>
      </header>
      <p class="card-task">{withCandidate(task, item.candidate)}</p>
      <Comments comments={item.comments} />
    </article>
  );
}

const SEVERITIES = {
  blocking: { tone: 'bad', name: () => t('blocking') },
  suggestion: { tone: 'busy', name: () => t('suggestion') },
  praise: { tone: 'good', name: () => t('praise') },
} as const;

/** A reviewer's remarks; each place opens in the editor. */
export function Comments({ comments }: { comments: readonly ReviewComment[] }): VNode | null {
  if (comments.length === 0) return null;
  return (
    <ul class="comments">
      {comments.map(({ path, line, severity, body }, index) => (
        <li key={index} class="comment" data-severity={severity}>
          <div class="comment-head">
            <span class="severity" data-tone={SEVERITIES[severity].tone}>
              {SEVERITIES[severity].name()}
            </span>
            <PlaceLink path={path} line={line} />
          </div>
          <Markdown text={body} />
        </li>
      ))}
    </ul>
  );
}
