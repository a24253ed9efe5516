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

/** A tool of another program that the editor offers, as the person granted it. */
export const HostTool = z.object({
  name: z.string().min(1).max(200),
  description: z.string().max(20_000),
  /** JSON Schema of its input. */
  schema: z.record(z.string(), z.unknown()),
  roles: z.array(z.string()),
  /** Ask the person before each call. */
  ask: z.boolean().default(true),
});
export type HostTool = z.infer<typeof HostTool>;

/** What `quartet.mcp.tools` says of one tool. */
export const HostToolGrant = z.object({
  roles: z.array(z.string().min(1).max(40)).max(20).default(['researcher']),
  /** SHA-256 of the form in which it was granted. */
  form: z.string().regex(/^[0-9a-f]{64}$/u),
  ask: z.enum(['always', 'tainted']).default('always'),
});
export type HostToolGrant = z.infer<typeof HostToolGrant>;
