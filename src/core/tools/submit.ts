/** The `submit_*` tools: how an agent's task ends. Their checked arguments are the hand-over. */
import type * as z from 'zod';
import {
  AnswerHandover,
  DiagnosisHandover,
  FindingsHandover,
  ResultHandover,
  ReviewHandover,
  SummaryHandover,
} from '../../protocol/handover.ts';
import { SubmittedPlan } from '../../protocol/plan.ts';
import { defineTool, type Tool } from './contract.ts';

function submit<A>(name: string, description: string, args: z.ZodType<A>): Tool {
  return defineTool({
    name,
    description,
    args,
    effect: 'submit',
    title: () => name.replace('_', ' '),
    subject: () => ({}),
  });
}

export const SUBMIT_TOOLS: readonly Tool[] = [
  submit(
    'submit_plan',
    'Hand over the plan. Few tasks, each with acceptance criteria and the files it may write; independent tasks run in parallel. One task is right for a small goal.',
    SubmittedPlan,
  ),
  submit('submit_findings', 'Hand over what you found, with sources as path:line.', FindingsHandover),
  submit('submit_result', 'The task is finished: the tests are run and the change reviewed.', ResultHandover),
  submit(
    'submit_diagnosis',
    'Hand over why the tests fail, per failing test, and what to do.',
    DiagnosisHandover,
  ),
  submit(
    'submit_review',
    'Hand over the review: approve, or request changes with comments at lines of the new text.',
    ReviewHandover,
  ),
  submit('submit_answer', 'Answer the question.', AnswerHandover),
  submit('submit_summary', 'Hand over the summary of the whole change in Markdown.', SummaryHandover),
];
