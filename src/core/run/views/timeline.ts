/** The fold of a journal along its time: who worked when, who waited for the person, who told whom (I4). */
import type { Actor, JournalLine } from '../../../protocol/events.ts';
import type { PlanSpec } from '../../../protocol/plan.ts';
import type {
  ArrowView,
  LaneView,
  MarkView,
  SpanView,
  Timeline,
  WaitView,
} from '../../../protocol/timeline.ts';
import { limitText } from './limit-text.ts';
import { DRAINING } from './state-feed.ts';

export interface TimelineFold {
  apply(line: JournalLine): void;
  /** Undefined before `run.started`. */
  timeline(): Timeline | undefined;
}

interface Story {
  started: (JournalLine & { type: 'run.started' }) | undefined;
  last: { seq: number; at: number };
  still: boolean;
  plan: PlanSpec | undefined;
  readonly lanes: Map<string, LaneView>;
  readonly spans: SpanView[];
  /** Places in `spans` of steps that run, by key. */
  readonly running: Map<string, number>;
  readonly waits: WaitView[];
  readonly asked: Map<string, number>;
  readonly arrows: ArrowView[];
  readonly marks: MarkView[];
  readonly offsets: number[];
}

export function createTimelineFold(): TimelineFold {
  const story: Story = {
    started: undefined,
    last: { seq: 0, at: 0 },
    still: false,
    plan: undefined,
    lanes: new Map(),
    spans: [],
    running: new Map(),
    waits: [],
    asked: new Map(),
    arrows: [],
    marks: [],
    offsets: [],
  };
  return {
    apply: (line) => {
      try {
        take(story, line);
      } catch {
        // A line of a later version that says it in another way leaves no bar.
      }
    },
    timeline: () => timelineOf(story),
  };
}

function take(story: Story, line: JournalLine): void {
  if (line.type === 'run.started') story.started ??= line;
  if (story.started === undefined) return;
  story.last = { seq: line.seq, at: line.at };
  story.offsets.push(Math.max(0, line.at - story.started.at));
  takeStep(story, line);
  takeWait(story, line);
  takePlan(story, line);
  takeMessage(story, line);
  const mark = markOf(story, line);
  if (mark) story.marks.push({ id: line.seq, at: line.at, ...mark });
  if (line.type === 'run.paused' || line.type === 'run.finished') interrupt(story, line);
  story.still = isStill(story, line);
}

function isStill(story: Story, { type }: JournalLine): boolean {
  if (type === 'run.paused' || type === 'run.finished') return true;
  return type === 'run.resumed' || type === 'step.started' ? false : story.still;
}

/** The row that somebody's deeds stand in; it comes to be with the first of them. */
function laneOf({ lanes }: Story, { role, task }: Pick<Actor, 'role' | 'task'>): string {
  const id = `${task ?? ''}/${role}`;
  if (!lanes.has(id)) lanes.set(id, { id, role, ...(task !== undefined && { task }) });
  return id;
}

const HOST: Actor = { role: 'host' };

function takeStep(story: Story, line: JournalLine): void {
  const key = line.key ?? '';
  if (line.type === 'step.started') {
    const { kind, title, who = HOST } = line.data;
    story.running.set(key, story.spans.length);
    story.spans.push({
      id: line.seq,
      kind,
      title,
      lane: laneOf(story, who),
      ...(who.attempt !== undefined && who.attempt > 1 && { attempt: who.attempt }),
      from: line.at,
      state: 'running',
    });
  }
  if (line.type !== 'step.finished' && line.type !== 'step.failed') return;
  const place = story.running.get(key);
  const span = place === undefined ? undefined : story.spans[place];
  if (place === undefined || span === undefined) return;
  story.running.delete(key);
  const { spent } = line.data;
  const wentWrong = line.type === 'step.failed' || (line.data.facts?.state ?? 'ok') !== 'ok';
  story.spans[place] = {
    ...span,
    to: line.at,
    state: wentWrong ? 'failed' : 'ok',
    ...(spent && { tokens: spent.inputTokens + spent.outputTokens, costUsd: spent.costUsd }),
    ...(spent?.endpoint !== undefined && { endpoint: spent.endpoint }),
  };
}

/** A pause or the end of a run ends what was running. */
function interrupt(story: Story, { at }: JournalLine): void {
  for (const place of story.running.values()) {
    const span = story.spans[place];
    if (span) story.spans[place] = { ...span, to: at, state: 'interrupted' };
  }
  story.running.clear();
}

function takeWait(story: Story, line: JournalLine): void {
  const name = line.key ?? '';
  if (line.type === 'signal.opened') {
    const { kind, title, who } = line.data;
    const lane = laneOf(story, who ?? { role: 'person' });
    story.asked.set(name, story.waits.length);
    story.waits.push({ id: line.seq, kind, title, lane, from: line.at });
  }
  if (line.type !== 'signal.received') return;
  const place = story.asked.get(name);
  const wait = place === undefined ? undefined : story.waits[place];
  if (place === undefined || wait === undefined) return;
  story.asked.delete(name);
  story.waits[place] = { ...wait, to: line.at };
}

