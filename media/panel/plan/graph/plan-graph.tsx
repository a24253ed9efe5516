import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { RunView, TaskView } from '../../../../src/protocol/view.ts';
import { useRun } from '../../run/use-run.ts';
import { estimateOf } from '../../state/costs.ts';
import { criticalPath } from '../../state/critical-path.ts';
import { tokens } from '../../state/format.ts';
import { roleName, taskState } from '../../state/names.ts';
import { t } from '../../texts.ts';
import type { Laid, Point } from './layout.ts';

const BOX = { width: 148, height: 50 };

/** The plan as a graph: what waits for what, and the chain that takes longest. A box opens its task in the list. */
export function PlanGraph({
  tasks,
  onOpen,
}: {
  tasks: readonly TaskView[];
  onOpen: (task: string) => void;
}): VNode {
  const plan = useRun((run) => run.plan);
  const agents = useRun((run) => run.agents);
  const laid = useLayout(tasks);
  if (laid === 'failed') return <p class="dim">{t('The graph cannot be drawn. The list has every task.')}</p>;
  if (laid === undefined) return <p class="dim">{t('Drawing the graph…')}</p>;
  const critical = criticalPath(
    tasks.map(({ spec, tokens: used }) => ({
      id: spec.id,
      after: spec.depends_on,
      weight: estimateOf(plan, spec.id)?.tokens ?? spec.estimate_tokens ?? used,
    })),
  );
  const isCritical = (from: string, to: string): boolean => {
    const at = critical.indexOf(to);
    return at > 0 && critical[at - 1] === from;
  };
  return (
    <div class="graph" data-testid="plan-graph" tabIndex={0} role="group" aria-label={t('Plan as a graph')}>
      <div class="graph-plan" style={{ width: `${laid.width}px`, height: `${laid.height}px` }}>
        <svg width={laid.width} height={laid.height} aria-hidden="true">
          {laid.arrows.map(({ from, to, points }) => (
            <path
              key={`${from} ${to}`}
              class="graph-arrow"
              data-critical={isCritical(from, to)}
              d={arrow(points)}
            />
          ))}
        </svg>
        {tasks.map((task) => (
          <Box
            key={task.spec.id}
            task={task}
            at={laid.boxes.get(task.spec.id) ?? { x: 0, y: 0 }}
            critical={critical.includes(task.spec.id)}
            model={modelOf(agents, task)}
            likely={estimateOf(plan, task.spec.id)?.tokens ?? task.spec.estimate_tokens}
            onOpen={onOpen}
          />
        ))}
      </div>
      {critical.length > 0 && (
        <p class="dim small">{t('The thick line is the critical path: what the plan takes at least.')}</p>
      )}
    </div>
  );
}

/** Lays the plan out once its shape is another; undefined until the chunk is there. */
function useLayout(tasks: readonly TaskView[]): Laid | 'failed' | undefined {
  const [laid, setLaid] = useState<Laid | 'failed'>();
  const shape = JSON.stringify(tasks.map(({ spec }) => ({ id: spec.id, after: spec.depends_on })));
  useEffect(() => {
    let isOver = false;
    const nodes = JSON.parse(shape) as { id: string; after: string[] }[];
    import('./layout.ts')
      .then(({ layOut }) => {
        if (!isOver) setLaid(layOut(nodes, BOX));
      })
      .catch(() => setLaid('failed'));
    return () => {
      isOver = true;
    };
  }, [shape]);
  return laid;
}

/** A line with its head. */
function arrow(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const end = points.at(-1);
  if (!first || !end) return '';
  const line = rest.map(({ x, y }) => `L${x} ${y}`).join('');
  return `M${first.x} ${first.y}${line}M${end.x - 4} ${end.y - 6}L${end.x} ${end.y}L${end.x + 4} ${end.y - 6}`;
}

interface BoxProps {
  readonly task: TaskView;
  readonly at: Point;
  readonly critical: boolean;
  readonly model: string | undefined;
  readonly likely: number | undefined;
  readonly onOpen: (task: string) => void;
}

function Box({ task, at, critical, model, likely, onOpen }: BoxProps): VNode {
  const { spec, state, tokens: used } = task;
  const amount =
    used > 0
      ? t('{0} tokens', tokens(used))
      : likely === undefined
        ? ''
        : t('about {0} tokens', tokens(likely));
  const style = {
    insetInlineStart: `${at.x - BOX.width / 2}px`,
    top: `${at.y - BOX.height / 2}px`,
    width: `${BOX.width}px`,
    height: `${BOX.height}px`,
  };
  return (
    <button
      type="button"
      class="graph-box"
      data-testid="graph-task"
      data-task={spec.id}
      data-state={state}
      data-critical={critical}
      style={style}
      title={spec.title}
      onClick={() => onOpen(spec.id)}
    >
      <span class="graph-title">{spec.title}</span>
      <span class="graph-fact">
        {roleName(spec.role)} · {taskState(state)}
        {critical && <span class="unseen">, {t('on the critical path')}</span>}
      </span>
      <span class="graph-fact">{[amount, model ?? ''].filter((fact) => fact !== '').join(' · ')}</span>
    </button>
  );
}

/** The endpoint of whoever worked on a task last. */
const modelOf = (agents: RunView['agents'], { spec }: TaskView): string | undefined =>
  agents.findLast((agent) => agent.task === spec.id && agent.role === spec.role)?.endpoint;
