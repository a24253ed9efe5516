/** The plan: a directed acyclic graph of tasks, as a planner submits it and a person approves it. */
import * as z from 'zod';
import { CANDIDATES_MAX } from './candidates-max.ts';

/** Roles that a task may be given to, besides the person's own. */
export const TASK_ROLES = ['coder', 'qa', 'researcher', 'documenter', 'reviewer'] as const;

/** Task ids are used in keys, folder names and the panel, so they are kept plain. A sub-task is `<parent>.<child>`. */
const TaskId = z
  .string()
  .max(200)
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}(?:\.[a-z0-9][a-z0-9-]{0,39}){0,4}$/,
    'an id is 1-40 of a-z, 0-9 and "-", and starts with a letter or digit; a sub-task is <parent>.<child>',
  );

/** One node of the plan. */
export const TaskSpec = z.object({
  id: TaskId,
  title: z.string().min(1).max(120),
  description: z.string().min(1).max(8000),
  role: z.string().min(1).max(60),
  /** Id of the endpoint that is asked first. Absent: as the role's route says. */
  model: z.string().min(1).max(100).optional(),
  depends_on: z.array(TaskId).max(50).default([]),
  acceptance: z.array(z.string().min(1).max(500)).max(20).default([]),
  /** Globs relative to the workspace. Absent: the whole workspace for roles that write, nothing for roles that read. */
  files: z.array(z.string().min(1).max(300)).max(100).optional(),
  /** Higher goes first among ready tasks. */
  priority: z.number().int().min(-100).max(100).default(0),
  /** What it cannot do without: `vision`, `context>=64000`, `local`, `tool:browse_page`, `endpoint:id`, `role:name@1.2`. */
  requires: z.array(z.string().min(1).max(100)).max(10).optional(),
  /** Whoever works on it hears what teammates say on these, such as `#api`, from its first turn on. */
  topics: z
    .array(z.string().regex(/^#?[a-z0-9][a-z0-9-]{0,39}$/, 'a topic is 1-40 of a-z, 0-9 and "-", after "#"'))
    .max(10)
    .optional(),
  estimate_tokens: z.number().int().nonnegative().optional(),
  /** Coders that work on it independently, of whose work the best goes on. Absent: as the settings say. */
  candidates: z.number().int().min(1).max(CANDIDATES_MAX).optional(),
  /** `own`: the task must be green alone. `{with}`: it is gated together with the named task. */
  gate: z.union([z.literal('own'), z.object({ with: TaskId })]).default('own'),
  /** Runs only if the named task ended so. */
  when: z.object({ task: TaskId, is: z.enum(['done', 'failed', 'skipped']) }).optional(),
  /** Once its turn has come, a planner breaks it down into sub-tasks, knowing what was learnt until then. */
  expand: z.boolean().optional(),
});
export type TaskSpec = z.infer<typeof TaskSpec>;

/** A specialist that the planner asks for. It becomes a role file, and an agent only once the person has taken that. */
export const NewRoleSpec = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  description: z.string().min(1).max(300),
  prompt: z.string().min(1).max(4000),
  tools: z.array(z.string().regex(/^[a-z_]{1,40}$/)).max(30),
});
export type NewRoleSpec = z.infer<typeof NewRoleSpec>;

/** What is recorded of a plan: sub-tasks stand beside their parents, told apart by their ids. */
export const PlanSpec = z.object({
  summary: z.string().min(1).max(4000),
  tasks: z.array(TaskSpec).min(1).max(200),
  /** Absent: the roles that there are do. */
  new_roles: z.array(NewRoleSpec).max(3).optional(),
});
export type PlanSpec = z.infer<typeof PlanSpec>;

/** A task as it is handed over: sub-tasks may stand in it, whose ids hold within it. */
export interface SubmittedTask extends TaskSpec {
  readonly tasks?: readonly SubmittedTask[] | undefined;
}

/** Told to models in short, since it is a task again. */
const SubTask: z.ZodType<SubmittedTask> = z
  .record(z.string(), z.unknown())
  .pipe(z.lazy(() => TaskSpec.extend({ tasks: z.array(SubTask).max(50).optional() })));

/** What `submit_plan` takes. */
export const SubmittedPlan = PlanSpec.extend({
  tasks: z
    .array(TaskSpec.extend({ tasks: z.array(SubTask).max(50).optional() }))
    .min(1)
    .max(200),
});
export type SubmittedPlan = z.infer<typeof SubmittedPlan>;
