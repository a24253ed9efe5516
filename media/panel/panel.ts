/** The panel's life: what it holds, what the person began, and the talk with the editor. */
import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { PanelContext, PanelRequest, PanelUpdate } from '../../src/protocol/panel.ts';
import { planEssence } from '../../src/protocol/plan-change.ts';
import type { TestProgress } from '../../src/protocol/test-progress.ts';
import type { RunView } from '../../src/protocol/view.ts';
import type { Host } from './host.ts';
import {
  ANSWER_WAIT_MS,
  answersOnTheWay,
  collectPerFrame,
  pageClock,
  watchFocus,
  type OnTheWay,
} from './page.ts';
import { news } from './state/announce.ts';
import { freeze, thaw, withoutAnswered, withoutOutdated, type Drafts } from './state/drafts.ts';
import { isLivePlan, LIVE_PLAN } from './state/plan-draft.ts';
import { planUnder } from './state/suggestions.ts';
import { appendPieces, type LiveReply, type Piece } from './state/live.ts';
import { NO_FILTER, type Filter } from './state/filter.ts';
import { NOTHING, type Given } from './state/given.ts';
import { withMentions } from './state/mentions.ts';
import { remembered } from './state/history.ts';
import { isActive } from './state/names.ts';
import { NO_READING, type Folds, type Reading, type Seen } from './state/reading.ts';
import { EMPTY, isUpdate, receive, type Held } from './state/receive.ts';

/** What the page shows, each part changing on its own. */
export interface PanelState {
  readonly context: ReadonlySignal<PanelContext | undefined>;
  /** `undefined`: nothing has arrived yet. `null`: no run is open. */
  readonly view: ReadonlySignal<RunView | null | undefined>;
  readonly owned: ReadonlySignal<boolean>;
  readonly live: ReadonlySignal<readonly LiveReply[]>;
  /** How far the tests of running steps have come, by the key of the step. */
  readonly tests: ReadonlySignal<ReadonlyMap<string, TestProgress>>;
  readonly error: ReadonlySignal<string | undefined>;
  readonly checked: ReadonlySignal<Held['checked']>;
  /** Files and folders found for the mention that was asked about. */
  readonly mentions: ReadonlySignal<Held['mentions']>;
  readonly pictures: ReadonlySignal<Held['pictures']>;
  readonly tally: ReadonlySignal<Held['tally']>;
  /** What a screen reader is told next. */
  readonly announcement: ReadonlySignal<string>;
  /** A run was asked for and has not shown up yet. */
  readonly starting: ReadonlySignal<boolean>;
  /** Answers on their way, by signal. */
  readonly sent: ReadonlySignal<ReadonlySet<string>>;
  /** Milliseconds since 1970. */
  readonly now: ReadonlySignal<number>;
  readonly drafts: Signal<Drafts>;
  /** What is searched for in the open run's conversation; undefined: the search is closed. */
  readonly filter: Signal<Filter | undefined>;
  /** The open run's plan is shown as a graph. */
  readonly asGraph: Signal<boolean>;
  readonly folds: Signal<Folds>;
  /** What is read in the open run. The page writes it, and begins with it. */
  readonly seen: Signal<Seen | undefined>;
  /** The same of the column beside the talk. */
  readonly seenBeside: Signal<Seen | undefined>;
  /** The task that is to be shown open in the plan. */
  readonly shownTask: Signal<string | undefined>;
  /** The open question whose card is to get the focus; its card takes it from here. */
  readonly shownNeed: Signal<string | undefined>;
  /** Images and files of the goal that is being written. The editor keeps them while its window lives. */
  readonly given: ReadonlySignal<Given>;
  /** Why the last that was given was not taken. */
  readonly giveProblem: Signal<string | undefined>;
}

/** What a person can make the page do. */
export interface PanelActions {
  post(request: PanelRequest): void;
  start(what: { readonly goal: string; readonly mode: Drafts['mode']; readonly demo: boolean }): void;
  /** What goes with the goal is now that. */
  give(given: Given): void;
  /** Answers an open question of the open run; `value` is what `protocol/answers` says of its kind. */
  answer(signal: string, value: unknown): void;
  /** Shows the start page at once; the run goes on. */
  close(): void;
  dismissError(): void;
  /** Tells who listens what else came of something that they did; an empty text says nothing. */
  announce(text: string): void;
}

export type Panel = PanelState & PanelActions;

/** Longest wait for a snapshot before it is asked for again, in milliseconds. */
const SNAPSHOT_WAIT_MS = 3000;

