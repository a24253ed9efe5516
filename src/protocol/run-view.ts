/** Messages between a run view (an editor tab) and the editor. Both sides validate what they receive. */
import * as z from 'zod';
import type { Timeline } from './timeline.ts';
import type { RunView } from './view.ts';

/** What of a line is opened as a text: what a model was told, what came of the step or message, or the line as it stands. */
export const RecordPart = z.enum(['prompt', 'output', 'line']);
export type RecordPart = z.infer<typeof RecordPart>;

const Line = z.number().int().min(1);

/** From the page. Sent when the person does something; `ready` when the page has loaded. */
export const RunViewRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** The state when that line had been written; answered by `moment`. */
  z.object({ type: z.literal('moment'), seq: Line }),
  z.object({ type: z.literal('text'), seq: Line, part: RecordPart }),
  /** Goes another way after that line; the editor asks with whom. */
  z.object({ type: z.literal('fork'), at: Line }),
  z.object({ type: z.literal('panel') }),
]);
export type RunViewRequest = z.infer<typeof RunViewRequest>;

/** The run at one of its moments; its conversation is cut to its end. */
export interface Moment {
  readonly seq: number;
  readonly view: RunView;
}

/** To the page. */
export type RunViewUpdate =
  /** The whole run, or with `since` only what came or changed after that line. */
  | { readonly type: 'timeline'; readonly timeline: Timeline; readonly since?: number }
  | { readonly type: 'moment'; readonly moment: Moment }
  | { readonly type: 'error'; readonly text: string };

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
