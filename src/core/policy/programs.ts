/** What programs do with their words. Whatever is not known here is a program like any of the project. */
import {
  inside,
  judgeArgument,
  judgeWord,
  outward,
  READING,
  UNCERTAIN,
  USUAL,
  worst,
  type Judgement,
} from './danger.ts';
import { judgeBuiltin } from './builtins.ts';
import { judgeGit } from './git-words.ts';
import { judgeInterpreter } from './interpreters.ts';
import {
  AGENTS,
  CHECKERS,
  FETCHING,
  FROM_AFAR,
  INTERPRETERS,
  MACHINE,
  NETWORK,
  PATTERN_FIRST,
  PLAINLY_OUT,
  READERS,
  RUN_SCRIPTS,
  SHELLS,
  SUBCOMMANDS,
  TEXT_ONLY,
  WRAPPERS,
  WRITERS,
} from './known-programs.ts';
import { judgeOptions, obeysOptions } from './options.ts';
import { confine } from './paths.ts';
import type { SimpleCommand, Word } from './reading.ts';
import { judgeAwk, judgeSed, sedCall } from './stream-editors.ts';
import { findArguments, judgeFind, judgeWrapped } from './wrapped.ts';

/** Judges a command line inside a command, run in one of `folders`: `sh -c`, a script of the project. */
export type JudgeLine = (line: string, folders: readonly string[] | undefined) => Judgement;

export interface ProgramFacts {
  readonly judgeLine: JudgeLine;
  /** Scripts of the package of a folder, by name; `undefined` where there is none or it was not looked at. */
  readonly scripts: (folder: string) => Readonly<Record<string, string>> | undefined;
}

/** One program about to run. */
interface Call extends ProgramFacts {
  readonly name: string;
  readonly words: readonly Word[];
  readonly args: readonly string[];
  readonly folders: readonly string[] | undefined;
  readonly piped: boolean | 'names';
  readonly input: string | null | undefined;
}

export function judgeProgram(command: SimpleCommand, facts: ProgramFacts): Judgement {
  const { words, folders, piped, input } = command;
  return judgeWords(words, { ...facts, name: '', words, args: [], folders, piped, input });
}

function judgeWords(words: readonly Word[], around: Call): Judgement {
  const [first, ...rest] = words;
  if (!first) return READING;
  if (first.certain || (first.glob && first.text !== '['))
    return outward('which program it runs is only known when it runs');
  const located = locate(first.text, around.folders);
  if (typeof located !== 'string') return located;
  return judgeCall({ ...around, name: located, words: rest, args: rest.map((word) => word.text) });
}

/** The name by which a program is known, or what is to be thought of one that is named by a path. */
function locate(program: string, folders: Call['folders']): string | Judgement {
  const name = program.replace(/^.*[/\\]/u, '').replace(/\.(exe|cmd|bat|ps1|com)$/iu, '');
  if (!/[/\\]/u.test(program)) return name;
  if (/^(\/usr(\/local)?)?\/s?bin\/[^/]+$/u.test(program)) return name;
  if (/(^|\/)(node_modules\/\.bin|\.?venv\/bin|vendor\/bin)\/[^/]+$/u.test(program) && confine(program).ok)
    return name;
  if (/^\.?\/?(mvnw|gradlew)$/u.test(program)) return name.replace(/w$/u, '');
  const led = judgeWord({ text: program, glob: false }, folders, 'read');
  return led.danger === 'reading' ? inside(`${name} is a program of the project`) : outward(led.why);
}

function judgeCall(call: Call): Judgement {
  const { name, words } = call;
  if (WRAPPERS.has(name)) return worst([judgeWrapper(call), looseWrapper(call)]);
  if (SHELLS.has(name)) return worst([judgeShell(call), uncertain(call)]);
  if (name === 'find') {
    const inner = judgeFind(words, (run) => judgeWords(run, { ...call, input: undefined, piped: false }));
    return worst([inner, ...judgeArguments({ ...call, words: findArguments(words) })]);
  }
  return worst([
    judgeDeed(call),
    judgeOptions(name, call.args),
    judgeBuiltin(name, words),
    uncertain(call),
    ...judgeArguments(call),
  ]);
}

