/** Where the rows of the chart stand, from the top; lengths in pixels. */
import type { LaneView, Timeline } from '../../../src/protocol/timeline.ts';
import { levelsOf, stack, type PlacedSpan } from '../state/lanes.ts';

export const BAR_PX = 11;
const LEVEL_PX = BAR_PX + 2;
const EDGE_PX = 6;
const ROW_MIN_PX = 25;

export interface Row {
  readonly lane: LaneView;
  readonly y: number;
  readonly height: number;
  readonly placed: readonly PlacedSpan[];
  /** First row of its task. */
  readonly opens: boolean;
}

export interface Rows {
  readonly rows: readonly Row[];
  readonly height: number;
  readonly byLane: ReadonlyMap<string, Row>;
}

export function rowsOf({ lanes, spans }: Pick<Timeline, 'lanes' | 'spans'>): Rows {
  let y = 0;
  const rows = lanes.map((lane, at): Row => {
    const placed = stack(spans.filter((span) => span.lane === lane.id));
    const height = Math.max(ROW_MIN_PX, levelsOf(placed) * LEVEL_PX + 2 * EDGE_PX);
    const row = { lane, y, height, placed, opens: at > 0 && lanes[at - 1]?.task !== lane.task };
    y += height;
    return row;
  });
  return { rows, height: y, byLane: new Map(rows.map((row) => [row.lane.id, row])) };
}

/** Top of a bar. */
export const barY = (row: Row, level: number): number => row.y + EDGE_PX + level * LEVEL_PX;

/** Where arrows and marks of a row stand. */
export const middleY = (row: Row): number => row.y + row.height / 2;
