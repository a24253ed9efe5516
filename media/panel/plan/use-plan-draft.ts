import { useEffect, useMemo } from 'preact/hooks';
import type { PlanSpec } from '../../../src/protocol/plan.ts';
import { planEssence } from '../../../src/protocol/plan-change.ts';
import type { Requirement } from '../../../src/protocol/registry.ts';
import { suggestionFor } from '../../../src/protocol/suggestion.ts';
import { usePanel } from '../parts/use-panel.ts';
import { useRun, useRunNow } from '../run/use-run.ts';
import { ROLES } from '../state/names.ts';
import { draftProblems, type DraftProblem } from '../state/plan-draft.ts';
import { planUnder, wholePlan } from '../state/suggestions.ts';

export interface PlanDraftHandle {
  /** The plan as edited; undefined while nobody edits it. */
  readonly plan: PlanSpec | undefined;
  /** What keeps it from being approved. */
  readonly problems: readonly DraftProblem[];
  begin(): void;
  discard(): void;
  change(plan: PlanSpec): void;
}

/** Wait after the last key press before the editor is asked to check, in milliseconds. */
const CHECK_DELAY_MS = 250;

let lastToken = 0;

/** The person's edit of the plan that waits under `signal`. It survives the page. */
export function usePlanDraft(signal: string): PlanDraftHandle {
  const { drafts, checked } = usePanel();
  const run = useRun(({ id }) => id);
  const proposed = useRun((view) => planUnder(view, signal));
  const draft = drafts.value.plan;
  const edit = (edited: PlanSpec, base: string): void => {
    drafts.value = { ...drafts.value, plan: { run, signal, plan: edited, base } };
  };
  const plan = draft?.run === run && draft.signal === signal ? draft.plan : undefined;
  const own = useMemo(() => (plan ? draftProblems(plan) : []), [plan]);
  const told = checked.value?.token === lastToken ? checked.value.problems : [];
  return {
    plan,
    problems: plan === undefined || own.length > 0 ? own : told.map((text) => ({ text })),
    begin: () => proposed && edit(proposed, planEssence(proposed)),
    discard: () => (drafts.value = { ...drafts.value, plan: undefined }),
    change: (edited) => edit(edited, draft?.base ?? planEssence(edited)),
  };
}

/**
 * Has the editor check the plan a moment after each edit that the page itself finds nothing wrong with. Of sub-tasks that are suggested
 * it checks the plan that they would be part of.
 */
export function usePlanCheck(plan: PlanSpec, signal: string): void {
  const { post, sent } = usePanel();
  const now = useRunNow();
  useEffect(() => {
    lastToken += 1;
    const token = lastToken;
    if (draftProblems(plan).length > 0) return undefined;
    const view = now();
    const whole = wholePlan(view, suggestionFor(view, signal), plan) ?? plan;
    const timer = setTimeout(() => {
      // What is handed in is checked where it arrives.
      if (!sent.value.has(signal)) post({ type: 'plan.check', token, run: view.id, plan: whole });
    }, CHECK_DELAY_MS);
    return () => clearTimeout(timer);
  }, [plan]);
}

/** Until the editor has told. */
const READERS = ['researcher', 'reviewer'];

/** What may be chosen for a task, and what is to be known of the plan as it stands. */
export interface Choices {
  readonly roles: readonly string[];
  /** Roles that only read. */
  readonly readers: readonly string[];
  readonly models: readonly string[];
  readonly notes: readonly string[];
  /** What tasks require, each with what serves it or who lacks what. */
  readonly requirements: readonly Requirement[];
}

/** As the editor told with its last check, also where the plan has changed since. */
export function useChoices(): Choices {
  const { checked } = usePanel();
  const {
    roles = ROLES,
    readers = READERS,
    models = [],
    notes = [],
    requirements = [],
  } = checked.value ?? {};
  return { roles, readers, models, notes, requirements };
}
