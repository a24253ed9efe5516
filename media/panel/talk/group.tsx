import type { ComponentChildren, VNode } from 'preact';
import type { FeedItem, RunView } from '../../../src/protocol/view.ts';
import { Icon } from '../icons.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { IconButton } from '../parts/button.tsx';
import { memo } from '../parts/memo.ts';
import { useFold } from '../parts/use-fold.ts';
import { usePanel } from '../parts/use-panel.ts';
import { useRun, useTaskTitle } from '../run/use-run.ts';
import { entryName, type FeedGroup } from '../state/feed.ts';
import { PARTS } from '../state/find.ts';
import { bytes, pageLanguage } from '../state/format.ts';
import { partsOfGoal } from '../../../src/protocol/goal.ts';
import { isActive, roleName } from '../state/names.ts';
import { visible } from '../state/visible.ts';
import { t, told } from '../texts.ts';
import { ConsensusCard } from './consensus-card.tsx';
import { GateCard } from './gate-card.tsx';
import { OpenRecord } from './open-record.tsx';
import { ReviewCard } from './review-card.tsx';
import { ToolCall } from './tool-call.tsx';

type Item<K extends FeedItem['kind']> = Extract<FeedItem, { kind: K }>;

/** Consecutive words and deeds of one agent, or a card of its own. */
export const Group = memo(({ group }: { group: FeedGroup }) => {
  const [first] = group.items;
  if (first === undefined) return null;
  if (first.kind === 'gate') return <GateCard item={first} />;
  if (first.kind === 'review') return <ReviewCard item={first} />;
  if (first.kind === 'consensus') return <ConsensusCard item={first} />;
  if (first.kind === 'note') return <Note item={first} />;
  if (first.kind === 'message') return <Message item={first} />;
  return (
    <Turn name={first.who.role} task={first.who.task} at={first.at}>
      {group.items.map((item) => (
        <Deed key={`${item.kind}:${item.id}`} item={item} />
      ))}
    </Turn>
  );
});

export interface TurnProps {
  readonly name: string;
  readonly task?: string | undefined;
  readonly to?: string;
  /** Milliseconds since 1970; absent while it is going on. */
  readonly at?: number;
  readonly children: ComponentChildren;
}

/** What someone says, under a face and a name. */
export function Turn({ name, task, to, at, children }: TurnProps): VNode {
  const title = useTaskTitle(task);
  return (
    <article class="turn" aria-label={roleName(name)}>
      <Avatar name={name} />
      <header class="turn-head">
        <span class="turn-name">{roleName(name)}</span>
        {to !== undefined && (
          <span class="turn-to">
            <span aria-hidden="true">→ </span>
            <span class="unseen">{t('to')} </span>
            {roleName(to)}
          </span>
        )}
        {title !== undefined && <span class="turn-task">{title}</span>}
        {at !== undefined && <Time at={at} />}
      </header>
      <div class="turn-body">{children}</div>
    </article>
  );
}

const language = pageLanguage();
const clock = new Intl.DateTimeFormat(language, { timeStyle: 'short' });

const Time = ({ at }: { at: number }): VNode => (
  <time class="turn-time" dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString(language)}>
    {clock.format(at)}
  </time>
);

const Deed = memo(({ item }: { item: FeedItem }) => {
  if (item.kind === 'tool') return <ToolCall item={item} />;
  return item.kind === 'said' ? <Said item={item} /> : null;
});

function Said({ item }: { item: Item<'said'> }): VNode {
  return (
    <div class="said" data-testid="message" data-entry={entryName(item)}>
      {item.reasoning !== undefined && item.reasoning !== '' && (
        <Aside fold={`thinking:${item.id}`} title={t('Thinking')}>
          <Markdown text={item.reasoning} />
        </Aside>
      )}
      {item.text !== '' && <Markdown text={item.text} />}
      <span class="rewind">
        <OpenRecord seq={item.id} part="prompt" label={t('Open the prompt in an editor')} icon="file" />
        <Rewind at={item.id} />
      </span>
    </div>
  );
}

interface AsideProps {
  readonly fold: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** What is worth a look only now and then. */
function Aside({ fold, title, children }: AsideProps): VNode {
  return (
    <details class="thinking" {...useFold(fold)}>
      <summary>
        <Icon name="chevron" class="chevron" />
        {title}
      </summary>
      {children}
    </details>
  );
}

/** Goes another way from here, once the run is over; shown where the pointer or the focus is. */
function Rewind({ at }: { at: number }): VNode | null {
  const { post } = usePanel();
  const run = useRun(({ id }) => id);
  const active = useRun(isActive);
  if (active) return null;
  return (
    <IconButton
      icon="undo"
      label={t('Rewind to here…')}
      testid="rewind"
      onClick={() => post({ type: 'run.fork', run, at })}
    />
  );
}

function Message({ item }: { item: Item<'message'> }): VNode {
  return (
    <div data-testid="message" class="group">
      <Turn name={item.from} to={item.to} task={item.task} at={item.at}>
        <Markdown text={item.text} />
      </Turn>
    </div>
  );
}

const NOTE_ICONS = { info: 'info', warning: 'warning', error: 'error' } as const;

function Note({ item }: { item: Item<'note'> }): VNode {
  return (
    <p class="feed-note" data-testid="note" data-level={item.level}>
      <Icon name={NOTE_ICONS[item.level]} />
      <span>{told(item.text)}</span>
    </p>
  );
}

/** What the person asked for: the first word of the conversation. */
export function Goal(): VNode {
  const { words, along } = partsOfGoal(useRun((run) => run.goal));
  const given = useRun((run) => run.given);
  const at = useRun((run) => run.startedAt);
  return (
    <div class="group" data-testid="goal" data-entry={PARTS.goal}>
      <Turn name="person" at={at}>
        <p class="verbatim">{words}</p>
        {along !== '' && (
          <Aside fold="goal-along" title={t('What went along')}>
            <p class="verbatim small">{visible(along)}</p>
          </Aside>
        )}
        {given && (
          <p class="goal-given dim small" data-testid="goal-given">
            <Icon name="attach" />
            <span>{given.map(givenText).join(', ')}</span>
          </p>
        )}
      </Turn>
    </div>
  );
}

const givenText = ({ name, bytes: size, withheld }: NonNullable<RunView['given']>[number]): string =>
  withheld === undefined
    ? `${name} (${bytes(size)})`
    : t('{0} ({1}, left out of it: {2} that look like secrets)', name, bytes(size), withheld);
