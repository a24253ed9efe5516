import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { DemoBadge } from '../parts/badge.tsx';
import { Button, IconButton } from '../parts/button.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { sumOf, tokensOf } from '../../../src/protocol/ledger.ts';
import { cost, duration, tokens } from '../state/format.ts';
import { atMost, cutOffText, NEAR, shareOf } from '../state/costs.ts';
import { partsOfGoal } from '../../../src/protocol/goal.ts';
import { needAfter } from '../state/needs.ts';
import { autonomyName, isActive, statusOf, taskState, toneOf } from '../state/names.ts';
import { t } from '../texts.ts';
import { SearchBar, SearchButton } from '../talk/search-bar.tsx';
import { countOf, useElsewhere } from '../needs/elsewhere.tsx';
import { useRun } from './use-run.ts';

/** What the run is about, how it stands, what it has cost, and the way to stop it. */
export function RunHead(): VNode {
  const { close } = usePanel();
  const { words: goal } = partsOfGoal(useRun((run) => run.goal));
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that opened this page is gone; the reading goes on here.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <header class="run-head">
      <div class="run-head-top">
        <IconButton icon="arrowLeft" label={t('Back to all runs')} testid="back" onClick={close} />
        <h1 class="run-goal" ref={heading} tabIndex={-1} title={goal}>
          {goal}
        </h1>
        <SearchButton />
        <RunViewButton />
        <StopButton />
      </div>
      <div class="run-meta">
        <Status />
        <PauseButton />
        <ToNeeds />
        <Freedom />
        <PickedModel />
        <Spent />
      </div>
      <Progress />
      <SearchBar />
    </header>
  );
}

function RunViewButton(): VNode {
  const { post } = usePanel();
  const run = useRun(({ id }) => id);
  return (
    <IconButton
      icon="chart"
      label={t('Open the run view: who worked when, and the run at any moment')}
      testid="run-view-button"
      onClick={() => post({ type: 'run.view', run })}
    />
  );
}

function Status(): VNode {
  const status = useRun((run) => run.status);
  const tone = useRun(toneOf);
  const name = useRun(statusOf);
  const demo = useRun((run) => run.demo);
  return (
    <>
      <span class="run-status" data-testid="run-status" data-status={status} data-tone={tone}>
        <span class="dot" data-tone={tone} />
        {name}
      </span>
      {demo && <DemoBadge />}
    </>
  );
}

/** How much is done without asking; leads to what can be changed of that and of the limits. */
function Freedom(): VNode | null {
  const { post } = usePanel();
  const run = useRun(({ id }) => id);
  const active = useRun(isActive);
  const autonomy = useRun((view) => view.autonomy);
  if (!active || autonomy === undefined) return null;
  return (
    <Button
      kind="link"
      testid="run-set"
      title={t('Change how much is done without asking, and the limits')}
      onClick={() => post({ type: 'run.set', run })}
    >
      {autonomyName(autonomy)}
    </Button>
  );
}

/** The model that the person picked for this run. */
function PickedModel(): VNode | null {
  const picked = useRun((view) => view.picked);
  if (picked === undefined) return null;
  return (
    <span
      class="run-picked dim"
      data-testid="picked-model"
      title={t('{0}, picked for this run, answers for every role', picked)}
    >
      {picked}
    </span>
  );
}

/** How much waits for the person; leads from one to the next. */
function ToNeeds(): VNode | null {
  const { shownNeed, post } = usePanel();
  const elsewhere = useElsewhere();
  const needs = useRun((run) => run.needs);
  const last = useRef<string | undefined>(undefined);
  const all = needs.length + countOf(elsewhere);
  const next = (): void => {
    if (needs.length === 0 && elsewhere[0]) post({ type: 'run.open', run: elsewhere[0].run });
    const card = document.activeElement?.closest<HTMLElement>('.need');
    shownNeed.value = needAfter(needs, card?.dataset['signal'] ?? last.current);
    last.current = shownNeed.value;
  };
  if (all === 0) return null;
  return (
    <Button
      kind="link"
      icon="warning"
      testid="to-needs"
      title={t('Go to what needs you next')}
      onClick={next}
    >
      {t('{0} for you', all)}
    </Button>
  );
}

/** Lets what is under way end; nothing new begins. Whoever works on the run hears of it, here or elsewhere. */
function PauseButton(): VNode | null {
  const { post } = usePanel();
  const run = useRun(({ id }) => id);
  const active = useRun(isActive);
  const draining = useRun((view) => view.draining === true);
  if (!active || draining) return null;
  return (
    <Button
      kind="link"
      testid="pause-button"
      title={t('Pause the run: what is under way ends, nothing new begins.')}
      onClick={() => post({ type: 'run.pause', run })}
    >
      {t('Pause')}
    </Button>
  );
}

