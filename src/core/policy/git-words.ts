/** What a git command line does. Reading the history is usual; everything that reaches out or runs helpers is not. */
import { inside, outward, USUAL, type Judgement } from './danger.ts';

const READING =
  /^(status|diff|log|show|blame|annotate|ls-files|ls-tree|rev-parse|rev-list|grep|describe|shortlog|cat-file|merge-base|name-rev|whatchanged|count-objects|version|--version|help)$/u;
const LISTING: Readonly<Record<string, RegExp>> = {
  branch: /^(-a|-r|-v|-vv|--all|--list|--show-current|--contains|--merged|--no-merged)$/u,
  tag: /^(-l|--list|-n\d*)$/u,
  stash: /^(list|show)$/u,
  remote: /^(-v|--verbose)$/u,
};
const REACHING =
  /^(push|fetch|pull|clone|remote|submodule|ls-remote|send-email|request-pull|archive|bundle|svn|p4|lfs|daemon|http-.*|credential.*)$/u;
/** Options of git itself, or of a reading command, that run programs, write files or look at another repository. */
const STEERING =
  /^(-c|-C|--exec-path|--git-dir|--work-tree|--config-env|--namespace|--ext-diff|--textconv|--output|--upload-pack|--no-index|-O|--open-files-in-pager|--paginate|-p$)/u;

/** What may follow a verb that then only lists. */
const listing = (verb: string): RegExp | undefined =>
  Object.hasOwn(LISTING, verb) ? LISTING[verb] : undefined;

/** A bare `stash` stores; the others list. */
function isListing(verb: string, rest: readonly string[]): boolean {
  const words = listing(verb);
  return words !== undefined && (rest.length > 0 || verb !== 'stash') && rest.every((arg) => words.test(arg));
}

export function judgeGit(args: readonly string[]): Judgement {
  const at = args.findIndex((arg) => !arg.startsWith('-') || arg === '--version');
  const leading = at < 0 ? args : args.slice(0, at);
  if (leading.some((arg) => arg !== '--no-pager'))
    return outward('options before the git command change what git runs');
  const verb = args[at] ?? 'help';
  const rest = args.slice(at + 1);
  if (REACHING.test(verb) && !listing(verb)?.test(rest[0] ?? ''))
    return outward(`git ${verb} reaches other repositories`);
  const reads = READING.test(verb) || isListing(verb, rest);
  if (!reads) return outward(`git ${verb} changes a repository`);
  const steering = rest.find(
    (arg) => STEERING.test(arg) && !(arg === '-p' && /^(log|diff|show|stash)$/u.test(verb)),
  );
  return steering === undefined ? USUAL : inside(`git ${verb} ${steering} may run or write something`);
}
