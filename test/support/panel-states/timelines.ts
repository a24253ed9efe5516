/** Runs along their time, made by the fold from journals in memory. */
import type { JournalLine, RunEvent } from '../../../src/protocol/events.ts';
import type { RunRecord } from '../../../src/core/run/views/record.ts';
import { createTimelineFold } from '../../../src/core/run/views/timeline.ts';
import { createFold } from '../../../src/core/run/views/state.ts';
import { momentOf } from '../../../src/editor/run-view/moment.ts';
import { createRunPage, type RunPage } from '../../../src/editor/run-view/page.ts';
import type { RunViewUpdate, Shown } from '../../../src/protocol/run-view.ts';
import { RunSettings } from '../../../src/protocol/settings.ts';
import type { Timeline } from '../../../src/protocol/timeline.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { PLAN, START } from './parts.ts';

type Event = RunEvent & { readonly afterMs: number };

function lineOf({ afterMs, ...event }: Event, at: number): JournalLine {
  return { ...event, v: 1, seq: at + 1, at: START + afterMs, prev: '', sum: '' };
}

const coder = (task: string) => ({ role: 'coder', agent: `task/${task}/attempt/1/coder`, task, attempt: 1 });
const spent = { inputTokens: 900, outputTokens: 100, costUsd: 0.01, calls: 1, endpoint: 'main' };

function begin(): readonly Event[] {
  const settings = RunSettings.parse({
    endpoints: [{ id: 'main', kind: 'scripted', model: 'main' }],
    routes: { default: ['main'] },
  });
  return [
    {
      afterMs: 0,
      type: 'run.started',
      data: {
        run: 'run-7f3a',
        goal: 'Make slugify handle accents',
        mode: 'team',
        settings,
        engine: '3',
        workspace: 'w',
        demo: false,
      },
    },
    {
      afterMs: 10,
      type: 'step.started',
      key: 'base',
      data: { kind: 'base', title: 'Look at the workspace', digest: '' },
    },
    { afterMs: 900, type: 'step.finished', key: 'base', data: {} },
    {
      afterMs: 950,
      type: 'plan.proposed',
      key: 'plan/1',
      data: { revision: 1, plan: PLAN, problems: [], costUsd: 0.4 },
    },
    {
      afterMs: 1000,
      type: 'signal.opened',
      key: 'plan/1',
      data: { kind: 'plan', title: 'Approve the plan' },
    },
    {
      afterMs: 61_000,
      type: 'signal.received',
      key: 'plan/1',
      data: { value: { decision: 'approve' }, from: 'editor' },
    },
    {
      afterMs: 61_010,
      type: 'plan.decided',
      key: 'plan/1',
      data: { revision: 1, approved: true, by: 'person', plan: PLAN },
    },
  ];
}

/** One turn of a coder: it thinks for two seconds, then uses a tool for half a one. */
function turn(task: string, number: number, afterMs: number): readonly Event[] {
  const key = `task/${task}/attempt/1/coder/round/0/turn/${number}`;
  const who = coder(task);
  const call = { tool: 'read_file', args: '{"path":"src/slug.js"}' };
  return [
    {
      afterMs,
      type: 'step.started',
      key: `${key}/model`,
      data: { kind: 'model', title: 'coder is thinking', who, digest: '' },
    },
    {
      afterMs: afterMs + 2000,
      type: 'step.finished',
      key: `${key}/model`,
      data: { output: { content: `Turn ${number} of ${task}` }, spent },
    },
    {
      afterMs: afterMs + 2010,
      type: 'step.started',
      key: `${key}/tool/0`,
      data: { kind: 'tool', title: 'Read src/slug.js', who, digest: '', input: call },
    },
    {
      afterMs: afterMs + 2500,
      type: 'step.finished',
      key: `${key}/tool/0`,
      data: { output: { state: 'ok', text: 'text' } },
    },
  ];
}

const END: readonly RunEvent[] = [
  {
    type: 'fact.noted',
    key: 'normal form/1',
    data: {
      key: 'normal form',
      text: 'NFKD folds ligatures, too.',
      version: 1,
      by: 'coder',
      task: 'accents',
    },
  },
  {
    type: 'message.posted',
    key: 'm',
    data: { from: 'coder', to: 'docs', text: 'Mind the accents.', task: 'accents' },
  },
  {
    type: 'run.paused',
    data: { reason: 'stopped', message: 'You stopped the run; it can go on.', retry: [] },
  },
];

/** A run whose two coders take `turns` turns each, and then a moment of their own. */
export function journalOf(turns: number, over = true): readonly JournalLine[] {
  const work = Array.from({ length: turns }, (_, at) => [
    ...turn('accents', at + 1, 61_100 + at * 2600),
    ...turn('truncate', at + 1, 61_200 + at * 2600),
  ]).flat();
  const afterMs = 61_200 + turns * 2600;
  const end = over ? END.map((event) => ({ ...event, afterMs })) : [];
  const events = [...begin(), ...work, ...end].toSorted((one, other) => one.afterMs - other.afterMs);
  return events.map(lineOf);
}

function timelineOf(lines: readonly JournalLine[]): Timeline {
  const fold = createTimelineFold();
  for (const line of lines) fold.apply(line);
  return fold.timeline() ?? noRun();
}

function viewOf(lines: readonly JournalLine[]): RunView {
  const fold = createFold();
  for (const line of lines) fold.apply(line);
  return fold.view() ?? noRun();
}

function noRun(): never {
  throw new Error('no run');
}

/** What a run view shows of a run that is looked at as it was after line `seq`; without one before any moment has come. */
export const shownOf = (lines: readonly JournalLine[], seq?: number): Shown => ({
  timeline: timelineOf(lines),
  ...(seq !== undefined && { moment: momentOf(seq, viewOf(lines.slice(0, seq))) }),
});

/** The message that shows it to a new page. */
export const wholeOf = (lines: readonly JournalLine[], seq?: number): RunViewUpdate => ({
  ...{ type: 'whole', at: 1 },
  shown: shownOf(lines, seq),
});

/** The editor's side of a run view over a journal that may grow, and what it posted since that was last taken. */
export function talkOf(lines: () => readonly JournalLine[]): RunPage & { taken(): readonly RunViewUpdate[] } {
  const posted: RunViewUpdate[] = [];
  const record: RunRecord = {
    timeline: async () => timelineOf(lines()),
    at: async (seq) => viewOf(lines().slice(0, seq)),
    text: async () => noRun(),
  };
  const page = createRunPage({ record: async () => record, post: (update) => posted.push(update) });
  return { ...page, taken: () => posted.splice(0) };
}