interface Life {
  readonly host: Host;
  readonly page: Window;
  /** The run that was open when the page was there the last time. */
  readonly saved: string | undefined;
  readonly held: Signal<Held>;
  readonly drafts: Signal<Drafts>;
  readonly reading: { readonly [part in keyof Reading]: Signal<Reading[part]> };
  readonly shownTask: Signal<string | undefined>;
  readonly shownNeed: Signal<string | undefined>;
  readonly given: Signal<Given>;
  readonly giveProblem: Signal<string | undefined>;
  readonly starting: Signal<boolean>;
  readonly announcement: Signal<string>;
  readonly onTheWay: OnTheWay;
}

/** Begins to listen and says `ready`. Lives as long as the page. */
export function openPanel(host: Host, page: Window): Panel {
  const saved = thaw(host.saved());
  const life: Life = {
    host,
    page,
    saved: saved.run,
    held: signal(EMPTY),
    drafts: signal(saved.drafts),
    reading: signalsOf(saved.reading),
    shownTask: signal(undefined),
    shownNeed: signal(undefined),
    given: signal(NOTHING),
    giveProblem: signal(undefined),
    starting: signal(false),
    announcement: signal(''),
    onTheWay: answersOnTheWay(page),
  };
  const state = stateOf(life);
  listen(life);
  persist(life);
  host.post({ type: 'ready' });
  watchFocus(page, (isWithin) => host.post({ type: 'focus', isWithin }));
  return { ...state, ...actionsOf(life) };
}

const signalsOf = ({ filter, asGraph, folds, seen, seenBeside }: Reading): Life['reading'] => ({
  ...{ filter: signal(filter), asGraph: signal(asGraph), folds: signal(folds) },
  ...{ seen: signal(seen), seenBeside: signal(seenBeside) },
});

function stateOf({
  held,
  drafts,
  reading,
  shownTask,
  shownNeed,
  given,
  giveProblem,
  starting,
  announcement,
  onTheWay,
  page,
}: Life): PanelState {
  const view = computed(() => held.value.view);
  const ticking = computed(() => view.value === null || (view.value !== undefined && isActive(view.value)));
  return {
    context: computed(() => held.value.context),
    view,
    owned: computed(() => held.value.owned),
    live: computed(() => held.value.live.replies),
    tests: computed(() => held.value.live.tests),
    error: computed(() => held.value.error),
    checked: computed(() => held.value.checked),
    mentions: computed(() => held.value.mentions),
    pictures: computed(() => held.value.pictures),
    tally: computed(() => held.value.tally),
    announcement,
    starting,
    sent: onTheWay.names,
    now: pageClock(page, ticking),
    drafts,
    ...reading,
    shownTask,
    shownNeed,
    given,
    giveProblem,
  };
}

function actionsOf({ host, page, held, starting, onTheWay, given, announcement }: Life): PanelActions {
  const dismissed = (): Held => ({ ...held.value, error: undefined });
  return {
    post: (request) => host.post(request),
    start({ goal, mode, demo }) {
      starting.value = true;
      page.setTimeout(() => (starting.value = false), ANSWER_WAIT_MS);
      held.value = dismissed();
      const { images, files } = given.value;
      host.post({
        ...{ type: 'run.start', goal, mode, demo },
        ...(images.length > 0 && { images: [...images] }),
        ...(files.length > 0 && { files: [...files] }),
      });
    },
    give(next) {
      given.value = next;
      host.post({ type: 'given.keep', images: [...next.images], files: [...next.files] });
    },
    answer(name, value) {
      const run = held.value.view?.id;
      if (run === undefined) return;
      onTheWay.add(name);
      host.post({ type: 'answer', run, signal: name, value });
    },
    close() {
      announcement.value = '';
      held.value = { ...dismissed(), view: null };
      host.post({ type: 'run.close' });
    },
    dismissError: () => (held.value = dismissed()),
    announce(text) {
      if (text !== '') announcement.value = text;
    },
  };
}

function listen(life: Life): void {
  const { page, held } = life;
  const takePiece = collectPerFrame<Piece & { readonly run: string }>(page, (pieces) => {
    const ours = pieces.filter(({ run }) => run === held.value.view?.id);
    const live = appendPieces(held.value.live, ours);
    if (live !== held.value.live) held.value = { ...held.value, live };
  });
  page.addEventListener('message', ({ data, origin }: MessageEvent<unknown>) => {
    if (origin !== page.origin || !isUpdate(data)) return;
    if (data.type === 'stream') {
      takePiece(data);
      return;
    }
    if (data.type === 'show') {
      show(life, data);
      return;
    }
    if (data.type === 'given') {
      takeGiven(life, data);
      return;
    }
    const before = held.value;
    batch(() => {
      held.value = receive(before, data);
      afterwards(life, before);
    });
    if (data.type === 'error') rejected(life);
    if (held.value.gap && !before.gap) askForSnapshot(life);
  });
}

