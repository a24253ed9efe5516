/** In which folders of the working copy the commands of a line may run. */
import { confine } from './paths.ts';
import type { Word } from './reading.ts';

/** More than so many, and it cannot be told. */
const FOLDERS_MAX = 8;

export type Folders = readonly string[] | undefined;

export function eitherOf(a: Folders, b: Folders): Folders {
  if (!a || !b) return undefined;
  const both = [...new Set([...a, ...b])];
  return both.length > FOLDERS_MAX ? undefined : both;
}

/** Where the next command runs once this one did what it says. */
export function foldersAfter(words: readonly Word[], folders: Folders): Folders {
  const [program, ...rest] = words;
  // A shell also changes its folder behind one of these.
  if (/^(command|time|!)$/u.test(program?.text ?? '') && rest.some((word) => word.text === 'cd'))
    return undefined;
  if (program?.text !== 'cd' || !folders) return folders;
  const targets = rest.filter((word) => !/^-[LPe@-]*$/u.test(word.text) || word.text === '-');
  const [target] = targets;
  if (!target || targets.length > 1 || target.glob || target.certain) return undefined;
  if (/^[/~]|^-/u.test(target.text)) return undefined;
  const led = folders.map((folder) => confine(`${folder}/${target.text}`.replace(/^\/+/u, '')));
  return led.every((each) => each.ok) ? [...new Set(led.map((each) => each.path))] : undefined;
}
