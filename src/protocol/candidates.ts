/** Several coders for one task, of whose work the best goes on: how a run is told to, and what it tells of it. */
import * as z from 'zod';
import { CANDIDATES_MAX } from './candidates-max.ts';

/** What tells one candidate from the others. Absent parts are the role's own. */
export const Variant = z.object({
  /** Id of the endpoint that is asked first. */
  endpoint: z.string().min(1).max(100).optional(),
  /** Sent to models that take one. */
  temperature: z.number().min(0).max(2).optional(),
});
export type Variant = z.infer<typeof Variant>;

/** The setting of a run. */
export const BestOf = z.object({
  /** For tasks that write, where the plan says nothing else. */
  candidates: z.number().int().min(1).max(CANDIDATES_MAX).default(1),
  /** The first candidate gets the first, and so on; those without one take the role's endpoints in turn. */
  variants: z.array(Variant).max(CANDIDATES_MAX).default([]),
  /** `rule`: tests, then review and size of the diff decide. `ask`: the person does, before anything is integrated. */
  choose: z.enum(['rule', 'ask']).default('rule'),
});
export type BestOf = z.infer<typeof BestOf>;

/** What the choice between candidates rests on. */
export const CandidateScore = z.object({
  verdict: z.enum(['green', 'red', 'notProved']),
  passed: z.number().int(),
  failed: z.number().int(),
  newlyPassing: z.number().int(),
  stillFailing: z.number().int(),
  files: z.number().int(),
  /** Lines. */
  additions: z.number().int(),
  deletions: z.number().int(),
  /** `none`: no model has reviewed it. */
  review: z.enum(['approve', 'request_changes', 'none']),
  remarks: z.number().int(),
  /** The tree that it left. */
  tree: z.string(),
});
export type CandidateScore = z.infer<typeof CandidateScore>;

const of = { task: z.string(), attempt: z.number().int(), candidate: z.number().int() };

export const CANDIDATE_EVENTS = {
  /** `ready`: it can be chosen. `leftOut`: the budget had no room for it. */
  'candidate.changed': z.object({
    ...of,
    state: z.enum(['working', 'testing', 'reviewing', 'ready', 'failed', 'leftOut']),
    note: z.string().optional(),
    ...Variant.shape,
    score: CandidateScore.optional(),
  }),
  'candidate.chosen': z.object({ ...of, by: z.enum(['rule', 'person']), why: z.string() }),
} as const;
