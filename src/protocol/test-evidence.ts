/** What a gate found about the tests themselves. */
import * as z from 'zod';
import { CheckKind } from './qa-settings.ts';

/** A test that the change made weaker. */
const WeakenedTest = z.object({
  kind: z.string(),
  path: z.string(),
  /** One-based. */
  line: z.number(),
  reason: z.string(),
  test: z.string().optional(),
  /** Nobody asked for it: the gate is red. */
  blocks: z.boolean(),
});

/** Where the change loosens the project's own rules: a checker kept silent, a rule turned down, a script that proves less. */
const LoosenedRule = z.object({
  kind: z.string(),
  path: z.string(),
  /** One-based. */
  line: z.number(),
  rule: z.string(),
  reason: z.string(),
  /** Nobody asked for it: the gate is red. */
  blocks: z.boolean(),
});

/** A test that failed and passed on the same files. */
const FlakyTest = z.object({
  id: z.string(),
  /** Runs of the same files in which it passed, and failed. */
  passed: z.number(),
  failed: z.number(),
  /** It fails at times on the base too. */
  known: z.boolean(),
});

/** A type check, lint or build of the change, held against the same of its base. */
const CheckReport = z.object({
  kind: CheckKind,
  command: z.string(),
  /** Where it ran; absent: at the root. */
  folder: z.string().optional(),
  /** `unknown`: it does not run here, or says nothing that could be compared. */
  verdict: z.enum(['clean', 'same', 'worse', 'unknown']),
  /** What is worse turns the gate red. */
  blocks: z.boolean(),
  reason: z.string(),
  /** What the base does not have; the first of them. */
  findings: z.array(
    z.object({ path: z.string(), line: z.number(), rule: z.string().optional(), message: z.string() }),
  ),
  /** Findings of the base that are gone, and that are still there. */
  mended: z.number(),
  still: z.number(),
  durationMs: z.number().optional(),
});
export type CheckReport = z.infer<typeof CheckReport>;

/** What the tests of a change say on the base, with nothing but the change's test files put there. */
const TestProof = z.object({
  tests: z.array(
    z.object({
      id: z.string(),
      /** `absent`: it did not come to a result there. */
      base: z.enum(['failed', 'passed', 'skipped', 'absent']),
      now: z.enum(['passed', 'failed', 'skipped']),
    }),
  ),
  /** Tests of the changed files that pass on both. */
  passToPass: z.number(),
});
export type TestProof = z.infer<typeof TestProof>;

/** Whether the tests load the changed code from the tree that they prove: they were run once on it with code that cannot run. */
const LoadProbe = z.object({
  /** `loaded`: they fail then. `elsewhere`: they pass all the same. `unclear`: that run came to no result. `off`: nobody looked. */
  outcome: z.enum(['loaded', 'elsewhere', 'unclear', 'off']),
  /** Files that were made so; 0 where the result is an earlier one's. */
  files: z.number(),
  /** It was looked at in an earlier run of the same set-up, then; milliseconds since 1970. */
  takenAt: z.number().optional(),
  /** What it means and what to do, where it is no proof. */
  advice: z.string().optional(),
});
export type LoadProbe = z.infer<typeof LoadProbe>;

/** Lines of the change that the tests reach. */
const LineCoverage = z.object({
  covered: z.number(),
  total: z.number(),
  files: z.array(
    z.object({
      path: z.string(),
      covered: z.number(),
      total: z.number(),
      /** One-based; the first of them. */
      missed: z.array(z.number()),
    }),
  ),
  /** Why nothing is known, where `total` is 0 for that. */
  why: z.string().optional(),
});
export type LineCoverage = z.infer<typeof LineCoverage>;

/** How the tests of a run are run. */
export const TestsFound = z.object({
  found: z.boolean(),
  /** What a person would type; empty where none was found. */
  command: z.string(),
  why: z.string(),
  said: z.enum(['setting', 'set', 'confirmed', 'found']),
  checks: z.array(z.object({ kind: CheckKind, command: z.string(), folder: z.string().optional() })),
});
export type TestsFound = z.infer<typeof TestsFound>;

/** What a gate may find beside the comparison of its tests. */
export const MORE_EVIDENCE = {
  weakened: z.array(WeakenedTest).optional(),
  loosened: z.array(LoosenedRule).optional(),
  flaky: z.array(FlakyTest).optional(),
  checks: z.array(CheckReport).optional(),
  /** Checks of what the change touches that were not run: the limit was reached. */
  checksLeft: z.number().optional(),
  proof: TestProof.optional(),
  probe: LoadProbe.optional(),
  coverage: LineCoverage.optional(),
  /** Results of the base were taken in an earlier run; milliseconds since 1970. */
  takenAt: z.number().optional(),
  /** Only a part of the tests ran. */
  part: z.boolean().optional(),
};