const judgeWrapper = (call: Call): Judgement =>
  judgeWrapped({
    name: call.name,
    words: call.words,
    piped: call.piped,
    judge: (inner) => judgeWords(inner, { ...call, input: undefined, piped: false }),
  });

/** Where the first words of a wrapper are not certain, another one may be the program. */
function looseWrapper({ words }: Call): Judgement {
  const at = words.findIndex((word) => word.certain === 'tame' || word.certain === 'unknown');
  const program = words.findIndex(({ text, certain }) => certain === undefined && /^[^-\d]/u.test(text));
  return at >= 0 && (program < 0 || at < program) ? UNCERTAIN : READING;
}

/** A value that is only known when it runs may be an option or lead anywhere, unless the program only prints it. */
function uncertain({ name, words }: Call): Judgement {
  if (TEXT_ONLY.has(name)) return READING;
  if (words.some((word) => word.certain === 'unknown')) return UNCERTAIN;
  const at = words.findIndex((word) => word.certain === 'tame');
  if (at >= 0 && (isOrdered(name) || (isEditor(name) && !words.slice(0, at).some(isPlain)))) return UNCERTAIN;
  const loose = at >= 0 || words.some((word) => word.glob && /^[*?[]/u.test(word.text));
  return loose && (obeysOptions(name) || isEditor(name))
    ? inside(`a file name may stand for an option of ${name}`)
    : READING;
}

/** What a word of theirs means depends on how many stand before it: names may be none or several. */
const isOrdered = (name: string): boolean =>
  INTERPRETERS.test(name) || SHELLS.has(name) || Object.hasOwn(SUBCOMMANDS, name);
const isEditor = (name: string): boolean => /^g?sed$|^[gm]?awk$/u.test(name);
const isPlain = ({ text }: Word): boolean => !text.startsWith('-');

function judgeArguments({ name, words, folders }: Call): Judgement[] {
  if (TEXT_ONLY.has(name)) return [];
  if (name === 'sed') {
    const { files } = sedCall(words.map((word) => word.text));
    return words
      .filter((word) => files.includes(word.text))
      .map((word) =>
        judgeWord(word, folders, sedCall(words.map(({ text }) => text)).inPlace ? 'write' : 'read'),
      );
  }
  const all = name === 'git' ? words.flatMap((word) => [word, ...afterRevision(word)]) : words;
  const pattern = patternOf(name, words);
  const use = READERS.has(name) || name === 'git' || CHECKERS.has(name) ? 'read' : 'write';
  return all.filter((word) => word !== pattern).map((word) => judgeWord(word, folders, use));
}

/** `HEAD:path` is a file as it was. */
const afterRevision = (word: Word): readonly Word[] =>
  word.text.includes(':') ? [{ ...word, text: word.text.replace(/^.*:(?:\.\/)?/su, '') }] : [];

/** The word that is a pattern or a program and no path. */
function patternOf(name: string, words: readonly Word[]): Word | undefined {
  if (!PATTERN_FIRST.has(name)) return undefined;
  // A pattern, or a file of them, in the same word as its option.
  if (/grep|rg/u.test(name) && words.some(({ text }) => /^-[a-zA-Z]*[ef]./u.test(text))) return undefined;
  if (name === 'jq' && words.some(({ text }) => /^(-[a-zA-Z]*f|--from-file)/u.test(text))) return undefined;
  const given = words.findIndex(({ text }) => /^(-[a-zA-Z]*e|--regexp)$/u.test(text));
  if (given >= 0 && /grep|rg/u.test(name)) return words[given + 1];
  if (
    words.some(({ text }) => /^(--files|-[a-zA-Z]*f|--file\b.*|--regexp=.*|--type-list)$/u.test(text)) &&
    name !== 'jq'
  )
    return undefined;
  const valued = name === 'rg' ? RG_VALUED : GREP_VALUED;
  return words.find(
    (word, index) => !word.text.startsWith('-') && !valued.test(words[index - 1]?.text ?? ''),
  );
}

/** Options that take the next word. */
const GREP_VALUED = /^(-[ABCmd]|--(include|exclude|exclude-dir|max-count|context|(after|before)-context))$/u;
const RG_VALUED =
  /^(-[gABCmtTjrMEd]|--(i?glob|type|type-not|type-add|max-count|max-depth|context|(after|before)-context|sortr?|colou?rs?|replace|encoding|max-columns|threads))$/u;

function judgeDeed(call: Call): Judgement {
  const { name, args } = call;
  if (READERS.has(name)) return READING;
  if (WRITERS.has(name)) return name === 'cp' || name === 'mv' ? judgeCopy(call) : USUAL;
  if (CHECKERS.has(name)) return USUAL;
  if (NETWORK.has(name)) return outward(`${name} reaches other machines or other programs`);
  if (AGENTS.has(name)) return outward(`${name} starts another agent`);
  if (MACHINE.has(name)) return outward(`${name} changes the shell or the machine`);
  if (name === 'export' || name === 'declare' || name === 'typeset' || name === 'readonly') return USUAL;
  if (name === 'set')
    return args.every((arg) => /^[-+][euxo]+$|^(pipefail|errexit|nounset|xtrace)$/u.test(arg))
      ? READING
      : outward('set changes the shell');
  if (name === 'rm' || name === 'ln' || name === 'chmod') return judgeFiles(call);
  return judgeTool(call);
}

/** What a copy or a move leaves behind may be a link or a program; where it goes is judged with its words. */
const judgeCopy = ({ args }: Call): Judgement =>
  args.some((arg) => /^--(no-dereference|archive|recursive)|^-[a-zA-Z]*[ardRP]/u.test(arg))
    ? inside('it copies links as they are')
    : USUAL;

function judgeFiles({ name, args }: Call): Judgement {
  if (name === 'rm') return inside('rm removes files');
  if (name === 'chmod')
    return args.some((arg) => /^[ugoa]*[+=][rwxXt]*s|^[2467]\d{3}$/u.test(arg))
      ? outward('it gives a program the rights of another user')
      : inside('chmod changes what may be run');
  return inside('ln makes a link');
}

function judgeTool(call: Call): Judgement {
  const { name, args } = call;
  if (name === 'git') return judgeGit(args);
  if (name === 'sed' || name === 'gsed') return judgeSed(args);
  if (/^[gm]?awk$/u.test(name)) return judgeAwk(name, args);
  if (INTERPRETERS.test(name)) return judgeInterpreter({ ...call, piped: call.piped !== false });
  if (name === 'bundle' && args[0] === 'exec' && CHECKERS.has(args[1] ?? ''))
    return judgeWords(call.words.slice(1), call);
  if (name === 'npx' || name === 'pnpx' || name === 'bunx') return judgeNpx(call);
  const usual = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  const out = args.find((arg) => PLAINLY_OUT.test(arg));
  if (out !== undefined) return outward(`${name} may run ${out}`);
  if (!usual) return inside(`${name} is not known to be harmless`);
  const afar = args.find((arg) => FROM_AFAR.test(arg));
  if (afar !== undefined) return outward(`${name} may download and run ${afar}`);
  return worst([judgeSubcommand(call, usual), judgeElsewhere(call)]);
}

/** Scripts of another package than that of the folder are not looked at. */
const judgeElsewhere = ({ name, args }: Call): Judgement =>
  /^(npm|pnpm|yarn|bun)$/u.test(name) &&
  args.some((arg) => /^(-w|-C|-r|-F|--(workspaces?|prefix|filter|dir|cwd|recursive))(=|$)/u.test(arg))
    ? inside(`${name} runs scripts of other packages`)
    : READING;

function judgeShell(call: Call): Judgement {
  const { name, args, folders, input, piped } = call;
  if (
    args.some(
      (arg) => /^--(rcfile|init-file)|^-[a-zA-Z]*[is]/u.test(arg) && !/^-[a-zA-Z]*c[a-zA-Z]*$/u.test(arg),
    )
  )
    return outward(`${name} reads another file first`);
  const at = args.findIndex((arg) => /^-[a-zA-Z]*c[a-zA-Z]*$/u.test(arg));
  const line = args.slice(at + 1).find((arg) => !/^[-+]/u.test(arg) && arg !== 'pipefail');
  if (at >= 0)
    return line === undefined
      ? outward(`${name} is given nothing that can be read`)
      : call.judgeLine(line, folders);
  if (args.some((arg) => /^(--version|--help)$/u.test(arg))) return READING;
  if (args.some((arg) => !arg.startsWith('-') && !isInput(arg)))
    return worst([
      inside(`${name} runs a script`),
      ...args.flatMap((arg) => (folders ?? ['']).map((folder) => judgeArgument(arg, folder, 'write'))),
    ]);
  if (typeof input === 'string') return call.judgeLine(input, folders);
  return piped !== false || input === null
    ? outward(`${name} is fed commands that cannot be told`)
    : inside(`${name} starts a shell`);
}

/** What is fed to a program, by a name. */
const isInput = (arg: string): boolean => /^\/(dev\/(stdin|fd\/)|proc\/)/u.test(arg);

function judgeNpx(call: Call): Judgement {
  const at = call.words.findIndex((word) => !word.text.startsWith('-'));
  const tool = call.args[at] ?? '';
  if (
    call.args
      .slice(0, at < 0 ? undefined : at)
      .some((arg) => !/^--(no-install|no|offline|quiet)$|^-q$/u.test(arg))
  )
    return outward('npx may download and run a package');
  if (!CHECKERS.has(tool)) return outward(`npx may download and run ${tool}`);
  return judgeWords(call.words.slice(at), call);
}

function judgeSubcommand(call: Call, usual: RegExp): Judgement {
  const { name, args } = call;
  const plain = args.filter(
    (arg) =>
      !arg.startsWith('-') || /^(--version|-v|-V|--build|-e|-q|-s|-l|--list|-T|--info|-h|--help)$/u.test(arg),
  );
  const [first, second] = plain;
  if (first === undefined)
    return name === 'make' || name === 'ninja' ? USUAL : inside(`${name} does what its files say`);
  if (/^(--version|-v|-V|--help|-h)$/u.test(first)) return READING;
  if (first === 'run' || first === 'run-script') return judgeScripts(call, second ?? '', false);
  if (/^(npm|pnpm|yarn|bun)$/u.test(name) && /^(t|tst|test|start|stop|restart)$/u.test(first))
    return judgeScripts(call, /^t(st)?$/u.test(first) ? 'test' : first, usual.test(first));
  if (usual.test(first)) return name === 'make' ? judgeTargets(plain, usual) : USUAL;
  if (FETCHING.test(first) && name !== 'make' && name !== 'just' && name !== 'task')
    return outward(`${name} ${first} downloads, publishes or changes what is outside`);
  return /^(yarn|pnpm|bun)$/u.test(name)
    ? judgeScripts(call, first, CHECKERS.has(first))
    : inside(`${name} ${first} is not known to be harmless`);
}

/** Every target of a make line counts. */
const judgeTargets = (plain: readonly string[], usual: RegExp): Judgement =>
  plain.every((target) => usual.test(target) || /^\w+=/u.test(target))
    ? USUAL
    : inside('make does what its files say');

/** A script of the package, and what runs before and after it, are judged by what they say. */
function judgeScripts(call: Call, script: string, isUsual: boolean): Judgement {
  const named =
    isUsual || RUN_SCRIPTS.test(script)
      ? USUAL
      : inside(`${call.name} runs the script "${script}" of the project`);
  const judged = (call.folders ?? ['']).flatMap((folder) => {
    const scripts = call.scripts(folder) ?? {};
    return [`pre${script}`, script, `post${script}`].flatMap((name) => {
      const line = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
      if (line === undefined) return [];
      const { danger, why, guard } = call.judgeLine(line, [folder]);
      return danger === 'inside' || danger === 'usual' || danger === 'reading'
        ? []
        : [{ danger, why: `the script "${name}" of the project: ${why}`, ...(guard && { guard }) }];
    });
  });
  return worst([named, ...judged]);
}
