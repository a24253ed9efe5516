/** Degrees of danger of a command, and where its words lead. */
import { confine } from './paths.ts';
import { protectedByGlob, protectedPath, type ProtectedClass } from './protected.ts';
import type { Word } from './reading.ts';

/**
 * `reading`: looks only. `usual`: testing, building. `inside`: may change things, in the working copy as far as can be seen.
 * `guarded`: touches files that are protected. `outward`: reaches beyond the working copy or cannot be judged. `forbidden`: nobody may
 * allow it to an agent.
 */
export type Danger = 'reading' | 'usual' | 'inside' | 'guarded' | 'outward' | 'forbidden';
export interface Judgement {
  readonly danger: Danger;
  readonly why: string;
  /** What protects the file of a `guarded` one. */
  readonly guard?: ProtectedClass;
}

const RANK: Readonly<Record<Danger, number>> = {
  reading: 0,
  usual: 1,
  inside: 2,
  guarded: 3,
  outward: 4,
  forbidden: 5,
};
export const READING: Judgement = { danger: 'reading', why: 'it only looks' };
export const USUAL: Judgement = { danger: 'usual', why: 'a usual command of development' };
export const inside = (why: string): Judgement => ({ danger: 'inside', why });
export const outward = (why: string): Judgement => ({ danger: 'outward', why });
export const forbidden = (why: string): Judgement => ({ danger: 'forbidden', why });

/** The most dangerous one; the first of equals, but a lock file counts less than what else is protected. */
export const worst = (judgements: readonly Judgement[]): Judgement =>
  judgements.reduce((a, b) => (rank(b) > rank(a) ? b : a), READING);

const rank = ({ danger, guard }: Judgement): number => RANK[danger] - (guard === 'lock' ? 0.5 : 0);

export const UNCERTAIN = outward('a value in it is only known when it runs');

/** Where a word that is a path leads, seen from `folder` inside the working copy. */
export function judgePath(word: string, folder: string, use: 'read' | 'write'): Judgement {
  const confined = confine(absolute(word) ? word : `${folder}/${word}`.replace(/^\//u, ''));
  if (!confined.ok) return outward(`"${word}" is not a path inside the working copy: ${confined.why}`);
  // The system follows a link before it steps back, so this may lead elsewhere than it reads.
  if (/(^|\/)(?!\.\.?\/)[^/]+\/(\.\/)*\.\.(\/|$)/u.test(word))
    return outward(`"${word}" steps back through a folder that may be a link`);
  const guarded = protectedPath(confined.path);
  if (!guarded || (use === 'read' && guarded.class !== 'secret')) return READING;
  const why = `"${word}" is protected: ${guarded.why}`;
  return guarded.decision === 'deny' ? forbidden(why) : { danger: 'guarded', why, guard: guarded.class };
}

/** As `judgePath` for a word that may be a path or anything else: only what would lead out as a path, or is protected, counts. */
export function judgeArgument(word: string, folder: string, use: 'read' | 'write'): Judgement {
  const value = valueIn(word);
  if (value === '' || HARMLESS_DEVICE.test(value)) return READING;
  // Wildcards that could stand for "..".
  if (/(^|\/)\.[*?[]/u.test(value)) return outward(`"${word}" may match ".."`);
  const judged = judgePath(value, folder, use);
  return judged.danger === 'outward' && !absolute(value) && !value.split(/[/\\]/u).includes('..')
    ? READING
    : judged;
}

/** What may be a path in a word: "--to=x", "-I/x", "of=/x", or all of it. */
function valueIn(word: string): string {
  if (/^@[/~.]/u.test(word)) return word.slice(1);
  if (word.startsWith('-')) return /^-[^=]*?(?:=|(?=[/~]))(.+)$/su.exec(word)?.[1] ?? '';
  const named = /^\w[\w.-]*=(.+)$/su.exec(word)?.[1];
  return named !== undefined && (absolute(named) || named.includes('..') || protectedPath(named))
    ? named
    : word;
}

/** A word wherever it may be read from. A wildcard that may stand for a protected name counts as that name. */
export function judgeWord(
  word: Word,
  folders: readonly string[] | undefined,
  use: 'read' | 'write',
): Judgement {
  if (word.certain === 'unknown') return UNCERTAIN;
  // In quotes it may be a pattern of the program, as with "find -name".
  const pattern = word.glob ? word.text : quotedPattern(word.text, use);
  const guarded = pattern === undefined ? undefined : protectedByGlob(pattern);
  const byGlob = guarded && (use === 'write' || guarded.class === 'secret');
  const matched = !byGlob
    ? READING
    : guarded.decision === 'deny'
      ? forbidden(`"${word.text}" may match what is protected: ${guarded.why}`)
      : {
          danger: 'guarded' as const,
          why: `"${word.text}" may match what is protected: ${guarded.why}`,
          guard: guarded.class,
        };
  if (!folders) return worst([matched, judgeAnywhere(word.text, use)]);
  return worst([matched, ...folders.map((folder) => judgeArgument(word.text, folder, use))]);
}

const quotedPattern = (text: string, use: 'read' | 'write'): string | undefined =>
  use === 'read' && /[*?[]/u.test(text) && !/\s/u.test(text) ? text.replace(/^-[^=]*=/u, '') : undefined;

/** From a folder that cannot be told, nothing relative is known to stay inside. */
function judgeAnywhere(text: string, use: 'read' | 'write'): Judgement {
  const judged = judgeArgument(text, '', use);
  const isPath = !text.startsWith('-') || text.includes('/');
  return isPath && judged.danger !== 'forbidden'
    ? outward('it cannot be told which folder it runs in')
    : judged;
}

export const HARMLESS_DEVICE = /^\/dev\/(null|stdout|stderr|stdin|tty)$/u;
const absolute = (word: string) => /^([/~\\]|[a-z]:[/\\]|file:)/iu.test(word);
