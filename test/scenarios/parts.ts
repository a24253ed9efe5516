/** Pieces that scenarios are put together from. */
import { Script } from '../../src/core/models/script.ts';

type Json = Readonly<Record<string, unknown>>;

export const FILES = {
  'src/greet.txt': 'helo\n',
  'src/other.txt': 'other\n',
  'test/greet.spec': 'greets rightly: src/greet.txt has hello\nis polite: src/greet.txt lacks damn\n',
};

export const call = (tool: string, args: Json | string): Json => ({ tool, args });
export const edit = (path: string, old_text: string, new_text: string): Json =>
  call('edit_file', { path, edits: [{ old_text, new_text }] });
export const fix = edit('src/greet.txt', 'helo', 'hello');
export const result = (summary = 'Done.'): Json => call('submit_result', { summary });
export const task = (more: Json = {}): Json => ({
  id: 'fix',
  title: 'Fix the greeting',
  description: 'Make it greet.',
  role: 'coder',
  ...more,
});
export const plan = (...tasks: readonly Json[]): Json => call('submit_plan', { summary: 'The plan.', tasks });
export const approve = call('submit_review', { verdict: 'approve' });

/** One agent's replies: each a list of calls, or words alone. */
export function agent(role: string, replies: readonly (readonly Json[] | string)[], more: Json = {}): Json {
  return {
    role,
    ...more,
    replies: replies.map((reply) =>
      typeof reply === 'string' ? { content: reply } : { content: '', calls: reply },
    ),
  };
}

export function script(...agents: readonly Json[]): Script {
  return Script.parse({ title: 'scenario', agents });
}

export const PLANNER = agent('planner', [[plan(task())]]);
export const CODER = agent('coder', [[fix, result()]]);
export const REVIEWER = agent('reviewer', [[approve]]);
/** A team that does a small goal without fault. */
export const TEAM = script(PLANNER, CODER, REVIEWER);
