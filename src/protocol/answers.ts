/** What people answer to a run's signals, by the kind of the question. */
import * as z from 'zod';
import { HandAnswer } from './people.ts';
import { PlanSpec } from './plan.ts';

/** Answer to `plan`: go, go with this edited plan, or not (with a reason for the planner; `end` gives the goal up). */
export const PlanAnswer = z.discriminatedUnion('decision', [
  z.object({ decision: z.literal('approve'), plan: PlanSpec.optional() }),
  z.object({ decision: z.literal('revise'), reason: z.string().min(1).max(4000) }),
  z.object({ decision: z.literal('end') }),
]);
export type PlanAnswer = z.infer<typeof PlanAnswer>;

/** Answer to `permission`. `always`: the same is allowed from now on in this workspace, where the question offers that. */
export const PermissionAnswer = z.object({
  allow: z.boolean(),
  always: z.boolean().optional(),
  reason: z.string().max(2000).optional(),
});
export type PermissionAnswer = z.infer<typeof PermissionAnswer>;

/** Answer to `question`. */
export const QuestionAnswer = z.object({ text: z.string().max(20000) });
export type QuestionAnswer = z.infer<typeof QuestionAnswer>;

/** What a person does not take: a file, or one hunk of it by its id. */
export const Rejection = z.object({
  path: z.string(),
  hunk: z.string().max(100).optional(),
  reason: z.string().max(4000).optional(),
});
export type Rejection = z.infer<typeof Rejection>;

/** Something that the team is to mend, at a place or of the whole change. Lines are those of the proposed text, from 1. */
export const ReviewRemark = z.object({
  path: z.string().max(1000).optional(),
  line: z.number().int().min(0).optional(),
  body: z.string().min(1).max(4000),
});
export type ReviewRemark = z.infer<typeof ReviewRemark>;

/**
 * Answer to `review`. A file in `accepted` is taken but for its hunks in `rejected`. `edited` holds texts as the person left them by
 * hand; they count as accepted. `apply`: take what is accepted; `revise`: take out what is rejected and let the team work on the
 * reasons and remarks; `discard`: take nothing; `choose`: take another candidate's work in the place of the chosen one's, and ask again.
 */
export const ReviewAnswer = z.object({
  decision: z.enum(['apply', 'revise', 'discard', 'choose']),
  /** For `choose`. */
  choice: z.object({ task: z.string(), candidate: z.number().int() }).optional(),
  accepted: z.array(z.string()),
  rejected: z.array(Rejection),
  edited: z.record(z.string(), z.string()).default({}),
  remarks: z.array(ReviewRemark).max(100).optional(),
});
export type ReviewAnswer = z.infer<typeof ReviewAnswer>;

/** Files that cannot be merged with what a person changed meanwhile: the tree as they have it, and one with both versions marked. */
export const ConflictTrees = z.object({
  ours: z.string(),
  marked: z.string(),
  paths: z.array(z.string()),
});
export type ConflictTrees = z.infer<typeof ConflictTrees>;

/** Answer to `apply`: whether to apply. `resolved` holds texts that a person made of conflicting files; others stay as they have them. */
export const ApplyAnswer = z.object({
  apply: z.boolean(),
  resolved: z.record(z.string(), z.string()).optional(),
});
export type ApplyAnswer = z.infer<typeof ApplyAnswer>;

/** The schema of an answer, by the kind of the question. */
export const ANSWERS = {
  plan: PlanAnswer,
  permission: PermissionAnswer,
  question: QuestionAnswer,
  review: ReviewAnswer,
  apply: ApplyAnswer,
  hand: HandAnswer,
} as const;

/** A signal as it lies in a run's inbox. `steer`, `change` and `stop` are taken at any time; the others must be open. */
export const SignalFile = z.object({
  name: z.string().min(1).max(300),
  value: z.unknown(),
  from: z.string().max(200),
});
export type SignalFile = z.infer<typeof SignalFile>;

/** Value of the signal `stop` where it is meant for one owner, so that it does not stop the one that takes over. */
export const StopValue = z.object({
  owner: z.string().optional(),
  /** What is under way may end first. */
  drain: z.boolean().optional(),
});

/** Value of the signal `steer`: a message to the team or to one role, delivered between turns. */
export const SteerValue = z.object({
  text: z.string().min(1).max(24_000),
  to: z.string().max(200).optional(),
  /** A dead letter that is sent again: it stays its author's, with what that one had read. */
  resends: z
    .object({
      key: z.string(),
      from: z.string(),
      task: z.string().optional(),
      tainted: z.string().optional(),
    })
    .optional(),
});
export type SteerValue = z.infer<typeof SteerValue>;
