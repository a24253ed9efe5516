/** What is wrong with the globs of a file scope, as far as their text tells. Pure. */

/** Why a glob cannot name files of the workspace. */
export type GlobFault = 'empty' | 'absolute' | 'outside' | 'backslash' | 'negated' | 'unclosed';

const PAIRS = [
  ['[', ']'],
  ['{', '}'],
  ['(', ')'],
] as const;

export function globFault(glob: string): GlobFault | undefined {
  const text = glob.trim();
  if (text === '') return 'empty';
  if (text.includes('\\')) return 'backslash';
  if (text.startsWith('!')) return 'negated';
  if (/^(?:\/|~|[A-Za-z]:)/u.test(text)) return 'absolute';
  if (text.split('/').includes('..')) return 'outside';
  const isUneven = PAIRS.some(([open, close]) => text.split(open).length !== text.split(close).length);
  return isUneven ? 'unclosed' : undefined;
}
