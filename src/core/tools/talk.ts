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

export const AskTeammate = z.object({
  to: z.string().min(1).max(60),
  question: z.string().min(1).max(4000),
  options: z.array(z.string().min(1).max(200)).min(2).max(8).optional(),
  several: z.boolean().optional(),
});
export type AskTeammate = z.infer<typeof AskTeammate>;
export const FactArgs = z.object({
  about: z.string().max(500).optional(),
  key: z
    .string()
    .regex(/^[\w./:-]{1,80}$/u, 'a key is of letters, digits and _ . / : -')
    .optional(),
  text: z.string().min(1).max(1000).optional(),
  version: z.number().int().optional(),
});
export type FactArgs = z.infer<typeof FactArgs>;

export const askUser = defineTool({
  name: 'ask_user',
  description: 'Ask the person what only they can decide; waits.',
  args: AskUser,
  effect: 'talk',
  title: ({ question }) => `Ask: ${question.slice(0, 80)}`,
  subject: () => ({}),
});

export const postMessage = defineTool({
  name: 'post_message',
  description: 'Tell a role, task (id), "team" or "#topic" (you follow it then) something. Read next turn.',
  args: PostMessage,
  effect: 'talk',
  title: ({ to }) => `Message to ${to}`,
  subject: () => ({}),
});

export const askTeammate = defineTool({
  name: 'ask_teammate',
  description: 'Ask a role or a task (its id); waits. `several`: asks more than one.',
  args: AskTeammate,
  effect: 'talk',
  title: ({ to }) => `Ask ${to}`,
  subject: () => ({}),
});

export const facts = defineTool({
  name: 'facts',
  description:
    'What the team knows, by words in `about`. With key and text: note it for others; `version` as read, to change it.',
  args: FactArgs,
  effect: 'talk',
  title: ({ key }) => (key === undefined ? 'Read the facts' : `Note ${key}`),
  subject: () => ({}),
});
