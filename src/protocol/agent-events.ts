/** What is recorded of agents when they are made. */
import * as z from 'zod';
import { Passed } from './registry.ts';

export const AgentCreated = z.object({
  agent: z.string(),
  role: z.string(),
  task: z.string().optional(),
  attempt: z.number().int().optional(),
  endpoint: z.string(),
  tools: z.array(z.string()),
  promptDigest: z.string(),
  /** Of its role, as tasks may require it. Absent in runs that began before roles had any: they were of version 1. */
  roleVersion: z.string().optional(),
  /** Versions of the tools' contracts, by name: `1+<beginning of the schema's digest>`. Absent in runs that began before there were any. */
  contracts: z.record(z.string(), z.string()).optional(),
  /** Why these endpoints: what the task requires of them, how they do, how loaded they are. Absent: the role's own, in their order. */
  matched: z.string().optional(),
  /** Those that would have been asked before `endpoint`. */
  passed: z.array(Passed).optional(),
  /** Of a role of the person's own: its file, whose text stands in the step `roles/…` that read it. */
  file: z.object({ path: z.string(), from: z.enum(['person', 'workspace']), digest: z.string() }).optional(),
  /** Files of the project that say how work is to be done; their texts stand in the settings. */
  instructions: z.array(z.string()).optional(),
});
