/** A change to review: a greeting is mended, and some words of a story are shouted, each a hunk of its own. */
import { Script } from '../../src/core/models/script.ts';

const WORDS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
export const STORY = `${WORDS.join('\n')}\n`;
const SHOUTED = ['two', 'five', 'nine', 'twelve'];

const shout = (word: string) => ({ old_text: `${word}\n`, new_text: `${word.toUpperCase()}\n` });
const call = (tool: string, args: object) => ({ tool, args });
const agent = (role: string, content: string, calls: readonly object[], task?: string) => ({
  role,
  ...(task !== undefined && { task }),
  replies: [{ content, calls }],
});

export interface Shouting {
  /** What the coder says as it hands over. */
  readonly said: string;
  /** Another file with the same words, shouted in one place. */
  readonly other?: string;
  /** The edit of whoever works on what was sent back. */
  readonly softer: { readonly path: string; readonly old_text: string; readonly new_text: string };
  /** What a researcher answers who is asked about the change. */
  readonly because?: string;
}

/** Who does it: a planner, a coder, a reviewer with one remark at the ninth line of the story. */
export function shouting({ said, other, softer: { path, ...softer }, because }: Shouting): Script {
  const greet = { old_text: '${name}!', new_text: "${name || 'everybody'}!" };
  const remark = { path: 'story.txt', line: 9, severity: 'suggestion', body: 'Is this not too loud?' };
  const task = { id: 'greet', title: 'Greet and shout', description: 'Greet everybody.', role: 'coder' };
  return Script.parse({
    title: 'Shouting',
    agents: [
      agent('planner', '', [call('submit_plan', { summary: 'One task.', tasks: [task] })]),
      agent(
        'coder',
        'Softer.',
        [call('edit_file', { path, edits: [softer] }), call('submit_result', { summary: 'Softer now.' })],
        'revision-1',
      ),
      agent('coder', said, [
        call('edit_file', { path: 'greet.js', edits: [greet] }),
        call('edit_file', { path: 'story.txt', edits: SHOUTED.map(shout) }),
        ...(other === undefined ? [] : [call('edit_file', { path: other, edits: [shout('two')] })]),
        call('submit_result', { summary: 'Greets, and shouts.' }),
      ]),
      ...(because === undefined
        ? []
        : [
            agent('researcher', '', [
              call('submit_findings', { summary: because, sources: ['story.txt:2'] }),
            ]),
          ]),
      agent('reviewer', '', [call('submit_review', { verdict: 'approve', comments: [remark] })]),
    ],
  });
}
