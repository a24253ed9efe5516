import type { VNode } from 'preact';
import type { DraftProblem } from '../state/plan-draft.ts';
import { told } from '../texts.ts';

/** What keeps an edited plan from being taken. */
export function PlanProblems({ problems }: { problems: readonly DraftProblem[] }): VNode | null {
  if (problems.length === 0) return null;
  return (
    <ul class="problems" role="alert">
      {problems.map(({ text }) => (
        <li key={text}>{told(text)}</li>
      ))}
    </ul>
  );
}
