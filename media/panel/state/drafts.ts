/** What a person has begun and not sent: kept while the view is hidden, moved or reloaded. */
import type { PlanSpec } from '../../../src/protocol/plan.ts';
import { planEssence } from '../../../src/protocol/plan-change.ts';
import { frozenReading, NO_READING, thawReading, type Reading } from './reading.ts';

export type StartMode = 'team' | 'quick' | 'ask';

export interface PlanDraft {
  readonly run: string;
  readonly signal: string;
  readonly plan: PlanSpec;
  /** The plan that it began from, as `planEssence` tells it. */
  readonly base: string;
}

export interface Drafts {
  readonly goal: string;
  readonly mode: StartMode;
  /** Goals that were run, the latest last. */
  readonly history: readonly string[];
  /** By run. */
  readonly steer: Readonly<Record<string, string>>;
  /** By run and signal. */
  readonly answers: Readonly<Record<string, string>>;
  readonly plan: PlanDraft | undefined;
}

export interface Saved {
  readonly run: string | undefined;
  /** Of that run. */
  readonly reading: Reading;
  readonly drafts: Drafts;
}

export const NO_DRAFTS: Drafts = {
  goal: '',
  mode: 'team',
  history: [],
  steer: {},
  answers: {},
  plan: undefined,
};

const VERSION = 1;

/** Most drafts of one kind that are kept; the oldest go first. */
const DRAFTS_MAX = 20;

/** What is handed to the host to keep. */
export const freeze = ({ run, drafts, reading }: Saved): unknown => ({
  ...{ version: VERSION, run, drafts },
  reading: frozenReading(reading),
});

/** What the host kept; nothing where it is of another version or broken. */
export function thaw(state: unknown): Saved {
  const nothing: Saved = { run: undefined, drafts: NO_DRAFTS, reading: NO_READING };
  if (typeof state !== 'object' || state === null) return nothing;
  const { version, run, drafts, reading } = state as { readonly [name in 'version' | keyof Saved]?: unknown };
  if (version !== VERSION || typeof drafts !== 'object' || drafts === null) return nothing;
  const kept = drafts as Partial<Drafts>;
  return {
    run: typeof run === 'string' ? run : undefined,
    reading: thawReading(reading),
    drafts: {
      ...NO_DRAFTS,
      ...kept,
      goal: typeof kept.goal === 'string' ? kept.goal : '',
      history: Array.isArray(kept.history) ? kept.history.filter((each) => typeof each === 'string') : [],
    },
  };
}

/** `drafts` with the text under `name` replaced; an empty text is forgotten. */
export function withText(
  drafts: Readonly<Record<string, string>>,
  name: string,
  text: string,
): Readonly<Record<string, string>> {
  const others = Object.entries(drafts).filter(([key]) => key !== name);
  const all = text === '' ? others : [...others, [name, text] as const];
  return Object.fromEntries(all.slice(-DRAFTS_MAX));
}

/** The name under which the draft of an answer is kept. Ids of runs hold no blanks. */
export const answerName = (run: string, signal: string): string => `${run} ${signal}`;

/**
 * `drafts` without an edit of `run` that began from another plan than `plan`. The editor keeps a page's state only now and then: after a
 * crash an edit that was handed in long ago may be there again.
 */
export function withoutOutdated(drafts: Drafts, run: string, plan: PlanSpec | undefined): Drafts {
  const edit = drafts.plan;
  if (edit?.run !== run || plan === undefined || edit.base === planEssence(plan)) return drafts;
  return { ...drafts, plan: undefined };
}

/** `drafts` without what was begun for questions of `run` that are no longer open. */
export function withoutAnswered(drafts: Drafts, run: string, open: ReadonlySet<string>): Drafts {
  const stays = (name: string): boolean =>
    !name.startsWith(answerName(run, '')) || open.has(name.slice(answerName(run, '').length));
  const answers = Object.entries(drafts.answers).filter(([name]) => stays(name));
  const planGone = drafts.plan?.run === run && !open.has(drafts.plan.signal);
  if (!planGone && answers.length === Object.keys(drafts.answers).length) return drafts;
  return { ...drafts, answers: Object.fromEntries(answers), plan: planGone ? undefined : drafts.plan };
}
