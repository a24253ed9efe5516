import type { VNode } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { LaneView, Timeline } from '../../../src/protocol/timeline.ts';
import { Avatar } from '../../panel/parts/avatar.tsx';
import { roleName } from '../../panel/state/names.ts';
import { t } from '../../panel/texts.ts';
import { axisOf, type Axis } from '../state/axis.ts';
import { lineAt } from '../state/lanes.ts';
import { useLife } from '../use-life.ts';
import { AxisLine } from './axis-line.tsx';
import { Bars } from './bars.tsx';
import { rowsOf, type Row, type Rows } from './rows.ts';
import { Future } from './future.tsx';
import { Spending } from './spending.tsx';
import { useWindow } from './use-window.ts';

/** Room left of the bars for the names of rows, in pixels. */
const LABELS_PX = { min: 190, max: 260 };
const LABELS_SHARE = 0.25;
const LABELS_NARROW_PX = 64;
const NARROW_PX = 520;
const WIDTH_MIN_PX = 260;

const labelsOf = (width: number): number =>
  Math.round(Math.min(LABELS_PX.max, Math.max(LABELS_PX.min, width * LABELS_SHARE)));

/** Who worked when: a row for each role of each task, bars for its steps, arrows for what was said. */
export function Chart({ timeline }: { timeline: Timeline }): VNode {
  const { zoom, seq, follows, goTo, select, selected, post } = useLife();
  const scroller = useRef<HTMLDivElement>(null);
  const seen = useWindow(scroller);
  const labels = seen.width < NARROW_PX ? LABELS_NARROW_PX : labelsOf(seen.width);
  const width = Math.max(WIDTH_MIN_PX, seen.width - labels - 12) * zoom.value;
  const axis = useMemo(() => axisOf(timeline, width), [timeline, width]);
  const rows = useMemo(() => rowsOf(timeline), [timeline]);
  const cursor = axis.place(timeline.startedAt + (timeline.offsets[seq.value - 1] ?? 0));
  useCursorInSight(scroller, cursor, labels);

  const pressed = (event: MouseEvent): void => {
    const id =
      event.target instanceof Element ? event.target.closest('[data-id]')?.getAttribute('data-id') : null;
    if (id !== null && id !== undefined) select(Number(id));
    else if (event.currentTarget instanceof Element) {
      const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
      goTo(lineAt(timeline.offsets, axis.moment(x) - timeline.startedAt));
    }
  };
  const key = (event: KeyboardEvent): void => {
    const pointed = selected.value?.item.id;
    if (event.key === 'Enter' && pointed !== undefined) post({ type: 'text', seq: pointed, part: 'output' });
    else if (!moveSelection(event, timeline, { from: pointed ?? seq.value, select })) return;
    event.preventDefault();
  };
  return (
    <div class="chart-frame">
      <div
        class="chart"
        data-testid="chart"
        ref={scroller}
        tabIndex={0}
        role="group"
        aria-label={t('Time line. Arrow keys go from step to step, Enter opens what came of it.')}
        onKeyDown={key}
      >
        <div class="chart-grid" style={{ gridTemplateColumns: `${labels}px ${width}px` }}>
          <div class="chart-corner" />
          <AxisLine axis={axis} timeline={timeline} />
          <Labels rows={rows} timeline={timeline} narrow={labels === LABELS_NARROW_PX} />
          <svg class="chart-body" width={width} height={rows.height} onClick={pressed}>
            <Gaps axis={axis} height={rows.height} />
            <Stripes rows={rows.rows} width={width} />
            <Bars timeline={timeline} axis={axis} rows={rows} seen={seen} />
            {!follows.value && <Future from={cursor} width={width} height={rows.height} />}
            <line class="chart-cursor" x1={cursor} x2={cursor} y1={0} y2={rows.height} />
          </svg>
          <Spending timeline={timeline} axis={axis} />
        </div>
      </div>
      <Legend />
    </div>
  );
}

interface Moving {
  readonly from: number;
  readonly select: (id: number) => void;
}

/** Goes to the former or next thing on the chart; false where the key is none of ours. */
function moveSelection({ key }: KeyboardEvent, timeline: Timeline, { from, select }: Moving): boolean {
  const { spans, waits, arrows, marks } = timeline;
  const ids = [...spans, ...waits, ...arrows, ...marks].map(({ id }) => id).sort((a, b) => a - b);
  const targets: Readonly<Record<string, number | undefined>> = {
    ArrowRight: ids.find((id) => id > from),
    ArrowLeft: ids.findLast((id) => id < from),
    Home: ids[0],
    End: ids.at(-1),
  };
  if (!Object.hasOwn(targets, key)) return false;
  const target = targets[key];
  if (target !== undefined) select(target);
  return true;
}

/** A moment that was chosen elsewhere is scrolled to. */
function useCursorInSight(
  scroller: { readonly current: HTMLElement | null },
  x: number,
  labels: number,
): void {
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const seenWidth = element.clientWidth - labels;
    if (x < element.scrollLeft) element.scrollLeft = Math.max(0, x - 20);
    else if (x > element.scrollLeft + seenWidth) element.scrollLeft = x - seenWidth + 20;
  }, [x]);
}

interface LabelsProps {
  readonly rows: Rows;
  readonly timeline: Timeline;
  readonly narrow: boolean;
}

function Labels({ rows, timeline, narrow }: LabelsProps): VNode {
  return (
    <div class="chart-labels">
      {rows.rows.map(({ lane, height, opens }) => (
        <div key={lane.id} class="chart-label" data-opens={opens} style={{ height: `${height}px` }}>
          <Label lane={lane} timeline={timeline} narrow={narrow} />
        </div>
      ))}
    </div>
  );
}

function Label({ lane, timeline, narrow }: { lane: LaneView; timeline: Timeline; narrow: boolean }): VNode {
  const title = timeline.tasks.find(({ id }) => id === lane.task)?.title ?? lane.task;
  const name = roleName(lane.role);
  return (
    <span class="chart-name" title={title === undefined ? name : `${name}: ${title}`}>
      <Avatar name={lane.role} />
      <span class={narrow ? 'unseen' : 'chart-who'}>
        {name}
        {title !== undefined && <span class="dim"> {title}</span>}
      </span>
    </span>
  );
}

/** Stretches in which nothing ran are drawn short: they are marked. */
const Gaps = ({ axis, height }: { axis: Axis; height: number }): VNode => (
  <g>
    {axis.gaps.map(({ x, from }) => (
      <rect key={from} class="chart-gap" x={x + 4} y={0} width={18} height={height} />
    ))}
  </g>
);

const Stripes = ({ rows, width }: { rows: readonly Row[]; width: number }): VNode => (
  <g>
    {rows.map(({ lane, y, opens }) => (
      <line
        key={lane.id}
        class="chart-stripe"
        data-opens={opens}
        x1={0}
        x2={width}
        y1={y + 0.5}
        y2={y + 0.5}
      />
    ))}
  </g>
);

const KINDS = [
  ['model', () => t('thinks')],
  ['tool', () => t('uses a tool')],
  ['tests', () => t('tests')],
  ['other', () => t('Quartet’s own work')],
  ['wait', () => t('waits for you')],
] as const;

function Legend(): VNode {
  return (
    <ul class="chart-legend" aria-label={t('Legend')}>
      {KINDS.map(([kind, name]) => (
        <li key={kind}>
          <span class="chart-swatch" data-kind={kind} />
          {name()}
        </li>
      ))}
      <li>→ {t('message')}</li>
    </ul>
  );
}