/** What came to the goal by the editor: a dialog, a menu, or a drop that it looked at. */
function takeGiven({ given, giveProblem, drafts }: Life, update: PanelUpdate & { type: 'given' }): void {
  const { images, files, mentions, problem } = update;
  batch(() => {
    given.value = { images, files };
    giveProblem.value = problem;
    drafts.value = { ...drafts.value, goal: withMentions(drafts.value.goal, mentions) };
  });
}

/** Where a command of the editor leads: to an open question, to the search, or to the plan, opened to be changed. */
function show(life: Life, { run, place }: PanelUpdate & { type: 'show' }): void {
  const { view } = life.held.value;
  const { filter } = life.reading;
  if (view?.id !== run) return;
  if (place === 'search') filter.value = { ...(filter.value ?? NO_FILTER), called: {} };
  else if (place === 'plan') showPlan(life, view);
  else life.shownNeed.value = place.need;
}

function showPlan({ drafts }: Life, view: RunView): void {
  const run = view.id;
  const open = view.needs.find(({ ask }) => ask.kind === 'plan')?.signal;
  const signal = open ?? (isLivePlan(view) ? LIVE_PLAN : undefined);
  const { plan: edited } = drafts.value;
  if (signal === undefined) return;
  if (edited?.run === run && edited.signal === signal) return;
  const plan = planUnder(view, signal);
  if (plan === undefined) return;
  drafts.value = { ...drafts.value, plan: { run, signal, plan, base: planEssence(plan) } };
}

/** Another run is read from its end, as all runs are at first. */
function beginReading({ filter, asGraph, folds, seen, seenBeside }: Life['reading']): void {
  filter.value = NO_READING.filter;
  asGraph.value = NO_READING.asGraph;
  folds.value = NO_READING.folds;
  seen.value = NO_READING.seen;
  seenBeside.value = NO_READING.seenBeside;
}

/** What follows from a changed view besides showing it. */
function afterwards(life: Life, before: Held): void {
  const { held, drafts, given, starting, announcement, onTheWay } = life;
  const { view } = held.value;
  if (!view || view === before.view) return;
  if (starting.value && view.id !== before.view?.id) {
    starting.value = false;
    const { goal, history } = drafts.value;
    drafts.value = {
      ...drafts.value,
      goal: '',
      history: goal.trim() === '' ? history : remembered(history, goal.trim()),
    };
    given.value = NOTHING;
  }
  const known = before.view === undefined ? life.saved : before.view?.id;
  if (view.id !== known) beginReading(life.reading);
  const asked = view.needs.map(({ signal }) => signal);
  const open = new Set(isLivePlan(view) ? [...asked, LIVE_PLAN] : asked);
  onTheWay.keepOnly(open);
  drafts.value = withoutAnswered(drafts.value, view.id, open);
  const edited = drafts.value.plan;
  if (edited && view.id !== before.view?.id)
    drafts.value = withoutOutdated(drafts.value, view.id, planUnder(view, edited.signal));
  const told = news(before.view, view);
  // What was told of another run is not true of this one.
  if (told.length > 0 || view.id !== before.view?.id) announcement.value = told.join('. ');
}

/** The editor refused something: what was waited for may be tried again. */
function rejected({ starting, onTheWay }: Life): void {
  starting.value = false;
  onTheWay.keepOnly(new Set());
}

function askForSnapshot(life: Life): void {
  const { gap, view } = life.held.value;
  if (!gap || !view) return;
  life.host.post({ type: 'ready' });
  life.page.setTimeout(() => askForSnapshot(life), SNAPSHOT_WAIT_MS);
}

/** Keeps drafts, the open run and where it is read with the host; until the first snapshot the run of the last time counts as open. */
function persist({ host, saved, held, drafts, reading }: Life): void {
  const run = computed(() => {
    const { view } = held.value;
    return view === undefined ? saved : view?.id;
  });
  effect(() => {
    const { filter, asGraph, folds, seen, seenBeside } = reading;
    const read: Reading = {
      ...{ filter: filter.value, asGraph: asGraph.value, folds: folds.value },
      ...{ seen: seen.value, seenBeside: seenBeside.value },
    };
    host.save(freeze({ run: run.value, drafts: drafts.value, reading: read }));
  });
}
