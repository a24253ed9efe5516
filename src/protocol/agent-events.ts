/** What is recorded of agents when they are made. */
import * as z from 'zod';

export const AgentCreated = z.object({
  agent: z.string(),
  role: z.string(),
  task: z.string().optional(),
  attempt: z.number().int().optional(),
  endpoint: z.string(),
  tools: z.array(z.string()),
  promptDigest: z.string(),
  /** Why these endpoints, where the task requires something of them. */
  matched: z.string().optional(),
  /** Of a role of the person's own: its file, whose text stands in the step `roles/…` that read it. */
  file: z.object({ path: z.string(), from: z.enum(['person', 'workspace']), digest: z.string() }).optional(),
  /** Files of the project that say how work is to be done; their texts stand in the settings. */
  instructions: z.array(z.string()).optional(),
});
