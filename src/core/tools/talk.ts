/** Tools that talk to people and agents. They are code over steps and signals, so `invoke` runs them outside a step. */
import * as z from 'zod';
import { defineTool } from './contract.ts';

export const AskUser = z.object({
  question: z.string().min(1).max(4000),
  options: z.array(z.string().max(200)).max(8).optional(),
});
export type AskUser = z.infer<typeof AskUser>;
export const PostMessage = z.object({
  to: z.string().min(1).max(60),
  text: z.string().min(1).max(8000),
  priority: z.enum(['low', 'normal', 'high']).optional(),
});
export type PostMessage = z.infer<typeof PostMessage>;

export const askUser = defineTool({
  name: 'ask_user',
  description:
    'Ask the person a question that only they can decide, optionally with options. Wait for the answer.',
  args: AskUser,
  effect: 'talk',
  title: ({ question }) => `Ask: ${question.slice(0, 80)}`,
  subject: () => ({}),
});

export const postMessage = defineTool({
  name: 'post_message',
  description:
    'Tell a role, a task (its id), the "team" or a "#topic" what they need to know. Read at their next turn.',
  args: PostMessage,
  effect: 'talk',
  title: ({ to }) => `Message to ${to}`,
  subject: () => ({}),
});
