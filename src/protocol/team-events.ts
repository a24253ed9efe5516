/** What a journal holds of a team's talk: data of event types, part of `EVENT_DATA`. */
import * as z from 'zod';

/** What a message is for. Heartbeats are of the process that works: the bus carries them to whoever watches for silence, no journal. */
const MessageKind = z.enum(['request', 'response', 'notification', 'error', 'heartbeat']);

export const TEAM_EVENT_DATA = {
  'message.posted': z.object({
    from: z.string(),
    to: z.string(),
    text: z.string(),
    task: z.string().optional(),
    /** What its author has read of strangers, in words: whoever reads the message has read it too. */
    tainted: z.string().optional(),
    /** Absent: `notification`. */
    kind: MessageKind.optional(),
    /** The agent that speaks; absent for the person and the host. */
    by: z.string().optional(),
    /** Absent: `normal`. */
    priority: z.enum(['low', 'normal', 'high']).optional(),
    /** Of a `response` or `error`: the request that it answers. */
    answers: z.string().optional(),
    /** What it is about, stamped by the host: `attempt`, `candidate`, `file` (names that its author knows, with commas); of a notice of the host, the `event`. */
    headers: z.record(z.string(), z.string()).optional(),
    /** The person sent this dead letter again. */
    resends: z.string().optional(),
  }),
  /** An agent's turn has read messages: keys of `message.posted`. */
  'message.delivered': z.object({ agent: z.string(), messages: z.array(z.string()) }),
  /** A message was read by nobody it was for, or not by one of several. The person can send it again. */
  'message.dead': z.object({
    message: z.string(),
    why: z.string(),
    tries: z.number().int(),
    /** The one that it did not reach, where it is for others too. */
    agent: z.string().optional(),
  }),
  /** Something that the team has established. Versions count from 1 for each key. */
  'fact.noted': z.object({
    key: z.string(),
    text: z.string(),
    version: z.number().int(),
    /** Role of its author. */
    by: z.string(),
    task: z.string().optional(),
    /** What its author has read of strangers, in words: whoever is told the fact has read it too. */
    tainted: z.string().optional(),
  }),
  /** How many work at once from here on, where something else than the plan or the limit of it holds somebody back, or no longer does. */
  'team.sized': z.object({
    agents: z.number().int(),
    /** As many could, by the plan and the person's limit. */
    of: z.number().int(),
    why: z.string(),
  }),
  /** A guard stepped in: against a loop, a deadlock, starvation, silence. `rung` is what it tried, one after the other. */
  'guard.fired': z.object({
    guard: z.string(),
    rung: z.enum([
      'told',
      'changed',
      'model',
      'replan',
      'asked',
      'answered',
      'refused',
      'elsewhere',
      'restarted',
      'reserved',
      'stopped',
    ]),
    /** What it saw. */
    why: z.string(),
    role: z.string().optional(),
    agent: z.string().optional(),
    task: z.string().optional(),
  }),
} as const;
