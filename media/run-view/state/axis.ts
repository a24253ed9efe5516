/** Where moments stand on the chart: true to scale, but stretches in which nothing ran are drawn short. */
import type { Timeline } from '../../../src/protocol/timeline.ts';

/** A stretch that is drawn short. Times in milliseconds since 1970, places in pixels. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly x: number;
}

export interface Axis {
  readonly width: number;
  /** Milliseconds that a pixel stands for, but in gaps. */
  readonly msPerPx: number;
  readonly gaps: readonly Gap[];
  place(at: number): number;
  /** The moment at a place. */
  moment(x: number): number;
}

/** Width of a stretch that is drawn short, in pixels. */
export const GAP_PX = 26;
/** Shorter pauses are drawn to scale: in milliseconds, and as a share of all the time in which something ran. */
const GAP_MS_MIN = 3000;
const GAP_SHARE = 0.08;
/** Room right of the last moment, so that its signs are seen whole. */
const END_PX = 10;

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly idle: boolean;
}

type Timed = Pick<Timeline, 'startedAt' | 'updatedAt' | 'spans'>;

/** The axis of a run that is `width` pixels long in all. */
export function axisOf(timeline: Timed, width: number): Axis {
  const stretches = stretchesOf(timeline);
  const idle = stretches.filter((each) => each.idle).length;
  const busyMs = stretches.reduce((sum, each) => sum + (each.idle ? 0 : each.to - each.from), 0);
  const scale = Math.max(1, width - END_PX - idle * GAP_PX) / Math.max(1, busyMs);
  let x = 0;
  const placed = stretches.map((stretch) => {
    const from = x;
    x += stretch.idle ? GAP_PX : (stretch.to - stretch.from) * scale;
    return { ...stretch, x: from, width: x - from };
  });
  const last = placed.at(-1);
  return {
    width,
    msPerPx: 1 / scale,
    gaps: placed.filter((each) => each.idle),
    place(at) {
      const found = placed.find((each) => at <= each.to) ?? last;
      if (!found) return 0;
      const share = Math.min(1, Math.max(0, (at - found.from) / Math.max(1, found.to - found.from)));
      return found.x + share * found.width;
    },
    moment(place) {
      const found = placed.find((each) => place <= each.x + each.width) ?? last;
      if (!found) return timeline.startedAt;
      const share = Math.min(1, Math.max(0, (place - found.x) / Math.max(0.01, found.width)));
      return found.from + share * (found.to - found.from);
    },
  };
}

/** Stretches in which something ran, and those between them that are long enough to be drawn short. */
function stretchesOf({ startedAt, updatedAt, spans }: Timed): readonly Stretch[] {
  const busy: { from: number; to: number }[] = [];
  for (const { from, to = updatedAt } of spans.toSorted((one, other) => one.from - other.from)) {
    const open = busy.at(-1);
    if (open && from <= open.to) open.to = Math.max(open.to, to);
    else busy.push({ from, to });
  }
  const total = busy.reduce((sum, each) => sum + each.to - each.from, 0);
  const longest = Math.max(GAP_MS_MIN, total * GAP_SHARE);
  const stretches: Stretch[] = [];
  let at = startedAt;
  for (const { from, to } of [...busy, { from: updatedAt, to: updatedAt }]) {
    if (from - at > longest) stretches.push({ from: at, to: from, idle: true });
    else if (from > at) stretches.push({ from: at, to: from, idle: false });
    if (to > from) stretches.push({ from, to, idle: false });
    at = Math.max(at, to);
  }
  return stretches.length > 0 ? stretches : [{ from: startedAt, to: startedAt + 1, idle: false }];
}

const NICE = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

/** Moments to write at the axis, so that their texts do not touch; milliseconds since 1970. */
export function ticksOf(axis: Axis, { startedAt, updatedAt }: Timed, apartPx = 90): readonly number[] {
  const ticks: number[] = [];
  const shortest = axis.msPerPx * apartPx;
  const stepMs = (NICE.find((each) => each * 1000 >= shortest) ?? 86400) * 1000;
  let lastX = -apartPx;
  for (let at = startedAt; at <= updatedAt && ticks.length < 400; at += stepMs) {
    const x = axis.place(at);
    const inGap = axis.gaps.some((gap) => at > gap.from && at < gap.to);
    if (inGap || x - lastX < apartPx || axis.width - x < apartPx / 2) continue;
    ticks.push(at);
    lastX = x;
  }
  return ticks;
}
