/** Who is matched to what: what is recorded of endpoints as calls end, of tools as agents are made, and what views show of it. */
import * as z from 'zod';

/** Of a role or a tool that names no other. */
export const FIRST_VERSION = '1';

/** `doubtful`: its last call failed lately. `resting`: it asked to be left alone. `open`: it failed several times and is left alone. */
export const EndpointHealth = z.enum(['fine', 'doubtful', 'resting', 'open']);
export type EndpointHealth = z.infer<typeof EndpointHealth>;

/** An endpoint as the process that called saw it when a call ended. */
export const EndpointSeen = z.object({
  id: z.string(),
  health: EndpointHealth,
  /** Calls that were under way there, of this process. */
  inFlight: z.number().int(),
  /** Where it is not fine: what was seen. */
  why: z.string().optional(),
});
export type EndpointSeen = z.infer<typeof EndpointSeen>;

/** Who answered a call, and how its endpoints did. Part of what a model step records. */
export const Match = z.object({
  endpoint: z.string(),
  /** Why it was this one, where it was not simply the first. */
  why: z.string().optional(),
  seen: z.array(EndpointSeen),
});
export type Match = z.infer<typeof Match>;

/** An endpoint that an agent would have asked first, and why it does not. */
export const Passed = z.object({ endpoint: z.string(), why: z.string() });
export type Passed = z.infer<typeof Passed>;

/** One thing that a task requires: what serves it, or who of those that would do the task lacks it, and how. */
export interface Requirement {
  readonly task: string;
  readonly requires: string;
  readonly by: readonly string[];
  readonly lacks: readonly string[];
}

/** An endpoint of a run, as its record tells. */
export interface EndpointEntry {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly health: EndpointHealth;
  readonly why?: string;
  /** Calls of the run that are under way there. */
  readonly load: number;
  /** Calls that it answered, and that it did not. */
  readonly answered: number;
  readonly failed: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

/** A tool that agents of the run have, with the version of its contract. */
export interface ToolEntry {
  readonly name: string;
  /** Absent in runs that recorded none. */
  readonly version?: string;
  readonly roles: readonly string[];
}

/** A role that agents of the run are of. */
export interface RoleEntry {
  readonly name: string;
  /** As tasks may require it: `role:name@1.2`. */
  readonly version: string;
  /** Beginning of the digest of what it is told. */
  readonly digest: string;
  readonly agents: number;
  /** Of a role of the person's own: its file. */
  readonly file?: string;
}

/** What a run has, and how it does. */
export interface RegistryView {
  readonly endpoints: readonly EndpointEntry[];
  readonly tools: readonly ToolEntry[];
  readonly roles: readonly RoleEntry[];
}
