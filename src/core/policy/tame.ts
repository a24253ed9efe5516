/** Commands whose output leads nowhere: names of the working copy, numbers and dates. */
import type { SimpleCommand } from './reading.ts';

/** Programs that print names of what is below the folder they are given, or numbers and dates. */
const TAME =
  /^(find|fd|ls|rg|grep|basename|dirname|nproc|date|git|wc|id|uname|seq|node|head|tail|sort|uniq)$/u;
const TAME_GIT = /^(ls-files|diff|rev-parse|merge-base|status|describe|rev-list)$/u;
const NAMES_ONLY = /^(-l|-rl|-rlE|-lr|--files|--files-with-matches|--name-only|-lE|-il|-ril)$/u;

/** `fed`: what it reads from the command before it. */
export function isTame({ words, redirects }: SimpleCommand, fed: boolean | 'names'): boolean {
  const [program, first] = words;
  const args = words.slice(1).map((word) => word.text);
  if (fed === 'names' && program && /^(grep|egrep)$/u.test(program.text))
    return (
      args.filter((arg) => !arg.startsWith('-')).length <= 1 &&
      !args.some((arg) => /^-[a-zA-Z]*[oef]/u.test(arg))
    );
  if (
    fed === true ||
    !program ||
    !TAME.test(program.text) ||
    redirects.some(({ operator }) => operator.includes('<'))
  )
    return false;
  if (words.some((word) => word.certain === 'unknown' || /^[/~]|\.\./u.test(word.text))) return false;
  // A format may print anything.
  if (
    args.some((arg) => /^--?(format|pretty|(src|dst|line)-prefix|path-separator|base-directory)/u.test(arg))
  )
    return false;
  switch (program.text) {
    case 'git':
      return (
        TAME_GIT.test(first?.text ?? '') &&
        (first?.text !== 'diff' || args.includes('--name-only')) &&
        !args.some((arg) => /^--(show|git|absolute)/u.test(arg))
      );
    case 'rg':
    case 'grep':
      return args.some((arg) => NAMES_ONLY.test(arg));
    case 'node':
      return args.length === 1 && /^(-v|--version)$/u.test(args[0] ?? '');
    case 'find':
    case 'fd':
      return !args.some((arg) => /^-(printf|exec|x|X)/u.test(arg));
    case 'date':
    case 'ls':
      return !args.some((arg) => arg.startsWith('+') && arg.includes('/'));
    case 'head':
    case 'tail':
    case 'sort':
    case 'uniq':
      // What comes from around a substitution may be anything.
      return (
        fed === 'names' &&
        args.every((arg) => /^-|^\d+$/u.test(arg)) &&
        !args.some((arg) => /^-[a-zA-Z]*[oT]|^--/u.test(arg))
      );
    case 'wc':
      return !args.some((arg) => arg.startsWith('--'));
    default:
      return true;
  }
}
