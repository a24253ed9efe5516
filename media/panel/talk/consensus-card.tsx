import type { VNode } from 'preact';
import type { FeedItem, VoteView } from '../../../src/protocol/view.ts';
import { Icon } from '../icons.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { Badge } from '../parts/badge.tsx';
import { useRun, useTaskTitle } from '../run/use-run.ts';
import { choiceName, decidedText, roleName } from '../state/names.ts';
import { endpointName } from '../state/registry.ts';
import { visible } from '../state/visible.ts';
import { t, told, toldWhy } from '../texts.ts';

type Item = Extract<FeedItem, { kind: 'consensus' }>;

/** What several said of the same change or question: what it comes to, whether they agree, and each one's words. */
export function ConsensusCard({ item }: { item: Item }): VNode {
  const task = useTaskTitle(item.task);
  const silent = item.votes.filter((vote) => vote.silent).length;
  const title =
    item.about === 'review' ? t('Several reviewed') : t('{0} asked several', roleName(item.asker ?? ''));
  return (
    <article
      class="card consensus-card"
      data-testid="consensus-card"
      data-about={item.about}
      data-split={item.split}
      aria-label={title}
    >
      <header class="card-head">
        <Icon name="eye" />
        <span class="card-title">{title}</span>
        <Badge tone={item.split ? 'warn' : 'good'}>{item.split ? t('They disagree') : t('They agree')}</Badge>
        {silent > 0 && <Badge tone="warn">{t('{0} silent', silent)}</Badge>}
      </header>
      {/* A question of the plan begins with its task's title. */}
      {task !== undefined && item.question?.startsWith(task) !== true && <p class="card-task">{task}</p>}
      {item.question !== undefined && <p class="verbatim">{visible(item.question)}</p>}
      <p class="dim small">
        {HOW[item.how]()} · {visible(toldWhy(item.because))}
      </p>
      <ul class="comments">
        {item.votes.map((vote, at) => (
          <Vote key={at} vote={vote} isChosen={vote.choice !== undefined && vote.choice === item.decided} />
        ))}
      </ul>
      <p class="consensus-decided" data-testid="consensus-decided">
        <strong>{decidedText(item.decided)}</strong>
      </p>
      {item.said !== undefined && item.said !== item.decided && <Markdown text={item.said} />}
    </article>
  );
}

const HOW = {
  majority: () => t('by majority'),
  weighted: () => t('by weight'),
  judged: () => t('judged by one more'),
} as const;

const toneOf = (choice: string, isChosen: boolean) => {
  if (choice === 'request_changes') return 'warn';
  return isChosen ? 'good' : 'calm';
};

function Vote({ vote, isChosen }: { vote: VoteView; isChosen: boolean }): VNode {
  const name = useRun((run) => endpointName(run, vote.endpoint));
  return (
    <li class="comment" data-testid="consensus-vote" data-silent={vote.silent}>
      <div class="comment-head">
        <span>{vote.weight === 1 ? name : t('{0}, weight {1}', name, vote.weight)}</span>
        {vote.silent ? (
          <Badge tone="warn">{t('no answer')}</Badge>
        ) : (
          vote.choice !== undefined && (
            <Badge tone={toneOf(vote.choice, isChosen)}>{choiceName(vote.choice)}</Badge>
          )
        )}
      </div>
      <Markdown text={vote.silent ? told(vote.text) : vote.text} />
    </li>
  );
}
