/** Which tasks a change cannot stand beside, where each was green alone. */
import * as z from 'zod';

/** A file that both tasks changed. Lines are of each one's own text, from 1, such as "3-5, 9". */
export const SharedFile = z.object({ path: z.string(), lines: z.string(), otherLines: z.string() });

export const BLAME_EVENTS = {
  'blame.found': z.object({
    task: z.string(),
    /** The other task; several where trying did not tell them apart. */
    with: z.array(z.string()),
    /** `red`: their tests fail together. `conflict`: they changed the same lines. */
    kind: z.enum(['red', 'conflict']),
    /** Tests that fail only together. */
    tests: z.array(z.string()),
    shared: z.array(SharedFile),
    /** What each changed: where nothing is shared, this is all there is to look at. */
    files: z.array(z.string()),
    otherFiles: z.array(z.string()),
  }),
} as const;
export type Blame = z.infer<(typeof BLAME_EVENTS)['blame.found']>;
