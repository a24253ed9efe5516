/** `quartet kept`: what a person did by hand and is no part of a run's result. Returns the exit code. */
import * as fs from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { plainText } from '../core/policy/terminal-text.ts';
import { changeOfKept, keptDiffText, keptFiles, keptOf } from '../core/run/views/kept-work.ts';
import { keptText } from '../core/run/views/state-feed.ts';
import type { KeptView } from '../protocol/view.ts';
import type { Desk } from './run-commands.ts';
import { UsageError } from './usage-error.ts';

/** Errors: `UsageError`, those of the store. */
export async function kept(desk: Desk, id: string): Promise<number> {
  const { house, console, options } = desk;
  const view = await house.views.view(id);
  const { task } = options.fork;
  const chosen = keptOf(view, task);
  if (!chosen && task !== undefined)
    throw new UsageError(`Nothing that you did by hand on "${task}" is kept.`);
  if (!chosen)
    console.say('Nothing is kept: what you did by hand is part of the result, or still in your hands.');
  else if (options.diff) console.line(plainText(await keptDiffText(house.ports.copies, chosen)).trimEnd());
  else if (options.output !== undefined) await writeFiles(desk, chosen, resolve(options.output));
  else for (const each of view.kept ?? []) await list(desk, id, each);
  return 0;
}

async function list({ house, console, options }: Desk, id: string, kept: KeptView): Promise<void> {
  if (options.json) {
    console.line(JSON.stringify(kept));
    return;
  }
  const files = await changeOfKept(house.ports.copies, kept);
  console.say(plainText([keptText(kept), ...files.map(({ path }) => `    ${path}`)].join('\n')));
  console.say(`  quartet kept ${id} --task ${kept.task} --diff, or --output FOLDER for the files`);
}

async function writeFiles({ house, console }: Desk, kept: KeptView, root: string): Promise<void> {
  const there = await fs.readdir(root).catch(() => []);
  if (there.length > 0)
    throw new UsageError(`${root} is not empty. Name another folder: nothing of yours is written over.`);
  const files = await keptFiles(house.ports.copies, kept);
  for (const [path, bytes] of files) {
    if (!bytes) continue;
    await fs.mkdir(dirname(join(root, path)), { recursive: true });
    await fs.writeFile(join(root, path), bytes);
  }
  const deleted = [...files].flatMap(([path, bytes]) => (bytes ? [] : [path]));
  console.say(`Wrote ${String(files.size - deleted.length)} files to ${root}.`);
  if (deleted.length > 0) console.say(`You had deleted: ${deleted.join(', ')}.`);
}
