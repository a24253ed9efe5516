/** What a git command line does. Reading the history is usual; everything that reaches out or runs helpers is not. */
import { outward, READING, type Judgement } from './danger.ts';

const LOOKING =
  /^(status|diff|log|show|blame|annotate|ls-files|ls-tree|rev-parse|rev-list|grep|describe|shortlog|cat-file|merge-base|name-rev|whatchanged|count-objects|check-ignore|diff-tree|diff-index|for-each-ref|show-ref|version|--version|help)$/u;
const LISTING: Readonly<Record<string, RegExp>> = {
  branch: /^(-a|-r|-v|-vv|--all|--list|--show-current|--contains|--merged|--no-merged)$/u,
  tag: /^(-l|--list|-n\d*)$/u,
  stash: /^(list|show)$/u,
  remote: /^(-v|--verbose)$/u,
};
const REACHING =
  /^(push|fetch|pull|clone|remote|submodule|ls-remote|send-email|request-pull|archive|bundle|svn|p4|lfs|daemon|http-.*|credential.*|instaweb|imap-send|upload-.*|receive-pack|shell|remote-.*)$/u;
/** Long options, of git itself or of a looking command, that run programs, write files or look elsewhere; git takes what begins one for it. */
const STEERING = [
  '--exec-path',
  '--git-dir',
  '--work-tree',
  '--config-env',
  '--namespace',
  '--ext-diff',
  '--textconv',
  '--output',
  '--output-directory',
  '--upload-pack',
  '--receive-pack',
  '--exec',
  '--no-index',
  '--open-files-in-pager',
  '--paginate',
  '--contents',
  '--ignore-revs-file',
  '--filters',
  '--orderfile',
  '--show-signature',
  '--web',
  '--resolve-git-dir',
];
const SHORT_STEERING = /^-[a-zA-Z]*O/u;

/** What may follow a verb that then only lists. */
const listing = (verb: string): RegExp | undefined =>
  Object.hasOwn(LISTING, verb) ? LISTING[verb] : undefined;

/** A bare `stash` stores; the others list. */
function isListing(verb: string, rest: readonly string[]): boolean {
  const words = listing(verb);
  return words !== undefined && (rest.length > 0 || verb !== 'stash') && rest.every((arg) => words.test(arg));
}

function steers(arg: string): boolean {
  const stem = arg.split('=')[0] ?? '';
  if (/^--(no-ext-diff|no-textconv|output-indicator-\w+)$/u.test(stem)) return false;
  if (stem.startsWith('--')) return stem.length > 2 && STEERING.some((name) => name.startsWith(stem));
  return SHORT_STEERING.test(arg);
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
  const reads = LOOKING.test(verb) || isListing(verb, rest);
  if (!reads) return outward(`git ${verb} changes a repository`);
  if (verb === 'help' && rest.some((arg) => /^-/u.test(arg))) return outward('git help may open a browser');
  const steering = rest.slice(0, endOfOptions(rest)).find((arg) => steers(arg));
  return steering === undefined ? READING : outward(`git ${verb} ${steering} may run or write something`);
}

const endOfOptions = (args: readonly string[]): number => {
  const end = args.indexOf('--');
  return end < 0 ? args.length : end;
};