/** A run of another window or the terminal is not stopped from here: its owner is asked to. */
function StopButton(): VNode | null {
  const { post, owned } = usePanel();
  const [asked, setAsked] = useState(false);
  const id = useRun((run) => run.id);
  const active = useRun(isActive);
  useEffect(() => setAsked(false), [active]);
  if (!active) return null;
  const [title, under] = owned.value
    ? [t('Stop the run. Nothing is lost: it can go on later.'), t('Stopping…')]
    : [
        t(
          'Ask the window or terminal that works on the run to stop it. Nothing is lost: it can go on later.',
        ),
        t('Asked to stop…'),
      ];
  return (
    <Button
      icon="stop"
      testid="stop-button"
      title={title}
      disabled={asked}
      onClick={() => {
        setAsked(true);
        post({ type: 'run.stop', run: id });
      }}
    >
      {asked ? under : t('Stop')}
    </Button>
  );
}

function Spent(): VNode {
  const spent = useRun((run) => run.spent);
  const budget = useRun((run) => run.budget);
  const ledger = useRun((run) => run.ledger);
  const sum = sumOf(ledger);
  const detail = [
    t(
      '{0} tokens in ({1} cached), {2} out, {3} model calls',
      spent.inputTokens,
      spent.cachedTokens,
      spent.outputTokens,
      spent.calls,
    ),
    ...(sum.cutOffTokens === 0 ? [] : [cutOffText(sum)]),
  ].join('\n');
  const most = (text: string): string => atMost(sum, text);
  return (
    <span class="run-spent facts">
      <Elapsed />
      <Meter
        testid="tokens"
        title={detail}
        share={shareOf(tokensOf(sum), budget.tokensMax)}
        text={t('{0} tokens', most(ofLimit(tokens(tokensOf(sum)), budget.tokensMax, tokens)))}
      />
      <Meter
        testid="cost"
        title={t('Who spent it stands under Costs.')}
        share={sum.costUsd === null ? undefined : shareOf(sum.costUsd, budget.costUsdMax)}
        text={
          sum.costUsd === null
            ? unknownCost(budget.costUsdMax)
            : (sum.costUsd === 0 ? String : most)(ofLimit(cost(sum.costUsd), budget.costUsdMax, cost))
        }
      />
    </span>
  );
}

const ofLimit = (amount: string, limit: number | undefined, shown: (value: number) => string): string =>
  limit === undefined ? amount : t('{0} of {1}', amount, shown(limit));

const unknownCost = (limit: number | undefined): string =>
  limit === undefined ? t('cost unknown') : t('cost unknown (limit {0})', cost(limit));

interface MeterProps {
  readonly testid: string;
  readonly title: string;
  readonly text: string;
  /** How much of its limit is used; absent where it has none. */
  readonly share: number | undefined;
}

/** An amount against its limit, which warns when the limit comes near. */
function Meter({ testid, title, text, share }: MeterProps): VNode {
  const near = share !== undefined && share >= NEAR;
  const warning = near ? t('{0} % of the budget are used.', Math.floor(share * 100)) : undefined;
  return (
    <span
      class="meter"
      data-testid={testid}
      {...(near && { 'data-tone': 'warn' })}
      title={warning === undefined ? title : `${warning} ${title}`}
    >
      {text}
      {warning !== undefined && <span class="unseen"> {warning}</span>}
    </span>
  );
}

function Elapsed(): VNode {
  const { now } = usePanel();
  const active = useRun(isActive);
  const startedAt = useRun((run) => run.startedAt);
  const updatedAt = useRun((run) => run.updatedAt);
  const until = active ? Math.max(now.value, updatedAt) : updatedAt;
  return <span data-testid="elapsed">{duration(Math.max(1000, until - startedAt))}</span>;
}

/** A mark for each task; the plan says which is which. Its place is there before it, so that nothing moves when the plan comes. */
function Progress(): VNode {
  const tasks = useRun((run) => run.tasks);
  if (tasks.length === 0) return <div class="progress" />;
  const done = tasks.filter(({ state }) => state === 'done').length;
  return (
    <div class="progress" role="img" aria-label={t('{0} of {1} tasks done', done, tasks.length)}>
      {tasks.map(({ spec, state }) => (
        <span
          key={spec.id}
          class="progress-task"
          data-state={state}
          title={`${spec.title}: ${taskState(state)}`}
        />
      ))}
    </div>
  );
}
