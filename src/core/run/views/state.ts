/** The fold: a journal's lines in, the state of the run out (I4). Every view stands on it. */
import * as z from 'zod';
import { EVENT_DATA, type EventData, type JournalLine } from '../../../protocol/events.ts';
import type { RunSettings } from '../../../protocol/settings.ts';
import type { ChangesView, FeedItem, RunStatus, RunView } from '../../../protocol/view.ts';
import { isLater } from '../journal/engine-version.ts';
import { createLedger } from '../budget/ledger.ts';
import { tellLeftOut } from './left-out.ts';
import { askedOf } from './state-asked.ts';
import { feedOf, type FeedEntry } from './state-feed.ts';
import { loaded, registryAfter } from './state-registry.ts';
import { NO_TEAM, teamAfter, waitsIn } from './state-team.ts';
import { suggestionsAfter, sumUsd } from './state-plans.ts';
import {
  addSpent,
  beganFrom,
  agentsAfter,
  mergesAfter,
  NO_SPENT,
  tasksAfter,
  type StepStart,
} from './state-parts.ts';

/** A run's state while lines come in. Kept by whoever follows a journal. */
export interface RunFold {
  apply(line: JournalLine): void;
  /** The state now; undefined before `run.started`. */
  view(): RunView | undefined;
}

/** Steps of models that a view remembers to have ended (I10): more than end between two of its readings. */
const ENDED_MAX = 24;

const ENDS: ReadonlySet<JournalLine['type']> = new Set(['step.finished', 'step.failed', 'merge.finished']);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** `feed: false` leaves the conversation out, which is most of what a fold holds. */
export function createFold({ feed: feeds = true }: { readonly feed?: boolean } = {}): RunFold {
  let view: Mutable<RunView> | undefined;
  const starts = new Map<string, StepStart>();
  const feed: FeedItem[] = [];
  const places = new Map<string, number>();
  const ledger = createLedger();

  const put = (entry: FeedEntry): void => {
    const place = entry.slot === undefined ? undefined : places.get(entry.slot);
    if (place !== undefined) feed[place] = entry.item;
    else {
      if (entry.slot !== undefined) places.set(entry.slot, feed.length);
      feed.push(entry.item);
    }
  };

  const take = (view: Mutable<RunView>, line: JournalLine): void => {
    const start = line.key === undefined ? undefined : starts.get(line.key);
    if (line.type === 'step.started' && line.key !== undefined)
      starts.set(line.key, { seq: line.seq, at: line.at, data: line.data });
    // A merge is told after its step, under the same key.
    const isOver = line.type === 'merge.finished' || start?.data.kind !== 'merge';
    if (isOver && ENDS.has(line.type)) starts.delete(line.key ?? '');
    const entry = feeds ? feedOf(line, start, feedItem(feed, places, line)) : undefined;
    if (entry) put(entry);
    const asked = feeds ? askedOf(line, needOf(view, line)) : undefined;
    if (asked) put({ item: asked });
    if (feeds) share(view, line, start);
    if (line.type === 'run.paused') interrupt(feed);
    advance(view, line, start);
    ledger.apply(line);
  };

  return {
    apply(line) {
      if (!view) {
        if (line.type === 'run.started') view = begin(line);
        else return;
      }
      if (isStrange(line, view)) view.strange = withStrange(view.strange, line);
      else
        try {
          take(view, line);
        } catch {
          view.strange = withStrange(view.strange, line);
        }
      view.lastSeq = line.seq;
      view.updatedAt = line.at;
      view.status = statusOf(view);
    },
    view: () => (view ? { ...view, ...teamOf(view), feed: [...feed], ledger: ledger.rows() } : undefined),
  };
}

/**
 * A line that says nothing this version could show: of a kind it does not know, of a shape it does not know where a later version wrote
 * it, or the start of a run in the middle of one.
 */
function isStrange(line: JournalLine, { engine, lastSeq }: RunView): boolean {
  if (!Object.hasOwn(EVENT_DATA, line.type)) return true;
  if (line.type === 'run.started') return line.seq !== lastSeq;
  return isLater(engine) && !EVENT_DATA[line.type].safeParse(line.data).success;
}

const withStrange = (former: RunView['strange'], { seq }: JournalLine): NonNullable<RunView['strange']> => ({
  count: (former?.count ?? 0) + 1,
  first: former?.first ?? seq,
});

