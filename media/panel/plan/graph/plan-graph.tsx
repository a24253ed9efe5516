import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TaskSpec } from '../../../../src/protocol/plan.ts';
import { parentOf, parentsIn } from '../../../../src/protocol/plan-tree.ts';
import type { TaskView } from '../../../../src/protocol/view.ts';
import { useRun } from '../../run/use-run.ts';
import { roleName, taskState } from '../../state/names.ts';
import { afterEach, takesOf, type Takes } from '../../../../src/protocol/task-tree.ts';
import { takesTexts } from '../../state/takes-texts.ts';
import { t } from '../../texts.ts';
import { modelOf, useCritical } from '../use-critical.ts';
import type { Laid, Node, Point } from './layout.ts';
import { useZoom, ZoomBar } from './zoom.tsx';

const BOX = { width: 152, height: 66 };

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
  const critical = useCritical();
  const laid = useLayout(tasks);
  const frame = useRef<HTMLDivElement>(null);
  const zoom = useZoom(frame, typeof laid === 'object' ? laid.width : 0);
  if (laid === 'failed') return <p class="dim">{t('The graph cannot be drawn. The list has every task.')}</p>;
  if (laid === undefined) return <p class="dim">{t('Drawing the graph…')}</p>;
  return (
    <div
      class="graph"
      data-testid="plan-graph"
      ref={frame}
      tabIndex={0}
      role="group"
      aria-label={t('Plan as a graph')}
    >
      <ZoomBar {...zoom} />
      <div
        class="graph-plan"
        style={{ width: `${laid.width}px`, height: `${laid.height}px`, zoom: zoom.zoom }}
      >
        <Lines laid={laid} critical={critical} />
        {tasks.map((task) => (
          <Box
            key={task.spec.id}
            task={task}
            at={laid.boxes.get(task.spec.id) ?? { x: 0, y: 0 }}
            critical={critical.includes(task.spec.id)}
            model={modelOf(agents, task.spec.id, task.spec.role)}
            takes={takesOf(task, tasks, plan?.estimates)}
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

/** What waits for what, and which tasks belong together. */
function Lines({ laid, critical }: { laid: Laid; critical: readonly string[] }): VNode {
  const isCritical = (from: string, to: string): boolean => {
    const at = critical.indexOf(to);
    return at > 0 && critical[at - 1] === from;
  };
  return (
    <svg width={laid.width} height={laid.height} aria-hidden="true">
      {laid.groups.map(({ id, x, y, width, height }) => (
        <rect
          key={id}
          class="graph-group"
          data-group={id}
          x={x - width / 2}
          y={y - height / 2}
          width={width}
          height={height}
          rx={6}
        />
      ))}
      {laid.arrows.map(({ from, to, points }) => (
        <path
          key={`${from} ${to}`}
          class="graph-arrow"
          data-critical={isCritical(from, to)}
          d={arrow(points)}
        />
      ))}
    </svg>
  );
}

/** Lays the plan out once its shape is another; undefined until the chunk is there. */
function useLayout(tasks: readonly TaskView[]): Laid | 'failed' | undefined {
  const [laid, setLaid] = useState<Laid | 'failed'>();
  const shape = JSON.stringify(nodesOf(tasks.map(({ spec }) => spec)));
  useEffect(() => {
    let isOver = false;
    const nodes = JSON.parse(shape) as Node[];
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

/** A task with sub-tasks stands in a group with them. */
function nodesOf(specs: readonly TaskSpec[]): readonly Node[] {
  const after = afterEach(specs);
  const parents = parentsIn(specs);
  const groupOf = (id: string | undefined): string | undefined =>
    id !== undefined && parents.has(id) && after.has(id) ? id : undefined;
  return specs.map(({ id }) => ({
    id,
    after: after.get(id) ?? [],
    within: groupOf(id) ?? groupOf(parentOf(id)),
    around: groupOf(parentOf(id)),
  }));
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
  readonly takes: Takes;
  readonly onOpen: (task: string) => void;
}

function Box({ task, at, critical, model, takes, onOpen }: BoxProps): VNode {
  const { spec, state } = task;
  const [amount, ...costs] = takesTexts(takes);
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
        {[roleName(spec.role), taskState(state), ...(model === undefined ? [] : [model])].join(' · ')}
        {critical && <span class="unseen">, {t('on the critical path')}</span>}
      </span>
      <span class="graph-fact">{amount}</span>
      <span class="graph-fact">{[...costs, ...(spec.files ?? [])].join(' · ')}</span>
    </button>
  );
}
