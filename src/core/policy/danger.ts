/** Degrees of danger of a command, and where its words lead. */
import { confine, protectedPath } from './paths.ts';

/**
 * `usual`: reading, testing, building. `inside`: may change things, in the working copy as far as can be seen.
 * `outward`: reaches beyond it or cannot be judged. `forbidden`: nobody may allow it to an agent.
 */
export type Danger = 'usual' | 'inside' | 'outward' | 'forbidden';
export interface Judgement {
  readonly danger: Danger;
  readonly why: string;
}

const RANK: Readonly<Record<Danger, number>> = { usual: 0, inside: 1, outward: 2, forbidden: 3 };
export const USUAL: Judgement = { danger: 'usual', why: 'a usual command of development' };
export const inside = (why: string): Judgement => ({ danger: 'inside', why });
export const outward = (why: string): Judgement => ({ danger: 'outward', why });
export const forbidden = (why: string): Judgement => ({ danger: 'forbidden', why });

/** The most dangerous one; the first of equals. */
export const worst = (judgements: readonly Judgement[]): Judgement =>
  judgements.reduce((a, b) => (RANK[b.danger] > RANK[a.danger] ? b : a), USUAL);

/** Where a word that is a path leads, seen from `folder` inside the working copy. */
export function judgePath(word: string, folder: string, use: 'read' | 'write'): Judgement {
  const confined = confine(absolute(word) ? word : `${folder}/${word}`.replace(/^\//u, ''));
  if (!confined.ok) return outward(`"${word}" is not a path inside the working copy: ${confined.why}`);
  const guarded = protectedPath(confined.path);
  if (!guarded || (use === 'read' && guarded.class !== 'secret')) return USUAL;
  const why = `"${word}" is protected: ${guarded.why}`;
  return guarded.decision === 'deny' ? forbidden(why) : inside(why);
}

/** As `judgePath` for a word that may be a path or anything else: only what would lead out as a path, or is protected, counts. */
export function judgeArgument(word: string, folder: string, use: 'read' | 'write'): Judgement {
  const value = word.startsWith('-') ? (/^-[^=]*?(?:=|(?=[/~]))(.+)$/su.exec(word)?.[1] ?? '') : word;
  if (value === '' || HARMLESS_DEVICE.test(value)) return USUAL;
  // Wildcards that could stand for "..".
  if (/(^|\/)\.[*?[]/u.test(value)) return outward(`"${word}" may match ".."`);
  const judged = judgePath(value, folder, use);
  return judged.danger === 'outward' && !absolute(value) && !value.split(/[/\\]/u).includes('..')
    ? USUAL
    : judged;
}

export const HARMLESS_DEVICE = /^\/dev\/(null|stdout|stderr|stdin|tty)$/u;
const absolute = (word: string) => /^([/~\\]|[a-z]:[/\\]|file:)/iu.test(word);
