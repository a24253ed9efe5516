/** What a goal mentions, put after it in words. Whoever starts a run does so before the goal is recorded. */
import { mentionsIn, mentionText, type Mention } from '../../protocol/mentions.ts';
import { outsideFences } from '../policy/untrusted.ts';

/** What a mention stands for; undefined where it is left as a word. */
export type StandsFor = (mention: Mention) => Promise<string | undefined>;

/** The goal with what it mentions after it. What stands in a fence was written by others and mentions nothing (I8). */
export async function withMentioned(goal: string, standsFor: StandsFor): Promise<string> {
  const parts: string[] = [];
  for (const mention of mentionsIn(outsideFences(goal))) {
    const text = await standsFor(mention);
    if (text !== undefined) parts.push(`${mentionText(mention)}: ${text}`);
  }
  return parts.length === 0 ? goal : `${goal}\n\nWhat is mentioned above:\n\n${parts.join('\n\n')}`;
}

/** A place in the team's words; `found`: what lies there. A file may be mentioned that is yet to be made. */
export const placeStands = (
  { path }: Extract<Mention, { path: string }>,
  found: 'file' | 'folder' | undefined,
): string => (found === undefined ? `${path}, which is not there` : `the ${found} ${path}`);