/** What the team shares, and what the run has. */
function share(view: Mutable<RunView>, line: JournalLine, start: StepStart | undefined): void {
  view.team = teamAfter(view.team ?? NO_TEAM, line);
  const registry = registryAfter(view.registry, line, start);
  if (registry) view.registry = registry;
}

const teamOf = (view: RunView): Pick<RunView, 'team' | 'registry'> => ({
  ...(view.team && { team: { ...view.team, waits: waitsIn(view, view.team) } }),
  ...(view.registry && { registry: loaded(view.registry, view) }),
});

const needOf = ({ needs }: RunView, { key }: JournalLine): RunView['needs'][number] | undefined =>
  needs.find(({ signal }) => signal === key);

/** A pause ends what was running. */
function interrupt(feed: FeedItem[]): void {
  for (const [index, item] of feed.entries()) {
    if (item.kind === 'tool' && item.state === 'running') feed[index] = { ...item, state: 'interrupted' };
  }
}

function feedItem(
  feed: readonly FeedItem[],
  places: ReadonlyMap<string, number>,
  line: JournalLine,
): FeedItem | undefined {
  const place = line.key === undefined ? undefined : places.get(line.key);
  return place === undefined ? undefined : feed[place];
}

function begin(line: JournalLine & { type: 'run.started' }): Mutable<RunView> {
  const { data } = line;
  return {
    id: data.run,
    goal: data.goal,
    mode: data.mode,
    demo: data.demo,
    status: 'planning',
    startedAt: line.at,
    updatedAt: line.at,
    lastSeq: line.seq,
    engine: data.engine,
    suggestions: [],
    tasks: [],
    agents: [],
    needs: [],
    active: [],
    feed: [],
    spent: NO_SPENT,
    budget: data.settings.budget,
    ...(data.settings.policy && { autonomy: data.settings.policy.autonomy }),
    ledger: [],
    evidence: {},
    ...pickedIn(data.settings),
    ...givenIn(data),
    ...(data.imported && { imported: data.imported }),
    ...(data.follows !== undefined && { follows: data.follows }),
    ...(data.carried && { carried: data.carried }),
    ...(data.forked && { forked: { ...data.forked, spent: NO_SPENT } }),
  };
}

function givenIn({ images = [], attached = [] }: EventData<'run.started'>): Pick<RunView, 'given'> {
  const given = [
    ...images.map(({ name, bytes }) => ({ name, bytes })),
    ...attached.map(({ name, text, withheld }) => ({
      name,
      bytes: text.length,
      ...(withheld !== undefined && { withheld }),
    })),
  ];
  return given.length === 0 ? {} : { given };
}

function pickedIn({ picked, endpoints }: RunSettings): Pick<RunView, 'picked'> {
  const endpoint = endpoints.find(({ id }) => id === picked);
  return endpoint === undefined ? {} : { picked: endpoint.label ?? endpoint.model };
}

function advance(view: Mutable<RunView>, line: JournalLine, start: StepStart | undefined): void {
  view.tasks = tasksAfter(view.tasks, line, start);
  view.agents = agentsAfter(view.agents, line, start);
  const merges = mergesAfter(view.merges, line, start);
  if (merges) view.merges = merges;
  const began = beganFrom(line);
  if (began !== undefined) view.start = began;
  if (line.type === 'run.upgraded') view.engine = line.data.engine;
  advanceSteps(view, line);
  advanceStory(view, line);
  view.suggestions = suggestionsAfter(view.suggestions ?? [], line);
  advanceChanges(view, line);
}

function advanceSteps(view: Mutable<RunView>, line: JournalLine): void {
  const key = line.key ?? '';
  if (line.type === 'step.started') {
    const { kind, title, who } = line.data;
    view.active = [...without(view.active, key), { key, kind, title, since: line.at, ...(who && { who }) }];
    view.ended = (view.ended ?? []).filter((ended) => ended !== key);
  }
  if (line.type !== 'step.finished' && line.type !== 'step.failed') return;
  if (view.active.some((step) => step.key === key && step.kind === 'model'))
    view.ended = [...(view.ended ?? []), key].slice(-ENDED_MAX);
  view.active = without(view.active, key);
  const { spent } = line.data;
  if (!spent) return;
  if (view.forked && line.seq <= view.forked.seq)
    view.forked = { ...view.forked, spent: addSpent(view.forked.spent, spent) };
  else view.spent = addSpent(view.spent, spent);
}

function without(active: RunView['active'], key: string): RunView['active'] {
  return active.filter((step) => step.key !== key);
}

