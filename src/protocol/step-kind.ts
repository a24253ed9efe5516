/** What a step does to the world. */
import * as z from 'zod';

export const StepKind = z.enum([
  'base',
  'copy',
  'model',
  'tool',
  'tests',
  'merge',
  'diff',
  'tree',
  'apply',
  'clock',
  'detect',
  'policy',
  'keep',
  'choice',
  'commit',
]);
export type StepKind = z.infer<typeof StepKind>;
