/** What tools beyond the working copy a run may use: resolved by its door, recorded in `run.started`. */
import * as z from 'zod';

/** The web. Absent in the settings of a run: off. */
export const WebSettings = z.object({
  /** Hosts that may be reached: `example.com`, `*.example.com`, `example.com:8443`, `http://example.com`. */
  domains: z.array(z.string().min(1).max(300)).max(200).default([]),
  /** Address of a search service with `{query}` in it that answers in JSON, such as a SearXNG. */
  search: z.string().max(2000).optional(),
});
export type WebSettings = z.infer<typeof WebSettings>;
