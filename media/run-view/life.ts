/** The page's life: what it holds of the run, which moment is looked at, and the talk with the editor. */
import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Moment, RunViewRequest } from '../../src/protocol/run-view.ts';
import type { ArrowView, MarkView, SpanView, Timeline, WaitView } from '../../src/protocol/timeline.ts';
import type { Host } from '../panel/host.ts';
import { EMPTY, isUpdate, receive } from './state/receive.ts';

type RunHost = Host<RunViewRequest>;

/** What the person has pointed at. */
export type Selected =
  | { readonly kind: 'span'; readonly item: SpanView }
  | { readonly kind: 'wait'; readonly item: WaitView }
  | { readonly kind: 'arrow'; readonly item: ArrowView }
  | { readonly kind: 'mark'; readonly item: MarkView };

export interface RunLife {
  readonly timeline: ReadonlySignal<Timeline | undefined>;
  /** The line at which the run is looked at; the last one while `follows`. */
  readonly seq: ReadonlySignal<number>;
  readonly follows: ReadonlySignal<boolean>;
  readonly moment: ReadonlySignal<Moment | undefined>;
  readonly selected: ReadonlySignal<Selected | undefined>;
  /** How often the whole run is as wide as the window: 1 shows all of it. */
  readonly zoom: Signal<number>;
  readonly error: Signal<string | undefined>;
  /** Looks at the run as it was at a line; the last one follows from there. */
  goTo(seq: number): void;
  /** Points at whatever begins with that line, and looks at that moment. */
  select(id: number): void;
  post(request: RunViewRequest): void;
}

interface Saved {
  readonly run: string;
  readonly seq: number | undefined;
  readonly zoom: number;
}

function thaw(state: unknown): Partial<Saved> {
  return typeof state === 'object' && state !== null ? state : {};
}

/** Begins to listen and says `ready`. Lives as long as the page. */
export function openRunLife(host: RunHost, page: Window): RunLife {
  const saved = thaw(host.saved());
  const held = signal(EMPTY);
  const timeline = computed(() => held.value.shown?.timeline);
  const moment = computed(() => held.value.shown?.moment);
  /** Undefined: the end of the run, wherever that is. */
  const chosen = signal<number | undefined>(typeof saved.seq === 'number' ? saved.seq : undefined);
  const selectedId = signal<number | undefined>(undefined);
  const zoom = signal(typeof saved.zoom === 'number' && saved.zoom >= 1 ? saved.zoom : 1);
  const error = signal<string | undefined>(undefined);
  const last = computed(() => timeline.value?.lastSeq ?? 0);
  const seq = computed(() => Math.min(last.value, chosen.value ?? last.value));

  const asking = askForMoments({ seq, moment }, host);
  page.addEventListener('message', ({ data, origin }: MessageEvent<unknown>) => {
    if (origin !== page.origin || !isUpdate(data)) return;
    if (data.type === 'error') {
      error.value = data.text;
      asking.reset();
      return;
    }
    const before = held.value;
    held.value = receive(before, data);
    if (held.value.gap && !before.gap) host.post({ type: 'ready' });
  });
  effect(() => {
    const run = timeline.value?.run;
    if (run !== undefined) host.save({ run, seq: chosen.value, zoom: zoom.value } satisfies Saved);
  });
  host.post({ type: 'ready' });

  const goTo = (wanted: number): void => {
    const line = Math.max(1, Math.min(last.value, Math.round(wanted)));
    chosen.value = line === last.value ? undefined : line;
  };
  return {
    timeline,
    seq,
    follows: computed(() => chosen.value === undefined),
    moment,
    selected: computed(() => find(timeline.value, selectedId.value)),
    zoom,
    error,
    goTo,
    select(id) {
      selectedId.value = id;
      goTo(id);
    },
    post: (request) => {
      host.post(request);
    },
  };
}

/** Asks for the moment that is looked at, one at a time: whoever drags the slider asks for many. */
function askForMoments(
  {
    seq,
    moment,
  }: { readonly seq: ReadonlySignal<number>; readonly moment: ReadonlySignal<Moment | undefined> },
  host: RunHost,
): { reset(): void } {
  let asked = 0;
  effect(() => {
    const wanted = seq.value;
    const got = moment.value?.seq ?? 0;
    if (wanted === 0 || wanted === got || (asked !== 0 && asked !== got)) return;
    asked = wanted;
    host.post({ type: 'moment', seq: wanted });
  });
  return {
    /** What was asked for does not come. */
    reset: () => {
      asked = 0;
    },
  };
}

function find(timeline: Timeline | undefined, id: number | undefined): Selected | undefined {
  if (timeline === undefined || id === undefined) return undefined;
  const of = <T extends { readonly id: number }>(items: readonly T[]) => items.find((each) => each.id === id);
  const span = of(timeline.spans);
  if (span) return { kind: 'span', item: span };
  const wait = of(timeline.waits);
  if (wait) return { kind: 'wait', item: wait };
  const arrow = of(timeline.arrows);
  if (arrow) return { kind: 'arrow', item: arrow };
  const mark = of(timeline.marks);
  return mark && { kind: 'mark', item: mark };
}
