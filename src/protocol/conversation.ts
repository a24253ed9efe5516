/** What a run that follows another begins with. */
import * as z from 'zod';

/** One run of a conversation, in few words. */
export const Exchange = z.object({
  run: z.string(),
  mode: z.enum(['team', 'quick', 'ask', 'qa']),
  asked: z.string(),
  said: z.string(),
  /** Files that were changed, and whether the person took that. */
  files: z.array(z.string()).optional(),
  became: z.enum(['applied', 'offered']).optional(),
});
export type Exchange = z.infer<typeof Exchange>;

export const CarriedOn = z.object({
  /** Oldest first. */
  before: z.array(Exchange),
  /** A change set that was offered and not taken: this run goes on from it. `without`: files that the person rejected. */
  change: z
    .object({ run: z.string(), base: z.string(), tree: z.string(), without: z.array(z.string()) })
    .optional(),
});
export type CarriedOn = z.infer<typeof CarriedOn>;
