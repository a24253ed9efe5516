/** What agents hand over when they end: the arguments of the `submit_*` tools. */
import * as z from 'zod';

/** `submit_result`: a coder, documenter or QA agent says that its task is finished. */
export const ResultHandover = z.object({ summary: z.string().min(1).max(8000) });
export type ResultHandover = z.infer<typeof ResultHandover>;

/** `submit_findings`: the answer of a researcher. */
export const FindingsHandover = z.object({
  summary: z.string().min(1).max(20000),
  sources: z.array(z.string().max(500)).max(50).default([]),
});
export type FindingsHandover = z.infer<typeof FindingsHandover>;

/** `submit_diagnosis`: QA's reading of why tests fail. It never changes a verdict. */
export const DiagnosisHandover = z.object({
  summary: z.string().min(1).max(8000),
  causes: z
    .array(
      z.object({ test: z.string().max(500), cause: z.string().max(2000), suggestion: z.string().max(2000) }),
    )
    .max(50)
    .default([]),
});
export type DiagnosisHandover = z.infer<typeof DiagnosisHandover>;

/** One remark of a reviewer at a line of the new text (1-based; 0 is the whole file). */
export const ReviewComment = z.object({
  path: z.string().min(1).max(500),
  line: z.number().int().min(0),
  severity: z.enum(['blocking', 'suggestion', 'praise']),
  body: z.string().min(1).max(4000),
});
export type ReviewComment = z.infer<typeof ReviewComment>;

/** `submit_review`: the reviewer's verdict on a task's diff. */
export const ReviewHandover = z.object({
  verdict: z.enum(['approve', 'request_changes']),
  comments: z.array(ReviewComment).max(100).default([]),
});
export type ReviewHandover = z.infer<typeof ReviewHandover>;

/** `submit_summary`: the synthesizer's account of the whole change. */
export const SummaryHandover = z.object({
  title: z.string().min(1).max(200),
  body: z.string().min(1).max(20000),
});
export type SummaryHandover = z.infer<typeof SummaryHandover>;

/** `submit_answer`: what whoever was made to answer a teammate says. */
export const AnswerHandover = z.object({
  answer: z.string().min(1).max(8000),
  /** Where options were given: one of them. */
  choice: z.string().max(200).optional(),
});
export type AnswerHandover = z.infer<typeof AnswerHandover>;