function advanceStory(view: Mutable<RunView>, line: JournalLine): void {
  const key = line.key ?? '';
  switch (line.type) {
    case 'signal.opened':
      view.needs = [...view.needs, { signal: key, ask: line.data, at: line.at }];
      break;
    case 'signal.received':
    case 'signal.withdrawn':
      view.needs = view.needs.filter((need) => need.signal !== key);
      if (line.type === 'signal.received' && CHANGE_KEY.test(key))
        view.changed = { count: (view.changed?.count ?? 0) + 1, problems: [] };
      break;
    case 'change.refused':
      view.changed = { count: view.changed?.count ?? 0, problems: line.data.problems };
      break;
    case 'hand.kept':
      view.kept = [...(view.kept ?? []), { ...line.data, id: line.seq }];
      break;
    case 'settings.changed':
      if (line.data.budget) view.budget = line.data.budget;
      if (line.data.autonomy) view.autonomy = line.data.autonomy;
      break;
    case 'plan.proposed':
      view.plan = {
        revision: line.data.revision,
        spec: line.data.plan,
        decided: 'open',
        problems: line.data.problems,
        costUsd: line.data.costUsd,
        ...(line.data.estimates && { estimates: line.data.estimates }),
        ...(view.plan?.decided === 'approved' && { former: view.plan.spec }),
      };
      break;
    case 'plan.decided':
      if (view.plan)
        view.plan = {
          ...view.plan,
          revision: line.data.revision < REWORK ? line.data.revision : view.plan.revision,
          spec: line.data.plan,
          decided: line.data.approved ? 'approved' : 'rejected',
          ...(line.data.estimates && {
            estimates: line.data.estimates,
            costUsd: sumUsd(line.data.estimates),
          }),
        };
      break;
    case 'run.draining':
      view.draining = true;
      break;
    case 'run.paused':
      delete view.draining;
      view.paused = { reason: line.data.reason, message: line.data.message };
      view.active = [];
      break;
    case 'run.resumed':
      delete view.paused;
      delete view.draining;
      if (line.data.budget) view.budget = line.data.budget;
      break;
    case 'run.finished':
      view.finished = line.data;
      Object.assign(view, tellLeftOut(view));
      delete view.draining;
      view.needs = [];
      view.active = [];
      break;
    default:
  }
}

function advanceChanges(view: Mutable<RunView>, line: JournalLine): void {
  switch (line.type) {
    case 'tests.found':
      view.tests = line.data;
      break;
    case 'gate.finished':
      if (line.data.scope !== 'task')
        view.evidence = { ...view.evidence, [line.data.scope]: line.data.report };
      break;
    case 'changes.proposed':
      view.changes = line.data;
      break;
    case 'changes.decided':
      if (view.changes) view.changes = { ...view.changes, decided: line.data };
      break;
    case 'step.started':
      if (view.changes) view.changes = writtenBy(view.changes, line.data);
      break;
    case 'changes.applied':
      if (view.changes) view.changes = { ...view.changes, applied: line.data.files, undone: false };
      break;
    case 'changes.committed':
      if (view.changes) view.changes = { ...view.changes, committed: line.data };
      break;
    case 'changes.undone':
      if (view.changes) view.changes = { ...view.changes, undone: true };
      break;
    case 'summary.written':
      view.summary = line.data;
      break;
    case 'answer.written':
      view.answer = line.data;
      break;
    default:
  }
}

/** What a step that writes to the workspace notes of its input. */
const WriteNote = z.object({ now: z.string(), tree: z.string() });

function writtenBy(changes: ChangesView, { kind, input }: EventData<'step.started'>): ChangesView {
  const note = kind === 'apply' ? WriteNote.safeParse(input) : undefined;
  if (!note?.success) return changes;
  return { ...changes, written: { before: note.data.now, after: note.data.tree } };
}

/** What a person changes has such a key, in a later life with more before it. */
const CHANGE_KEY = /(?:^|\/)change\/\d+$/u;
/** Plans that only add a task for what was sent back are numbered from here. */
const REWORK = 1000;

function statusOf(view: RunView): RunStatus {
  if (view.finished) return view.finished.outcome === 'failed' ? 'failed' : 'finished';
  if (view.paused) return 'paused';
  if (view.needs.some((need) => need.ask.kind === 'review' || need.ask.kind === 'apply')) return 'reviewing';
  if (view.needs.length > 0 && view.active.length === 0) return 'waiting';
  if (view.mode === 'team' && view.plan?.decided !== 'approved')
    return view.needs.length > 0 ? 'waiting' : 'planning';
  return 'working';
}
