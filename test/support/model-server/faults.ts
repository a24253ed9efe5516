/** Ways in which a server misbehaves, each told by its name. */
import * as z from 'zod';

const Milliseconds = z.number().min(0);

export const Fault = z.discriminatedUnion('kind', [
  /** Any status, with OpenAI's shape of an error unless a body is given. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(100).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({ kind: z.literal('html'), status: z.int().default(200) }),
  /** Takes the request and says nothing for a while, then answers. */
  z.strictObject({ kind: z.literal('slowFirst'), ms: Milliseconds }),
  /** Sends its bytes a few at a time. */
  z.strictObject({ kind: z.literal('drip'), ms: Milliseconds, bytes: z.int().min(1).default(7) }),
  /** Takes the request and never answers. */
  z.strictObject({ kind: z.literal('silence') }),
  /** Begins its reply and falls silent. */
  z.strictObject({ kind: z.literal('stall') }),
  /** Keeps the connection alive with comments and says nothing. */
  z.strictObject({ kind: z.literal('comments') }),
  /** Ends cleanly at a wrong place, or breaks the connection there (`reset`). */
  z.strictObject({
    kind: z.literal('cut'),
    at: z.enum(['start', 'chunk', 'utf8', 'toolCall', 'end']),
    reset: z.boolean().default(false),
  }),
  /** Breaks the connection before any answer. */
  z.strictObject({ kind: z.literal('reset') }),
  /** Promises more bytes than it sends. */
  z.strictObject({ kind: z.literal('wrongLength') }),
  z.strictObject({ kind: z.literal('emptyChoices') }),
  z.strictObject({ kind: z.literal('badJson') }),
  /** An error in the middle of a stream that began well. */
  z.strictObject({ kind: z.literal('errorInStream'), error: z.record(z.string(), z.unknown()) }),
  /** Text, or pieces without text, without an end. */
  z.strictObject({
    kind: z.literal('endless'),
    of: z.enum(['text', 'nothing']),
    ms: Milliseconds.default(0),
  }),
  /** One line of so many bytes. */
  z.strictObject({ kind: z.literal('huge'), bytes: z.int().min(1) }),
  /** Numbers every tool call 0, or none of them; `echo` repeats the name in each piece. */
  z.strictObject({ kind: z.literal('indices'), style: z.enum(['same', 'none', 'echo', 'noIds']) }),
  z.strictObject({ kind: z.literal('unknownTool') }),
  z.strictObject({ kind: z.literal('proseArguments') }),
  /** Just these events, as a server was recorded; text is sent as it is, such as comments. */
  z.strictObject({ kind: z.literal('recorded'), events: z.array(z.unknown()) }),
  z.strictObject({ kind: z.literal('redirect'), to: z.string(), status: z.int().default(307) }),
]);
export type Fault = z.infer<typeof Fault>;

/** Which requests misbehave how: by their number, 1-based. `from` on means every one from there. */
export const FaultPlan = z.array(
  z.strictObject({
    at: z.int().min(1).optional(),
    from: z.int().min(1).optional(),
    role: z.string().optional(),
    fault: Fault,
  }),
);
export type FaultPlan = z.infer<typeof FaultPlan>;
