import type { VNode } from 'preact';
import type { PlanSpec } from '../../../src/protocol/plan.ts';
import { parentsIn } from '../../../src/protocol/plan-tree.ts';
import { rootsOf } from '../../../src/protocol/task-tree.ts';
import { suggestionFor } from '../../../src/protocol/suggestion.ts';
import type { RunView, TaskView } from '../../../src/protocol/view.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Section } from '../parts/section.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { useRun } from '../run/use-run.ts';
import type { PlanDraft } from '../state/drafts.ts';
import { isActive } from '../state/names.ts';
import { withTaskShown } from '../state/reading.ts';
import { isLivePlan, LIVE_PLAN } from '../state/plan-draft.ts';
import { t, told } from '../texts.ts';
import { PlanGraph } from './graph/plan-graph.tsx';
import { NewRoles } from './new-roles.tsx';
import { PlanEditor } from './plan-editor.tsx';
import { PlanProblems } from './plan-problems.tsx';
import { TaskRow } from './task-row.tsx';
import { useFormFocus } from './use-form-focus.ts';
import { usePlanDraft } from './use-plan-draft.ts';

/** The plan as a list of tasks, or as a form while the person edits it. */
export function PlanSection(): VNode | null {
  const plan = useRun((run) => run.plan);
  const tasks = useRun((run) => run.tasks);
  const { drafts } = usePanel();
  const signal = useRun((run) => editedSignal(run, drafts.value.plan));
  const below = useRun((run) => suggestionBelow(run, editedSignal(run, drafts.value.plan)));
  const draft = usePlanDraft(signal ?? LIVE_PLAN);
  const edited = signal === undefined ? undefined : draft.plan;
  const place = useFormFocus(edited !== undefined);
  if (tasks.length === 0) return null;
  return (
    <div class="plan" ref={place}>
      <Section title={t('Plan')} testid="plan" aside={<Aside tasks={tasks} decided={plan?.decided} />}>
        {edited ? (
          <>
            <PlanEditor plan={edited} signal={signal ?? LIVE_PLAN} below={below} onChange={draft.change} />
            {signal === LIVE_PLAN && <ChangeLive plan={edited} />}
          </>
        ) : (
          <PlanList plan={plan} tasks={tasks} />
        )}
      </Section>
    </div>
  );
}

/** Name of the question whose plan the person edits; `LIVE_PLAN` for the plan that is carried out. */
function editedSignal(run: RunView, draft: PlanDraft | undefined): string | undefined {
  if (draft?.run !== run.id) return undefined;
  if (draft.signal === LIVE_PLAN) return isLivePlan(run) ? LIVE_PLAN : undefined;
  return run.needs.find(({ signal }) => signal === draft.signal)?.signal;
}

/** The task whose sub-tasks are edited, where they are. */
function suggestionBelow(run: RunView, signal: string | undefined): string | undefined {
  const suggestion = signal === undefined ? undefined : suggestionFor(run, signal);
  return suggestion?.kind === 'breakdown' ? suggestion.task : undefined;
}

/** A quick edit has tasks and no plan. */
function PlanList({ plan, tasks }: { plan: RunView['plan']; tasks: readonly TaskView[] }): VNode {
  const { asGraph, folds, shownTask } = usePanel();
  return (
    <>
      {plan && <Markdown text={plan.spec.summary} />}
      {plan && plan.problems.length > 0 && (
        <ul class="problems">
          {plan.problems.map((problem) => (
            <li key={problem}>{told(problem)}</li>
          ))}
        </ul>
      )}
      {plan && plan.decided !== 'approved' && <NewRoles roles={plan.spec.new_roles ?? []} />}
      {tasks.length > 1 && <Look />}
      {asGraph.value ? (
        <PlanGraph
          tasks={tasks}
          onOpen={(task) => {
            folds.value = withTaskShown(folds.value, task);
            shownTask.value = task;
            asGraph.value = false;
          }}
        />
      ) : (
        <ol class="tasks">
          {rootsOf(tasks).map((task) => (
            <TaskRow key={task.spec.id} task={task} />
          ))}
        </ol>
      )}
      {plan && <AnotherPlan />}
      {plan && <EditLive />}
    </>
  );
}

/** Begins to change the plan that is being carried out. */
function EditLive(): VNode | null {
  const live = useRun(isLivePlan);
  const draft = usePlanDraft(LIVE_PLAN);
  if (!live) return null;
  return (
    <Button kind="link" testid="plan-edit-live" onClick={draft.begin}>
      {t('Change the plan…')}
    </Button>
  );
}

/** Hands the changed plan to the run that carries it out: what is done stays, what differs begins anew. */
function ChangeLive({ plan }: { plan: PlanSpec }): VNode {
  const { post } = usePanel();
  const run = useRun(({ id }) => id);
  const draft = usePlanDraft(LIVE_PLAN);
  return (
    <>
      <PlanProblems problems={draft.problems} />
      <div class="buttons">
        <Button
          kind="primary"
          testid="plan-change"
          disabled={draft.problems.length > 0}
          onClick={() => {
            post({ type: 'run.change', run, change: { do: 'plan', plan } });
            draft.discard();
          }}
        >
          {t('Go on with this plan')}
        </Button>
        <Button testid="plan-change-cancel" onClick={draft.discard}>
          {t('Cancel')}
        </Button>
      </div>
    </>
  );
}

/** The same tasks in two looks. */
function Look(): VNode {
  const { asGraph } = usePanel();
  const looks = [
    { graph: false, label: t('List') },
    { graph: true, label: t('Graph') },
  ];
  return (
    <div class="segments plan-look" role="radiogroup" aria-label={t('Plan as')}>
      {looks.map(({ graph, label }) => (
        <label key={label} class="segment" data-testid={graph ? 'plan-as-graph' : 'plan-as-list'}>
          <input
            type="radio"
            class="unseen"
            name="plan-look"
            checked={graph === asGraph.value}
            onChange={() => (asGraph.value = graph)}
          />
          <span>{label}</span>
        </label>
      ))}
    </div>
  );
}

/** Goes back to where the plan was decided, to change it; this run stays as it is. */
function AnotherPlan(): VNode | null {
  const { post } = usePanel();
  const run = useRun(({ id }) => id);
  const active = useRun(isActive);
  const quick = useRun(({ mode }) => mode === 'quick');
  if (active || quick) return null;
  return (
    <Button kind="link" testid="another-plan" onClick={() => post({ type: 'run.fork', run, plan: 'ask' })}>
      {t('Go on with another plan…')}
    </Button>
  );
}

interface AsideProps {
  readonly tasks: readonly TaskView[];
  readonly decided: NonNullable<RunView['plan']>['decided'] | undefined;
}

function Aside({ tasks, decided }: AsideProps): VNode {
  if (decided === 'open') return <Badge tone="warn">{t('waits for you')}</Badge>;
  if (decided === 'rejected') return <Badge>{t('sent back')}</Badge>;
  const parents = parentsIn(tasks.map(({ spec }) => spec));
  const own = tasks.filter(({ spec }) => !parents.has(spec.id));
  const done = own.filter(({ state }) => state === 'done').length;
  return <>{t('{0} of {1}', done, own.length)}</>;
}
