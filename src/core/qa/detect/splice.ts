/** Puts flags of ours into a command line that a person wrote. */
import type { RunnerUse, Word } from './script.ts';

export interface Splice {
  /** Ours. None: the line stays as it is. */
  readonly flags: string;
  /** What runs a part of the tests. */
  readonly extra?: string;
  /** Files that are run instead of what the line runs. */
  readonly files?: string;
  /** What goes to the end, whatever runs. */
  readonly end?: string | undefined;
  /** Flags of the person's that would contradict ours. */
  readonly drop?: RegExp | undefined;
  /** The flags stand for `-m` and the runner's word, and what runs a part goes to the end. */
  readonly inPlace?: boolean | undefined;
}

/** Puts flags right after the runner's word, or in its place, and takes out what they contradict. */
export function spliced(line: string, use: RunnerUse, how: Splice): string {
  const runner = use.segment.words[use.at];
  const last = use.segment.words.at(-1);
  if (runner === undefined || last === undefined || how.flags === '') return line;
  const end = [how.inPlace === true ? how.extra : undefined, how.files, how.end].filter(Boolean).join(' ');
  const tail: Edit = { start: last.end, end: last.end, text: end === '' ? '' : ` ${end}` };
  // Among edits of one place the first is made first.
  const edits: readonly Edit[] = [
    ...droppedBy(use, how).map(({ start: from, end: to }) => ({ start: from - 1, end: to, text: '' })),
    tail,
    ownEdit(use, runner, how),
  ];
  return edits
    .toSorted((one, other) => other.start - one.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), line);
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function ownEdit(use: RunnerUse, runner: Word, { flags, extra = '', inPlace }: Splice): Edit {
  if (inPlace !== true)
    return { start: runner.end, end: runner.end, text: ` ${[flags, extra].filter(Boolean).join(' ')}` };
  const module = use.segment.words[use.at - 1];
  return { start: module?.text === '-m' ? module.start : runner.start, end: runner.end, text: flags };
}

function droppedBy(use: RunnerUse, { drop, files }: Splice): readonly Word[] {
  const flags = drop === undefined ? [] : flagWords(use, drop);
  if (files === undefined) return flags;
  return [...new Set([...flags, ...argumentsOf(use)])];
}

/** Words of a flag; one without `=` takes the word after it too. */
function flagWords(use: RunnerUse, flag: RegExp): readonly Word[] {
  const { words } = use.segment;
  return words.filter((word, index) => {
    const before = words[index - 1]?.text ?? '';
    return flag.test(word.text) || (flag.test(before) && !before.includes('='));
  });
}

/** Words that name what is run. What stands after a flag may be its value, and stays. */
function argumentsOf({ segment: { words }, at }: RunnerUse): readonly Word[] {
  return words.filter((word, index) => {
    const before = words[index - 1]?.text ?? '';
    if (index <= at) return false;
    return !word.text.startsWith('-') && (index - 1 === at || !before.startsWith('-'));
  });
}

/** True where the runner can be given other files than those of the line. */
export function takesFiles({ segment: { words } }: RunnerUse): boolean {
  return words.every(({ text }) => !/[<>]/.test(text) && text !== '--');
}
