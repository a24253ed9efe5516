/** What is kept of a workspace's tests between runs, beside its runs and never in it. */
import * as z from 'zod';

/** What a person said of the test command. `set`: it is used. `confirmed`: it was found, and is what they want. */
export const KeptCommand = z.object({
  command: z.string().min(1).max(2000),
  how: z.enum(['set', 'confirmed']),
  /** Milliseconds since 1970. */
  at: z.number(),
});
export type KeptCommand = z.infer<typeof KeptCommand>;

/** One time that a test failed and passed on the same files. */
const Sighting = z.object({
  run: z.string(),
  at: z.number(),
  /** Runs of the same files in which it passed, and failed. */
  passed: z.number().int(),
  failed: z.number().int(),
});

/** A test whose result depends on chance, with the evidence. */
export const QuarantinedTest = z.object({ id: z.string(), sightings: z.array(Sighting).min(1) });
export type QuarantinedTest = z.infer<typeof QuarantinedTest>;

export const TestsKept = z.object({
  version: z.literal(1).default(1),
  command: KeptCommand.optional(),
  quarantine: z.array(QuarantinedTest).default([]),
});
export type TestsKept = z.infer<typeof TestsKept>;
