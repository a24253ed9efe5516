/** Text files that a person gives with a goal. */
import * as z from 'zod';
import { ATTACHED_BYTES_MAX, ATTACHED_MAX } from './attached-text.ts';

/** A text as it comes from a person. */
export const GoalFile = z.object({
  /** Its file's name, without folders. */
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^/\\]+$/u),
  text: z.string().max(ATTACHED_BYTES_MAX),
  /** The person was asked and wants it told, although its name is one that keys are kept under. */
  allowed: z.boolean().optional(),
});
export type GoalFile = z.infer<typeof GoalFile>;

export const GoalFiles = z.array(GoalFile).max(ATTACHED_MAX);

/** The same as a journal has it and models are told it. */
export const AttachedFile = z.object({
  name: z.string(),
  text: z.string(),
  /** Values in it that were taken for secrets and left out; absent: none. */
  withheld: z.number().int().optional(),
  /** It comes from where keys are kept: only endpoints are told that may be. */
  class: z.literal('secret').optional(),
});
export type AttachedFile = z.infer<typeof AttachedFile>;