function takePlan(story: Story, line: JournalLine): void {
  if (line.type === 'plan.proposed' || line.type === 'plan.decided') story.plan = line.data.plan;
  if (line.type === 'run.upgraded' && line.data.plan) story.plan = line.data.plan;
}

/** Characters of a message that are told of it. */
const MESSAGE_CHARS_MAX = 300;

function takeMessage(story: Story, line: JournalLine): void {
  if (line.type !== 'message.posted') return;
  const { from, to, text, task } = line.data;
  story.arrows.push({
    id: line.seq,
    at: line.at,
    from: partyLane(story, from, task),
    to: partyLane(story, to, task),
    text: text.length > MESSAGE_CHARS_MAX ? `${text.slice(0, MESSAGE_CHARS_MAX - 1)}…` : text,
  });
}

/** The row of whoever a message names: a role of the task, a role of the run, or the author of a task. */
function partyLane(story: Story, name: string, task: string | undefined): string {
  const role = name.split(/[/#:@]/u, 1)[0] ?? name;
  const lanes = [...story.lanes.values()];
  const spec = story.plan?.tasks.find(({ id }) => id === name);
  if (spec) return laneOf(story, { role: spec.role, task: spec.id });
  const near = lanes.find((lane) => lane.role === role && lane.task === task);
  const any = near ?? lanes.findLast((lane) => lane.role === role);
  return any?.id ?? laneOf(story, { role });
}

type Mark = Omit<MarkView, 'id' | 'at'>;

function markOf(story: Story, line: JournalLine): Mark | undefined {
  const host = (): string => laneOf(story, HOST);
  switch (line.type) {
    case 'plan.proposed':
      return { kind: 'plan', text: `Plan ${line.data.revision} proposed`, tone: 'calm', lane: host() };
    case 'gate.finished':
      return gateMark(story, line);
    case 'review.finished': {
      const approved = line.data.verdict === 'approve';
      const lane = laneOf(story, { role: 'reviewer', task: line.data.task });
      const text = approved ? 'Review: approved' : 'Review: changes requested';
      return { kind: 'review', text, tone: approved ? 'good' : 'warn', lane };
    }
    case 'merge.finished': {
      const clean = line.data.conflicts.length === 0;
      const text = clean ? `Integrated ${line.data.task}` : `Conflicts in ${line.data.conflicts.join(', ')}`;
      return { kind: 'merge', text, tone: clean ? 'calm' : 'warn', lane: host() };
    }
    case 'limit.reached':
      return { kind: 'limit', text: limitText(line.data), tone: 'warn', lane: host() };
    case 'run.draining':
      return { kind: 'pause', text: DRAINING, tone: 'calm', lane: host() };
    case 'run.paused':
      return { kind: 'pause', text: line.data.message, tone: 'warn', lane: host() };
    case 'run.resumed':
      return { kind: 'resume', text: 'The run goes on', tone: 'calm', lane: host() };
    case 'run.finished': {
      const tone = line.data.outcome === 'done' || line.data.outcome === 'answered' ? 'good' : 'bad';
      return { kind: 'finish', text: line.data.message, tone, lane: host() };
    }
    default:
      return undefined;
  }
}

const VERDICT_TONES = { green: 'good', red: 'bad', notProved: 'warn' } as const;

function gateMark(story: Story, line: JournalLine & { type: 'gate.finished' }): Mark {
  const { report, task } = line.data;
  const { passed, failed } = report.totals;
  const lane = laneOf(story, { role: 'qa', ...(task !== undefined && { task }) });
  const text = `Tests ${report.verdict}: ${passed} passed, ${failed} failed`;
  return { kind: 'gate', text, tone: VERDICT_TONES[report.verdict], lane };
}

function timelineOf(story: Story): Timeline | undefined {
  const { started, last, still, plan, lanes, spans, waits, arrows, marks, offsets } = story;
  if (started === undefined) return undefined;
  const { run, goal, mode, demo } = started.data;
  const tasks = (plan?.tasks ?? []).map(({ id, title }) => ({ id, title }));
  return {
    run,
    goal,
    mode,
    demo,
    startedAt: started.at,
    updatedAt: last.at,
    lastSeq: last.seq,
    still,
    tasks,
    lanes: inOrder([...lanes.values()], tasks),
    spans: [...spans],
    waits: [...waits],
    arrows: [...arrows],
    marks: [...marks],
    offsets: [...offsets],
  };
}

/** Who speaks before the tasks, the tasks in the plan's order, who speaks after them. */
function inOrder(lanes: readonly LaneView[], tasks: Timeline['tasks']): readonly LaneView[] {
  const places = new Map(tasks.map(({ id }, at) => [id, at]));
  const rank = ({ task, role }: LaneView): number => {
    if (task !== undefined) return 100 + (places.get(task) ?? tasks.length);
    if (role === 'person') return 0;
    if (role === 'host') return 1;
    return role === 'synthesizer' ? 1000 : 2;
  };
  return lanes.toSorted((one, other) => rank(one) - rank(other));
}
