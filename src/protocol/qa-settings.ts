/** How QA proves a change beside running the tests. Recorded with a run; a run without them began before there were any. */
import * as z from 'zod';

/** What else is asked of a change. `types`: a type check. */
export const CheckKind = z.enum(['types', 'lint', 'build']);
export type CheckKind = z.infer<typeof CheckKind>;

/** `block`: what is newly found turns the gate red. `tell`: it is told. `off`: nothing is run. */
export const CheckWeight = z.enum(['block', 'tell', 'off']);
export type CheckWeight = z.infer<typeof CheckWeight>;

export const QaSettings = z.object({
  /** Results of a base without failures are taken from an earlier run of the same tree, command and environment. */
  reuseBase: z.boolean().default(true),
  /** Where the base's tests took longer than this, in seconds, those that belong to the change run first. */
  changedFirstSeconds: z.number().min(0).default(20),
  /** New tests are run on the base too: one that passes there proves nothing of the change. */
  proveTests: z.boolean().default(true),
  /** Whether the tests load the changed files is looked at, once per set-up. Absent in runs that began before there was one. */
  probe: z.boolean().optional(),
  /** Which lines of the change the tests reach; where the runner has to be asked, green tests run once more for it. */
  coverage: z.boolean().default(true),
  /** Test suites that run at once on this machine, in all windows and terminals of the person. */
  suites: z.number().int().min(1).max(32).default(2),
  /** Type checks, lints and builds that are run for one change, where a monorepo has more of them. */
  checksMax: z.number().int().min(1).max(100).default(12),
  checks: z
    .object({
      types: CheckWeight.default('block'),
      lint: CheckWeight.default('tell'),
      build: CheckWeight.default('block'),
    })
    .prefault({}),
  /** For a run of the tests alone: what is run of them; absent: all. */
  only: z
    .object({
      /** What belongs to these files, tests or not. */
      files: z.array(z.string().max(1000)).max(500).optional(),
      /** What belongs to files that differ from the last commit. */
      changed: z.boolean().optional(),
      name: z.string().max(500).optional(),
    })
    .optional(),
  /** For a run of the tests alone: the QA agent says why they fail. */
  diagnose: z.boolean().default(true),
});
export type QaSettings = z.infer<typeof QaSettings>;
