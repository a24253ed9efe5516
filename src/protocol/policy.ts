/** What agents may do, as people and workspaces state it. Recorded in a run's settings: it holds for the life of the run. */
import * as z from 'zod';

/**
 * How much is done without asking. `ask`: looking only. `guided`: the usual commands of development as well. `auto`: whatever stays in
 * the working copy. What reaches beyond it, and protected files, ask at every level.
 */
export const Autonomy = z.enum(['ask', 'guided', 'auto']);
export type Autonomy = z.infer<typeof Autonomy>;

const pattern = z.string().min(1).max(2000);

/** One rule. Everything it names must fit; "*" stands for anything. At least one of role, tool, path, command and domain is named. */
export const PolicyRule = z
  .strictObject({
    decision: z.enum(['allow', 'ask', 'deny']),
    role: pattern.optional(),
    tool: pattern.optional(),
    /** Glob over paths of the workspace. */
    path: pattern.optional(),
    /** One simple command, as it reads once quotes are plain: "npm run docs *". */
    command: pattern.optional(),
    /** A host, or "*.example.com" for it and all below it. */
    domain: pattern.optional(),
    /** No "*": the text itself. */
    exact: z.boolean().optional(),
    /** Shown to whoever is refused or asked. */
    why: z.string().max(500).optional(),
  })
  .refine(
    (rule) => [rule.role, rule.tool, rule.path, rule.command, rule.domain].some((each) => each !== undefined),
    {
      message: 'a rule names at least one of role, tool, path, command, domain',
    },
  );
export type PolicyRule = z.infer<typeof PolicyRule>;

/** What a person's settings, or a workspace's `.quartet/policy.json`, hold. */
export const PolicyFile = z.strictObject({
  autonomy: Autonomy.optional(),
  rules: z.array(PolicyRule).max(500).default([]),
});
export type PolicyFile = z.infer<typeof PolicyFile>;

/** The policy in force: the person's, tightened by the workspace's. */
export const Policy = z.object({
  autonomy: Autonomy.default('guided'),
  /** What the workspace allows at most; absent: everything. */
  autonomyMax: Autonomy.optional(),
  /** The person's rules. */
  rules: z.array(PolicyRule).default([]),
  /** The workspace's: `ask` and `deny` only. */
  workspaceRules: z.array(PolicyRule).default([]),
  /** What of the workspace's policy does not count, and why. */
  notes: z.array(z.string()).default([]),
  /** Permission questions that may be open at once, and that a run may ask at all. More are refused. */
  questionsOpenMax: z.number().int().min(1).default(6),
  questionsMax: z.number().int().min(1).default(40),
  /** `false`: nothing but this policy confines commands, so `auto` asks before it runs programs of the project. */
  contained: z.boolean().optional(),
});
export type Policy = z.infer<typeof Policy>;

/** Something that a person allowed for good in this workspace. */
export const Permission = z.object({
  id: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  run: z.string(),
  rule: PolicyRule,
});
export type Permission = z.infer<typeof Permission>;

/** Who or what decided about a tool call. */
export const DecidedBy = z.enum([
  'default',
  'rule',
  'workspace',
  'remembered',
  'autonomy',
  'limit',
  'person',
]);
export type DecidedBy = z.infer<typeof DecidedBy>;

/** Why leave that is asked for is dangerous: it touches what is protected, or may reach beyond the working copy. */
export const AskedDanger = z.enum(['guarded', 'outward']);
export type AskedDanger = z.infer<typeof AskedDanger>;
