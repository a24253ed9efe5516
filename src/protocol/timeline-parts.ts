/** How a run's time line crosses to a page that holds a part of it. */
import type { Timeline } from './timeline.ts';

/** What a page that holds everything up to line `seq` lacks. */
export function timelineSince(timeline: Timeline, seq: number): Timeline {
  const { spans, waits, arrows, marks, offsets } = timeline;
  const isNew = ({ id, end }: { readonly id: number; readonly end?: number }): boolean =>
    (end ?? Infinity) > seq || id > seq;
  return {
    ...timeline,
    spans: spans.filter(isNew),
    waits: waits.filter(isNew),
    arrows: arrows.filter(({ id }) => id > seq),
    marks: marks.filter(({ id }) => id > seq),
    offsets: offsets.slice(seq),
  };
}

/** What is held, with what came after line `seq` put into it. Undefined where the two do not meet. */
export function timelineGrown(held: Timeline, more: Timeline, seq: number): Timeline | undefined {
  if (held.run !== more.run || held.offsets.length < seq) return undefined;
  return {
    ...more,
    spans: replaced(held.spans, more.spans),
    waits: replaced(held.waits, more.waits),
    arrows: replaced(held.arrows, more.arrows),
    marks: replaced(held.marks, more.marks),
    offsets: [...held.offsets.slice(0, seq), ...more.offsets],
  };
}

function replaced<T extends { readonly id: number }>(held: readonly T[], more: readonly T[]): readonly T[] {
  if (more.length === 0) return held;
  const all = new Map(held.map((each) => [each.id, each]));
  for (const each of more) all.set(each.id, each);
  return [...all.values()];
}
