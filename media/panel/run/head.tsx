import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { DemoBadge } from '../parts/badge.tsx';
import { Button, IconButton } from '../parts/button.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { cost, duration, tokens } from '../state/format.ts';
import { isActive, statusOf, taskState, toneOf } from '../state/names.ts';
import { t } from '../texts.ts';
import { useRun } from './use-run.ts';

/** What the run is about, how it stands, what it has cost, and the way to stop it. */
export function RunHead(): VNode {
  const { close } = usePanel();
  const goal = useRun((run) => run.goal);
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
        <StopButton />
      </div>
      <div class="run-meta">
        <Status />
        <Spent />
      </div>
      <Progress />
    </header>
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

function StopButton(): VNode | null {
  const { post, owned } = usePanel();
  const [asked, setAsked] = useState(false);
  const id = useRun((run) => run.id);
  const active = useRun(isActive);
  useEffect(() => setAsked(false), [active]);
  if (!active || !owned.value) return null;
  return (
    <Button
      icon="stop"
      testid="stop-button"
      title={t('Stop the run. Nothing is lost: it can go on later.')}
      disabled={asked}
      onClick={() => {
        setAsked(true);
        post({ type: 'run.stop', run: id });
      }}
    >
      {asked ? t('Stopping…') : t('Stop')}
    </Button>
  );
}

function Spent(): VNode {
  const spent = useRun((run) => run.spent);
  const budget = useRun((run) => run.budget);
  const used = spent.inputTokens + spent.outputTokens;
  const of = (amount: string, limit: string | undefined): string =>
    limit === undefined ? amount : t('{0} of {1}', amount, limit);
  const tokenLimit = budget.tokensMax === undefined ? undefined : tokens(budget.tokensMax);
  const costLimit = budget.costUsdMax === undefined ? undefined : cost(budget.costUsdMax);
  const detail = t(
    '{0} tokens in ({1} cached), {2} out, {3} model calls',
    spent.inputTokens,
    spent.cachedTokens,
    spent.outputTokens,
    spent.calls,
  );
  return (
    <span class="run-spent facts">
      <Elapsed />
      <span title={detail} data-testid="tokens">
        {t('{0} tokens', of(tokens(used), tokenLimit))}
      </span>
      <span data-testid="cost">
        {spent.costUsd === null ? t('cost unknown') : of(cost(spent.costUsd), costLimit)}
        {spent.costUsd === null && costLimit !== undefined && ` (${t('limit {0}', costLimit)})`}
      </span>
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

/** A mark for each task; the plan says which is which. */
function Progress(): VNode | null {
  const tasks = useRun((run) => run.tasks);
  if (tasks.length === 0) return null;
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
