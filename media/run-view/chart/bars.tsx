import type { VNode } from 'preact';
import type { ArrowView, MarkView, SpanView, Timeline, WaitView } from '../../../src/protocol/timeline.ts';
import { told } from '../../panel/texts.ts';
import { selectedText } from '../selected.ts';
import type { Axis } from '../state/axis.ts';
import { useLife } from '../use-life.ts';
import { BAR_PX, barY, middleY, type Row, type Rows } from './rows.ts';
import type { Seen } from './use-window.ts';

interface BarsProps {
  readonly timeline: Timeline;
  readonly axis: Axis;
  readonly rows: Rows;
  readonly seen: Seen;
}

/** Drawn beyond what is in sight, in pixels, so that scrolling finds something. */
const MARGIN_PX = 300;
const BAR_MIN_PX = 2;
/** Width from which a bar holds its title, unless its colour says as much, and what a letter of it takes. */
const TITLE_PX = 56;
const LETTER_PX = 6.2;

/** Steps, waits, messages and marks, as far as they are in sight. */
export function Bars({ timeline, axis, rows, seen }: BarsProps): VNode {
  const { selected } = useLife();
  const pointed = selected.value?.item.id;
  const from = seen.left - MARGIN_PX;
  const to = seen.left + seen.width + MARGIN_PX;
  const inSight = (x: number, end = x): boolean => end >= from && x <= to;
  const xOf = ({ from: began, to: ended }: SpanView | WaitView) =>
    [axis.place(began), axis.place(ended ?? timeline.updatedAt)] as const;
  const shown = { timeline, axis, rows, pointed };
  return (
    <>
      {rows.rows.map((row) => (
        <RowBars key={row.lane.id} row={row} xOf={xOf} inSight={inSight} {...shown} />
      ))}
      {timeline.waits
        .filter((wait) => inSight(...xOf(wait)))
        .map((wait) => (
          <Wait key={wait.id} wait={wait} x={xOf(wait)} {...shown} />
        ))}
      {timeline.marks
        .filter(({ at }) => inSight(axis.place(at)))
        .map((mark) => (
          <Mark key={mark.id} mark={mark} {...shown} />
        ))}
      {timeline.arrows
        .filter(({ at }) => inSight(axis.place(at)))
        .map((arrow) => (
          <Arrow key={arrow.id} arrow={arrow} {...shown} />
        ))}
    </>
  );
}

interface Shown {
  readonly timeline: Timeline;
  readonly axis: Axis;
  readonly rows: Rows;
  readonly pointed: number | undefined;
}

type Place = readonly [x: number, end: number];

interface RowBarsProps extends Shown {
  readonly row: Row;
  readonly xOf: (span: SpanView) => Place;
  readonly inSight: (x: number, end: number) => boolean;
}

/** Bars of a row. Of those that would stand on the same pixel, one is drawn: ten thousand steps cost what is in sight. */
function RowBars({ row, xOf, inSight, timeline, pointed }: RowBarsProps): VNode {
  const last = new Map<number, number>();
  const drawn = row.placed.filter(({ span, level }) => {
    const [x, end] = xOf(span);
    if (!inSight(x, end)) return false;
    const hidden = end <= (last.get(level) ?? -1) && span.id !== pointed;
    if (!hidden) last.set(level, Math.max(end, x + BAR_MIN_PX - 1));
    return !hidden;
  });
  return (
    <g>
      {drawn.map(({ span, level }) => (
        <Bar
          key={span.id}
          span={span}
          x={xOf(span)}
          y={barY(row, level)}
          timeline={timeline}
          pointed={pointed}
        />
      ))}
    </g>
  );
}

interface BarProps {
  readonly span: SpanView;
  readonly x: Place;
  readonly y: number;
  readonly timeline: Timeline;
  readonly pointed: number | undefined;
}

const cut = (text: string, letters: number): string =>
  text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;

const kindOf = ({ kind }: SpanView): string =>
  kind === 'model' || kind === 'tool' || kind === 'tests' ? kind : 'other';

function Bar({ span, x: [x, end], y, timeline, pointed }: BarProps): VNode {
  const width = Math.max(BAR_MIN_PX, end - x);
  return (
    <g
      data-id={span.id}
      class="bar"
      data-kind={kindOf(span)}
      data-state={span.state}
      data-on={span.id === pointed}
    >
      <title>{selectedText({ kind: 'span', item: span }, timeline)}</title>
      <rect class="bar-shape" x={x} y={y} width={width} height={BAR_PX} rx={2} />
      {width >= TITLE_PX && span.kind !== 'model' && (
        <text class="bar-text" x={x + 4} y={y + BAR_PX - 2.5}>
          {cut(told(span.title), Math.floor((width - 8) / LETTER_PX))}
        </text>
      )}
    </g>
  );
}

function Wait({
  wait,
  x: [x, end],
  rows,
  timeline,
  pointed,
}: Shown & { wait: WaitView; x: Place }): VNode | null {
  const row = rows.byLane.get(wait.lane);
  if (!row) return null;
  return (
    <g data-id={wait.id} class="bar" data-kind="wait" data-on={wait.id === pointed}>
      <title>{selectedText({ kind: 'wait', item: wait }, timeline)}</title>
      <rect
        class="bar-shape"
        x={x}
        y={row.y + row.height - 6}
        width={Math.max(BAR_MIN_PX, end - x)}
        height={4}
        rx={2}
      />
    </g>
  );
}

function Mark({ mark, rows, axis, timeline, pointed }: Shown & { mark: MarkView }): VNode | null {
  const row = rows.byLane.get(mark.lane);
  if (!row) return null;
  const [x, y] = [axis.place(mark.at), middleY(row)];
  return (
    <g data-id={mark.id} class="mark-sign" data-tone={mark.tone} data-on={mark.id === pointed}>
      <title>{selectedText({ kind: 'mark', item: mark }, timeline)}</title>
      <path d={`M${x} ${y - 6}l6 6l-6 6l-6 -6z`} />
    </g>
  );
}

function Arrow({ arrow, rows, axis, timeline, pointed }: Shown & { arrow: ArrowView }): VNode | null {
  const [start, end] = [rows.byLane.get(arrow.from), rows.byLane.get(arrow.to)];
  if (!start || !end) return null;
  const x = axis.place(arrow.at);
  const [y1, y2] = [middleY(start), middleY(end)];
  const down = y2 >= y1 ? 1 : -1;
  return (
    <g data-id={arrow.id} class="arrow" data-on={arrow.id === pointed}>
      <title>{selectedText({ kind: 'arrow', item: arrow }, timeline)}</title>
      <path class="arrow-hit" d={`M${x} ${y1}V${y2}`} />
      <path
        class="arrow-line"
        d={`M${x} ${y1}V${y2}M${x - 4} ${y2 - 6 * down}L${x} ${y2}L${x + 4} ${y2 - 6 * down}`}
      />
      <circle class="arrow-dot" cx={x} cy={y1} r={2.5} />
    </g>
  );
}
