/** Messages between a run view (an editor tab) and the editor. The editor validates what a page sends. */
import * as z from 'zod';
import type { Difference } from './difference.ts';
import type { GateReport } from './events.ts';
import type { EndpointEntry } from './registry.ts';
import type { FactView } from './team-view.ts';
import type { Timeline } from './timeline.ts';
import type { ActiveStep, FeedItem, NeedView, RunView, TaskView } from './view.ts';

/** What of a line is opened as a text: what a model was told, what came of the step or message, or the line as it stands. */
export const RecordPart = z.enum(['prompt', 'output', 'line']);
export type RecordPart = z.infer<typeof RecordPart>;

const Line = z.number().int().min(1);

/** From the page. Sent when the person does something; `ready` when the page has loaded, or misses something. */
export const RunViewRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** The state when that line had been written; it is shown then. */
  z.object({ type: z.literal('moment'), seq: Line }),
  z.object({ type: z.literal('text'), seq: Line, part: RecordPart }),
  /** Goes another way after that line; the editor asks with whom. */
  z.object({ type: z.literal('fork'), at: Line }),
  z.object({ type: z.literal('panel') }),
]);
export type RunViewRequest = z.infer<typeof RunViewRequest>;

type Word<K extends FeedItem['kind'], More> = { readonly kind: K; readonly id: number } & Readonly<More>;

/** One entry of the conversation in few words; the rest opens as a text. */
export type WordView =
  | Word<'said' | 'tool', { role: string; text: string }>
  | Word<'message', { from: string; to: string; text: string }>
  /** `text` is the first reason, where there is one. */
  | Word<'gate', { verdict: GateReport['verdict']; text?: string }>
  | Word<'review', { verdict: string }>
  /** `decided`: what it came to; absent: nothing. */
  | Word<'consensus', { about: 'review' | 'question'; question?: string; decided?: string }>
  | Word<'note', { text: string }>;

type Ending = 'mode' | 'status' | 'paused' | 'draining' | 'finished';

/** What is drawn of the run at one of its moments. */
export interface MomentView extends Pick<RunView, Ending | 'spent'> {
  /** What a run of the tests alone found. */
  readonly evidence: { readonly integrated?: Pick<GateReport, 'verdict'> };
  readonly needs: readonly { readonly signal: NeedView['signal']; readonly title: string }[];
  readonly active: readonly (Pick<ActiveStep, 'key' | 'kind' | 'title' | 'since'> & {
    readonly role?: string;
  })[];
  /** Models that were not well, or that were asked while there were others. */
  readonly endpoints: readonly Pick<EndpointEntry, 'id' | 'name' | 'health' | 'why' | 'load'>[];
  readonly tasks: readonly (Pick<TaskView, 'state' | 'attempt'> & {
    readonly id: string;
    readonly title: string;
  })[];
  readonly facts: readonly FactView[];
  /** The end of the conversation. */
  readonly words: readonly WordView[];
}

/** The run as it was when line `seq` had been written. */
export interface Moment {
  readonly seq: number;
  readonly view: MomentView;
}

/** All that a page shows. */
export interface Shown {
  readonly timeline: Timeline;
  /** The one that was asked for last. */
  readonly moment?: Moment;
}

/** To the page. What it holds is numbered by `at`. */
export type RunViewUpdate =
  | { readonly type: 'whole'; readonly at: number; readonly shown: Shown }
  /** What became of it since it was number `from`. */
  | { readonly type: 'delta'; readonly from: number; readonly at: number; readonly by: Difference }
  | { readonly type: 'error'; readonly text: string };
