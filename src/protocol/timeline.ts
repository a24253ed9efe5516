/** A run along its time: the fold of its journal that the run view draws, made by `core/run/timeline`. Plain data that crosses to it. */
import type { Ask } from './events.ts';
import type { StepKind } from './step-kind.ts';
import type { RunMode } from './settings.ts';
import type { Unreadable } from './view.ts';

/** Whose bars stand in one row: a role within a task, a role of the whole run, or `host` for what Quartet itself does. */
export interface LaneView {
  readonly id: string;
  readonly role: string;
  readonly task?: string;
}

/** One step as a bar. `id` is the sequence number of its first line. */
export interface SpanView {
  readonly id: number;
  readonly kind: StepKind;
  readonly title: string;
  readonly lane: string;
  /** Absent: the first. */
  readonly attempt?: number;
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Absent while it runs. */
  readonly to?: number;
  readonly state: 'running' | 'ok' | 'failed' | 'interrupted';
  readonly tokens?: number;
  /** Null where a price is unknown. */
  readonly costUsd?: number | null;
  readonly endpoint?: string;
}

/** How long something waited for the person. `id` as with spans. */
export interface WaitView {
  readonly id: number;
  readonly kind: Ask['kind'];
  readonly title: string;
  readonly lane: string;
  readonly from: number;
  readonly to?: number;
}

/** One message from lane to lane, in short: the whole of it opens as a text. */
export interface ArrowView {
  readonly id: number;
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** Something that happened at a moment. */
export interface MarkView {
  readonly id: number;
  readonly at: number;
  readonly kind: 'plan' | 'gate' | 'review' | 'merge' | 'pause' | 'resume' | 'limit' | 'finish';
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'warn' | 'calm';
  readonly lane: string;
}

export interface Timeline {
  readonly run: string;
  readonly goal: string;
  readonly mode: RunMode;
  readonly demo: boolean;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly lastSeq: number;
  /** The run waits or is over: nothing more comes by itself. */
  readonly still: boolean;
  /** What ended the reading before the record's end. */
  readonly unreadable?: Unreadable;
  /** Titles of tasks by id, in the plan's order. */
  readonly tasks: readonly { readonly id: string; readonly title: string }[];
  readonly lanes: readonly LaneView[];
  readonly spans: readonly SpanView[];
  readonly waits: readonly WaitView[];
  readonly arrows: readonly ArrowView[];
  readonly marks: readonly MarkView[];
  /** When each line was written, in milliseconds after the start; the first line's stands first. */
  readonly offsets: readonly number[];
}
