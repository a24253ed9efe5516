/** What a goal at the terminal mentions. There is no editor with a selection or problems here: those stay words. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { confine } from '../core/policy/paths.ts';
import { attachedText } from '../core/policy/untrusted.ts';
import { PortError, type History } from '../core/ports.ts';
import { placeStands, withMentioned } from '../core/run/mentioned.ts';

interface Workspace {
  /** Absolute path. */
  readonly root: string;
  readonly history: Pick<History, 'changed'> | undefined;
}

/** The goal with what it mentions after it: places, and which files the person has changed. */
export const mentionedAt = (workspace: Workspace, goal: string): Promise<string> =>
  withMentioned(goal, async (mention) => {
    if ('path' in mention) return placeStands(mention, await kindOf(workspace.root, mention.path));
    return mention.kind === 'diff' ? changedText(workspace) : undefined;
  });

async function kindOf(root: string, path: string): Promise<'file' | 'folder' | undefined> {
  const place = confine(path);
  if (!place.ok) return undefined;
  const stat = await fs.stat(join(root, place.path)).catch(() => undefined);
  if (stat === undefined) return undefined;
  return stat.isDirectory() ? 'folder' : 'file';
}

/** By name: the files themselves are in the copy that the team looks at. */
async function changedText({ history }: Workspace): Promise<string> {
  const changed = (await history?.changed(new AbortController().signal).catch(whyNot)) ?? [];
  if (typeof changed === 'string') return `what is changed cannot be told. ${changed}`;
  return changed.length === 0
    ? 'nothing is changed since the last commit.'
    : `files that the person has changed since the last commit:\n${attachedText(changed.join('\n'), 'diff', randomBytes(6).toString('hex'))}`;
}

function whyNot(error: unknown): string {
  if (error instanceof PortError) return error.message;
  throw error;
}
