/** Messages between a run view (an editor tab) and the editor. The editor validates what a page sends. */
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
