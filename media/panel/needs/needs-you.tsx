import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Ask } from '../../../src/protocol/events.ts';
import type { NeedView } from '../../../src/protocol/view.ts';
import { partsOfPermission } from '../../../src/protocol/permission-detail.ts';
import { Icon, type IconName } from '../icons.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { Guard } from '../parts/guard.tsx';
import { memo } from '../parts/memo.ts';
import { usePanel } from '../parts/use-panel.ts';
import { useRun, useTaskTitle } from '../run/use-run.ts';
import { roleName } from '../state/names.ts';
import { own } from '../state/own.ts';
import { visible } from '../state/visible.ts';
import { t, told, toldWhy } from '../texts.ts';
import { ApplyNeed } from './apply-need.tsx';
import { countOf, Elsewhere, useElsewhere } from './elsewhere.tsx';
import { HandNeed } from './hand-need.tsx';
import { PermissionNeed } from './permission-need.tsx';
import { PlanNeed } from './plan-need.tsx';
import { QuestionNeed } from './question-need.tsx';
import { ReviewNeed } from './review-need.tsx';

type Kind = Ask['kind'];

const ICONS: Readonly<Record<Kind, IconName>> = {
  plan: 'compass',
  permission: 'shield',
  question: 'question',
  review: 'diff',
  apply: 'warning',
  hand: 'person',
};

const BODIES: Readonly<Record<Kind, (props: { need: NeedView }) => VNode>> = {
  plan: PlanNeed,
  permission: PermissionNeed,
  question: QuestionNeed,
  review: ReviewNeed,
  apply: ApplyNeed,
  hand: HandNeed,
};

/** The inbox: everything that waits for the person, oldest first. */
export function NeedsYou(): VNode | null {
  const needs = useRun((run) => run.needs);
  const inbox = useRef<HTMLElement>(null);
  useFocusKept(inbox, needs);
  useFocusGiven(inbox, needs);
  const all = needs.length + countOf(useElsewhere());
  if (all === 0) return null;
  return (
    <section class="needs" data-testid="needs-you" aria-label={t('Needs you')} ref={inbox} tabIndex={-1}>
      <h2 class={all > 1 ? 'needs-title' : 'unseen'}>
        {t('Needs you')} <span class="count">{all}</span>
      </h2>
      {needs.map((need) => (
        <Guard key={need.signal}>
          <Need need={need} />
        </Guard>
      ))}
      <Elsewhere />
    </section>
  );
}

/** An answered card goes away and takes the focus with it: the next card gets it, else what comes after the inbox. */
function useFocusKept(inbox: { readonly current: HTMLElement | null }, needs: readonly NeedView[]): void {
  const { sent } = usePanel();
  const within = useRef(false);
  const card = useRef<HTMLElement | null>(null);
  useEffect(() => {
    // A button that goes or is disabled loses the focus without a word, so the last place is what counts.
    const moved = ({ target }: FocusEvent): void => {
      within.current = target instanceof Node && inbox.current?.contains(target) === true;
      card.current = target instanceof Element ? target.closest<HTMLElement>('.need') : null;
    };
    document.addEventListener('focusin', moved);
    return () => document.removeEventListener('focusin', moved);
  }, []);
  useLayoutEffect(() => {
    if (!within.current || inbox.current?.contains(document.activeElement)) return;
    (inbox.current ?? document.querySelector<HTMLElement>('.dock textarea, .dock button'))?.focus();
  }, [needs]);
  // While an answer is on its way its buttons are disabled: the card itself has the focus meanwhile.
  useEffect(() => {
    const now = document.activeElement;
    if (within.current && (now === document.body || now?.matches(':disabled') === true))
      card.current?.focus();
  }, [sent.value]);
}

/** The card that somebody is led to gets the focus, as soon as it is there. */
function useFocusGiven(inbox: { readonly current: HTMLElement | null }, needs: readonly NeedView[]): void {
  const { shownNeed } = usePanel();
  const wanted = shownNeed.value;
  useLayoutEffect(() => {
    if (wanted === undefined) return;
    const cards = [...(inbox.current?.querySelectorAll<HTMLElement>('.need') ?? [])];
    const card = cards.find(({ dataset }) => dataset['signal'] === wanted);
    if (card === undefined) return;
    shownNeed.value = undefined;
    card.focus();
    card.scrollIntoView({ block: 'nearest' });
  }, [wanted, needs]);
}

const Need = memo(({ need }: { need: NeedView }) => {
  const { kind } = need.ask;
  const title = told(need.ask.title);
  const Body = own(BODIES, kind);
  if (Body === undefined) throw new Error(`No answer is known for a need of kind ${kind}.`);
  return (
    <article
      class="need"
      data-testid="need"
      data-kind={kind}
      data-signal={need.signal}
      aria-label={title}
      tabIndex={-1}
    >
      <header class="need-head">
        <Icon name={ICONS[kind]} />
        <div>
          <h3 class="need-title">{visible(title)}</h3>
          <Asker who={need.ask.who} />
        </div>
      </header>
      <Detail ask={need.ask} />
      <Body need={need} />
    </article>
  );
});

function Asker({ who }: { who: Ask['who'] }): VNode | null {
  const task = useTaskTitle(who?.task);
  if (!who) return null;
  return (
    <p class="dim small">{task === undefined ? roleName(who.role) : `${roleName(who.role)} · ${task}`}</p>
  );
}

/** What an agent wants to do is shown to the letter; the plan has its own place. */
function Detail({ ask: { kind, detail, danger } }: { ask: Ask }): VNode | null {
  if (detail === undefined || detail === '' || kind === 'plan') return null;
  if (kind === 'question') return <Markdown text={told(detail)} />;
  if (kind !== 'permission') return <p class="verbatim need-detail">{visible(told(detail))}</p>;
  const { what, why: asks } = partsOfPermission(detail);
  const why = asks === undefined ? undefined : visible(t('Why this asks: {0}.', toldWhy(asks)));
  return (
    <>
      <pre class="need-exact" tabIndex={0}>
        {visible(what)}
      </pre>
      {danger !== undefined && (
        <div class="need-danger" data-testid="need-danger">
          <Icon name="warning" />
          <div>
            <p>{dangerText(danger)}</p>
            {why !== undefined && <p class="small">{why}</p>}
          </div>
        </div>
      )}
      {danger === undefined && why !== undefined && <p class="dim small">{why}</p>}
    </>
  );
}

const dangerText = (danger: NonNullable<Ask['danger']>): string =>
  danger === 'guarded'
    ? t('Look closely: this touches a protected file.')
    : t('Look closely: this may reach beyond the team’s working copy.');
