/** Reviews and questions put to several: when, how they decide, and what each said. */
import * as z from 'zod';

/** Several agents review a change or answer a question, each asking another endpoint first where there are several. */
export const ConsensusSettings = z.object({
  /** `risky`: changes that touch protected files, delete files, are large, or are not proved by tests. */
  when: z.enum(['never', 'risky', 'always']).default('never'),
  /** `majority`: more than half approve. `weighted`: by the weights of endpoints. `judged`: one more reads all votes and decides. */
  how: z.enum(['majority', 'weighted', 'judged']).default('majority'),
  voters: z.number().int().min(2).max(7).default(3),
  /** Of votes, by endpoint id; absent: 1. */
  weights: z.record(z.string(), z.number().positive()).default({}),
});
export type ConsensusSettings = z.infer<typeof ConsensusSettings>;

/** One of several on the same question. */
const Vote = z.object({
  agent: z.string(),
  endpoint: z.string(),
  /** `none`: it could not finish its review. */
  verdict: z.enum(['approve', 'request_changes', 'none']),
  weight: z.number(),
  why: z.string(),
});
export type Vote = z.infer<typeof Vote>;

/** Data of `consensus.reached`. */
export const ConsensusData = z.object({
  task: z.string(),
  round: z.number().int(),
  how: ConsensusSettings.shape.how.unwrap(),
  /** Why several were asked. */
  because: z.string(),
  votes: z.array(Vote),
  verdict: z.enum(['approve', 'request_changes']),
  /** They did not agree. */
  split: z.boolean(),
});
export type ConsensusData = z.infer<typeof ConsensusData>;

/** What one of several answered to the same question. */
const Opinion = z.object({
  agent: z.string(),
  endpoint: z.string(),
  weight: z.number(),
  /** The option that it chose; absent where there was nothing to choose from, or it gave no answer. */
  choice: z.string().optional(),
  /** Its words; of one that gave no answer, why. */
  text: z.string(),
  silent: z.literal(true).optional(),
});
export type Opinion = z.infer<typeof Opinion>;

/** Data of `consensus.answered`. */
export const AnsweredData = z.object({
  /** Role and task of whoever asked, and the role that was asked. */
  asker: z.string(),
  task: z.string().optional(),
  role: z.string(),
  question: z.string(),
  options: z.array(z.string()).optional(),
  how: ConsensusSettings.shape.how.unwrap(),
  /** Why several were asked. */
  because: z.string(),
  votes: z.array(Opinion),
  /** What it comes to; absent where it comes to nothing. */
  decided: z.string().optional(),
  /** What whoever judged said. */
  said: z.string().optional(),
  /** They did not agree. */
  split: z.boolean(),
});
export type AnsweredData = z.infer<typeof AnsweredData>;

/** Part of `EVENT_DATA`. */
export const CONSENSUS_EVENTS = {
  /** Several reviewed a change. */
  'consensus.reached': ConsensusData,
  /** Several answered a question. */
  'consensus.answered': AnsweredData,
} as const;
