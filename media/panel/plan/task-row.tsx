import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { blameLines } from '../../../src/protocol/blame-lines.ts';
import { isBelow } from '../../../src/protocol/plan-tree.ts';
import type { RunView, TaskView } from '../../../src/protocol/view.ts';
import { Icon, type IconName } from '../icons.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { Button } from '../parts/button.tsx';
import { memo } from '../parts/memo.ts';
import { useFold } from '../parts/use-fold.ts';
import { isUnderWay, TaskIcon } from '../parts/status-icon.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { Report } from '../run/report.tsx';
import { useRun, useTaskTitle } from '../run/use-run.ts';
import { verdictName } from '../state/evidence.ts';
import { NO_FILTER } from '../state/filter.ts';
import { isActive, roleName, taskState } from '../state/names.ts';
import { partsFold, taskFold } from '../state/reading.ts';
import { takesTexts } from '../state/takes-texts.ts';
import { partsOf, takesOf, type Takes } from '../../../src/protocol/task-tree.ts';
import { Comments } from '../talk/review-card.tsx';
import { t, told } from '../texts.ts';
import { modelOf, useCritical } from './use-critical.ts';

/** One task: a line that opens to everything known of it. */
export const TaskRow = memo(({ task }: { task: TaskView }) => {
  const { shownTask } = usePanel();
  const { spec, state } = task;
  const fold = useFold(taskFold(spec.id));
  const row = useRef<HTMLLIElement>(null);
  // Whoever came from the graph reads on here.
  useEffect(() => {
    if (shownTask.peek() !== spec.id) return;
    shownTask.value = undefined;
    row.current?.querySelector('summary')?.focus();
    row.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const critical = useCritical().includes(spec.id);
  const held = useRun(isHeld);
  return (
    <li
      class="task"
      ref={row}
      data-testid="plan-task"
      data-task={spec.id}
      data-state={state}
      data-critical={critical}
    >
      <details {...fold}>
        <summary class="task-line">
          <TaskIcon state={state} held={held} />
          <span class="task-words">
            <span class="task-title">{spec.title}</span>
            <span class="task-meta facts">
              <Facts task={task} critical={critical} />
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
        {fold.open && <TaskBody task={task} />}
      </details>
      <Parts of={task} />
    </li>
  );
});

const NONE: readonly TaskView[] = [];

/** Nothing goes on while the run is paused. */
const isHeld = ({ status }: RunView): boolean => status === 'paused';

/** The sub-tasks of a task, which fold. Those of one that is done begin folded. */
function Parts({ of: { spec, state } }: { of: TaskView }): VNode | null {
  const parts = useRun(({ tasks }) => {
    const found = partsOf(tasks, spec.id);
    return found.length === 0 ? NONE : found;
  });
  const [begins] = useState(state !== 'done');
  const fold = useFold(partsFold(spec.id), begins);
  if (parts.length === 0) return null;
  const done = parts.filter((part) => part.state === 'done').length;
  return (
    <details class="task-parts" data-testid="task-parts" data-task={spec.id} {...fold}>
      <summary class="dim small">
        <Icon name="chevron" class="chevron" />
        {t('{0} of {1} sub-tasks done', done, parts.length)}
      </summary>
      <ol class="tasks" aria-label={t('Sub-tasks of {0}', spec.title)}>
        {parts.map((part) => (
          <TaskRow key={part.spec.id} task={part} />
        ))}
      </ol>
    </details>
  );
}

function Facts({ task, critical }: { task: TaskView; critical: boolean }): VNode {
  const { spec, state, attempt, note } = task;
  const held = useRun(isHeld);
  const takes = useRun(({ plan, tasks }) => JSON.stringify(takesOf(task, tasks, plan?.estimates)));
  const isWhole = useRun(({ tasks }) => tasks.some((other) => isBelow(other.spec.id, spec.id)));
  const model = useRun(({ agents }) => modelOf(agents, spec.id, spec.role));
  const facts = [
    roleName(spec.role),
    ...(state === 'waiting' ? [] : [held && isUnderWay(state) ? t('paused') : taskState(state)]),
    ...(attempt > 1 && !isWhole ? [t('attempt {0}', attempt)] : []),
    ...((spec.candidates ?? 1) > 1 ? [t('best of {0}', spec.candidates ?? 1)] : []),
    ...(spec.expand === true && !isWhole && state === 'waiting' ? [t('is broken down later')] : []),
    ...(note === undefined ? [] : [told(note)]),
    ...(model === undefined ? [] : [model]),
    ...takesTexts(JSON.parse(takes) as Takes),
    ...filesFact(spec.files),
    ...(critical ? [t('on the critical path')] : []),
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

/** What it may write, in short. */
const filesFact = (files: readonly string[] = []): readonly string[] =>
  files.length === 0
    ? []
    : [files.length === 1 ? (files[0] ?? '') : `${files[0] ?? ''} +${files.length - 1}`];

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
      <TextList title={t('Hears')} items={spec.topics ?? []} code />
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
          <Report report={gate} />
        </div>
      )}
      <TextList title={t('Did not go together')} items={blame ? blameLines(blame).map(told) : []} />
      {review && review.comments.length > 0 && <Comments comments={review.comments} />}
      {task.state !== 'waiting' && <Its task={spec.id} />}
      {task.attempt > 0 && <Retry task={spec.id} />}
      {task.state !== 'done' && <DoItMyself task={spec.id} />}
    </div>
  );
}

/** Its part of the conversation, and its change. */
function Its({ task }: { task: string }): VNode {
  const { filter, post } = usePanel();
  const run = useRun(({ id }) => id);
  const hasChanges = useRun(({ tasks, merges = [] }) => {
    const isIts = (id: string): boolean => id === task || isBelow(id, task);
    return (
      tasks.some(({ spec, change }) => change !== undefined && isIts(spec.id)) ||
      merges.some(({ unit, verdict }) => verdict !== 'red' && isIts(unit))
    );
  });
  return (
    <div class="buttons">
      <Button
        kind="link"
        testid="task-talk"
        onClick={() => (filter.value = { ...NO_FILTER, task, called: {} })}
      >
        {t('Its conversation')}
      </Button>
      {hasChanges && (
        <Button kind="link" testid="task-diff" onClick={() => post({ type: 'task.diff', run, task })}>
          {t('What it changed')}
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
