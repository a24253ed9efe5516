import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TaskEstimate } from '../../../src/protocol/events.ts';
import type { TaskView } from '../../../src/protocol/view.ts';
import { Icon, type IconName } from '../icons.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { Button } from '../parts/button.tsx';
import { memo } from '../parts/memo.ts';
import { TaskIcon } from '../parts/status-icon.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { Reasons, TestLists } from '../run/tests.tsx';
import { useRun, useTaskTitle } from '../run/use-run.ts';
import { blameTexts } from '../state/blame.ts';
import { verdictName } from '../state/evidence.ts';
import { estimateOf } from '../state/costs.ts';
import { cost, tokens } from '../state/format.ts';
import { NO_FILTER } from '../state/filter.ts';
import { isActive, roleName, taskState } from '../state/names.ts';
import { Comments } from '../talk/review-card.tsx';
import { t } from '../texts.ts';

/** One task: a line that opens to everything known of it. */
export const TaskRow = memo(({ task }: { task: TaskView }) => {
  const { shownTask } = usePanel();
  const { spec, state } = task;
  const [open, setOpen] = useState(shownTask.peek() === spec.id);
  const row = useRef<HTMLLIElement>(null);
  // Whoever came from the graph reads on here.
  useEffect(() => {
    if (shownTask.peek() !== spec.id) return;
    shownTask.value = undefined;
    row.current?.querySelector('summary')?.focus();
    row.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <li class="task" ref={row} data-testid="plan-task" data-task={spec.id} data-state={state}>
      <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary class="task-line">
          <TaskIcon state={state} />
          <span class="task-words">
            <span class="task-title">{spec.title}</span>
            <span class="task-meta facts">
              <Facts task={task} />
            </span>
          </span>
          <span class="task-marks">
            <GateMark gate={task.gate} />
            <ReviewMark review={task.review} />
          </span>
          <span class="task-role" title={roleName(spec.role)}>
            <Avatar name={spec.role} />
          </span>
        </summary>
        {open && <TaskBody task={task} />}
      </details>
    </li>
  );
});

function Facts({ task }: { task: TaskView }): VNode {
  const { spec, state, attempt, note } = task;
  const estimate = useRun(({ plan }) => estimateOf(plan, spec.id));
  const facts = [
    roleName(spec.role),
    ...(state === 'waiting' ? [] : [taskState(state)]),
    ...(attempt > 1 ? [t('attempt {0}', attempt)] : []),
    ...((spec.candidates ?? 1) > 1 ? [t('best of {0}', spec.candidates ?? 1)] : []),
    ...(note === undefined ? [] : [note]),
    ...tokenFacts(task, estimate),
  ];
  const waits = state === 'waiting' || state === 'blocked' ? spec.depends_on : [];
  return (
    <>
      {facts.map((fact, index) => (
        <span key={index}>{fact}</span>
      ))}
      {waits.length > 0 && <span>{t('after {0}', waits.join(', '))}</span>}
    </>
  );
}

const TaskName = ({ id }: { id: string }): VNode => <>{useTaskTitle(id)}</>;

/** What a task is estimated to take, and what it has taken. */
function tokenFacts(
  { spec, tokens: used, costUsd }: TaskView,
  estimate: TaskEstimate | undefined,
): readonly string[] {
  const likely = estimate?.tokens ?? spec.estimate_tokens;
  if (used === 0) {
    return [
      ...(likely === undefined ? [] : [t('about {0} tokens', tokens(likely))]),
      ...(estimate === undefined ? [] : [likelyCost(estimate)]),
    ];
  }
  return [
    likely === undefined
      ? t('{0} tokens', tokens(used))
      : t('{0} of about {1} tokens', tokens(used), tokens(likely)),
    costUsd === null ? t('cost unknown') : cost(costUsd),
  ];
}

const likelyCost = ({ costUsd }: TaskEstimate): string =>
  costUsd === null ? t('cost unknown') : t('about {0}', cost(costUsd));

function Mark({ icon, tone, label }: { icon: IconName; tone: string; label: string }): VNode {
  return (
    <span class="mark" data-tone={tone} role="img" aria-label={label} title={label}>
      <Icon name={icon} />
    </span>
  );
}

function GateMark({ gate }: { gate: TaskView['gate'] }): VNode | null {
  if (!gate) return null;
  const tone = { green: 'good', red: 'bad', notProved: 'warn' }[gate.verdict];
  return <Mark icon="beaker" tone={tone} label={t('Tests: {0}', verdictName(gate.verdict))} />;
}

function ReviewMark({ review }: { review: TaskView['review'] }): VNode | null {
  if (!review) return null;
  const approved = review.verdict === 'approve';
  return (
    <Mark
      icon="eye"
      tone={approved ? 'good' : 'warn'}
      label={approved ? t('Review: approved') : t('Review: changes requested')}
    />
  );
}

function TaskBody({ task }: { task: TaskView }): VNode {
  const { spec, gate, review, blame } = task;
  return (
    <div class="task-body">
      <Markdown text={spec.description} />
      <TextList title={t('Done when')} items={spec.acceptance} />
      <TextList title={t('Files')} items={spec.files ?? []} code />
      {spec.depends_on.length > 0 && (
        <div>
          <h4 class="label">{t('After')}</h4>
          <ul class="plain-list">
            {spec.depends_on.map((id) => (
              <li key={id}>
                <TaskName id={id} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {gate && (
        <div>
          <h4 class="label">{t('Tests: {0}', verdictName(gate.verdict))}</h4>
          <Reasons report={gate} />
          <TestLists report={gate} />
        </div>
      )}
      <TextList title={t('Did not go together')} items={blame ? blameTexts(blame) : []} />
      {review && review.comments.length > 0 && <Comments comments={review.comments} />}
      {task.attempt > 0 && <Its task={spec.id} />}
      {task.attempt > 0 && <Retry task={spec.id} />}
      {task.state !== 'done' && <DoItMyself task={spec.id} />}
    </div>
  );
}

/** Its part of the conversation, and its change. */
function Its({ task }: { task: string }): VNode {
  const { filter, post } = usePanel();
  const run = useRun(({ id }) => id);
  const hasChanges = useRun(({ changes }) => changes !== undefined);
  return (
    <div class="buttons">
      <Button kind="link" testid="task-talk" onClick={() => (filter.value = { ...NO_FILTER, task })}>
        {t('Its conversation')}
      </Button>
      {hasChanges && (
        <Button kind="link" testid="task-diff" onClick={() => post({ type: 'review.open', run })}>
          {t('The diff')}
        </Button>
      )}
    </div>
  );
}

/** The person takes the task over: its working copy opens from what needs them, and goes back to be tested and reviewed. */
function DoItMyself({ task }: { task: string }): VNode | null {
  const { post } = usePanel();
  const run = useRun(({ id }) => id);
  const live = useRun((view) => isActive(view) && view.plan?.decided === 'approved');
  const mine = useRun(({ needs }) => needs.some(({ ask }) => ask.kind === 'hand' && ask.who?.task === task));
  if (!live || mine) return null;
  return (
    <Button
      kind="link"
      testid="task-take"
      onClick={() => post({ type: 'run.change', run, change: { do: 'take', task } })}
    >
      {t('Do it myself…')}
    </Button>
  );
}

/** Goes back to before the task, with other words or another model; this run stays as it is. */
function Retry({ task }: { task: string }): VNode | null {
  const { post } = usePanel();
  const run = useRun(({ id }) => id);
  const active = useRun(isActive);
  if (active) return null;
  return (
    <Button kind="link" testid="task-retry" onClick={() => post({ type: 'run.fork', run, task })}>
      {t('Retry from this task…')}
    </Button>
  );
}

interface TextListProps {
  readonly title: string;
  readonly items: readonly string[];
  readonly code?: boolean;
}

function TextList({ title, items, code = false }: TextListProps): VNode | null {
  if (items.length === 0) return null;
  return (
    <div>
      <h4 class="label">{title}</h4>
      <ul class="plain-list">
        {items.map((item) => (
          <li key={item}>{code ? <code>{item}</code> : item}</li>
        ))}
      </ul>
    </div>
  );
}
