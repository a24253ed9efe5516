/** What a gate found about the tests themselves. */
import * as z from 'zod';

/** A test that the change made weaker. */
export const WeakenedTest = z.object({
  kind: z.string(),
  path: z.string(),
  /** One-based. */
  line: z.number(),
  reason: z.string(),
  test: z.string().optional(),
  /** Nobody asked for it: the gate is red. */
  blocks: z.boolean(),
});

/** A test that failed and passed on the same files. */
export const FlakyTest = z.object({
  id: z.string(),
  /** Runs of the same files in which it passed, and failed. */
  passed: z.number(),
  failed: z.number(),
  /** It fails at times on the base too. */
  known: z.boolean(),
});
