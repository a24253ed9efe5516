/** What known programs do with their arguments. Whatever is not known here asks. */
import { inside, judgeArgument, outward, USUAL, worst, type Judgement } from './danger.ts';
import { judgeGit } from './git-words.ts';
import { confine } from './paths.ts';
import type { SimpleCommand } from './words.ts';

/** Judges a command line inside a command: `sh -c`. */
export type JudgeLine = (line: string) => Judgement;
interface Call {
  readonly name: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly judgeLine: JudgeLine;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/u));

const READERS = words(
  `ls cat head tail wc grep egrep fgrep rg pwd echo printf true false test [ date which type file stat du df tree diff cmp
   sort uniq cut tr nl basename dirname realpath readlink find fd jq yq column comm fold rev tac od xxd hexdump md5sum
   sha1sum sha256sum cksum expr seq sleep uname arch nproc whoami id hostname cd pushd popd wait exit`,
);
/** Their first plain argument is a pattern or a text, not a path. */
const PATTERN_FIRST = words('grep egrep fgrep rg sed awk gawk fd jq yq tr expr');
const TEXT_ONLY = words('echo printf expr tr seq sleep date [ test');
const WRITERS = words('mkdir touch cp mv tee');
const NETWORK = words(
  `curl wget ssh scp sftp rsync ftp nc ncat netcat telnet socat ping ping6 dig nslookup host traceroute nmap http https xh gh
   glab aws gcloud az kubectl helm terraform docker docker-compose podman vercel netlify heroku flyctl firebase brew apt
   apt-get yum dnf apk pacman snap pip pip3 pipx uvx gem ansible openssl mail sendmail ngrok code open xdg-open`,
);
const MACHINE = words(
  'kill pkill killall systemctl service launchctl mount umount chown chgrp at batch nohup setsid screen tmux eval source . exec trap alias export',
);
const AGENTS = words('claude codex aider gemini copilot cursor-agent opencode goose amp crush qwen quartet');
const CHECKERS = words(
  `tsc eslint prettier jest vitest mocha ava tap c8 nyc biome oxlint stylelint pytest mypy ruff flake8 pylint black isort
   pyright rspec rubocop phpunit phpstan ctest golangci-lint staticcheck tsd xo standard`,
);
const SHELLS = words('sh bash dash zsh ksh');
const WRAPPERS = words('time nice command timeout xargs env stdbuf');

/** Options by which a program that only reads runs or writes something after all. */
const EXECUTING: Readonly<Record<string, RegExp>> = {
  find: /^-(exec|execdir|ok|okdir|delete|fprint|fprint0|fprintf|fls)$/u,
  fd: /^(-x|-X|--exec|--exec-batch)/u,
  rg: /^--(pre|hostname-bin|search-zip)/u,
  sort: /^(-o|--output|--compress-program|-T|--temporary-directory|--files0-from)/u,
  tree: /^-(o|-output)/u,
  date: /^(-s|--set)/u,
  hostname: /^[^-]/u,
  yq: /^(-i|--inplace|--in-place)/u,
  file: /^(-C|--compile|-m)/u,
};

const SUBCOMMANDS: Readonly<Record<string, RegExp>> = {
  npm: /^(test|t|tst|ls|list|outdated|version|view|why|explain|--version|-v)$/u,
  pnpm: /^(test|t|ls|list|why|--version|-v)$/u,
  yarn: /^(test|list|why|--version|-v)$/u,
  bun: /^(test|--version|-v)$/u,
  deno: /^(test|lint|fmt|check|--version|-V)$/u,
  go: /^(test|vet|build|fmt|list|version|env)$/u,
  cargo: /^(test|check|build|clippy|fmt|tree|metadata|--version)$/u,
  make: /^(test|tests|check|lint|build|all|clean)$/u,
  mvn: /^(test|verify|compile|-v|--version)$/u,
  gradle: /^(test|check|build|--version)$/u,
  dotnet: /^(test|build|--version)$/u,
  swift: /^(test|build|--version)$/u,
  mix: /^(test|compile|format)$/u,
  composer: /^(test|validate)$/u,
};
const RUN_SCRIPTS =
  /^(test|lint|build|check|compile|typecheck|types?|format|fmt|unit|coverage|verify|tsc)([:_-].*)?$/u;
const FETCHING =
  /^(install|i|ci|add|remove|uninstall|update|upgrade|publish|login|logout|exec|x|dlx|create|init|link|audit|get|fetch|push|deploy|global|cache|config|token|pack)$/u;

/** Code given on the command line that plainly reaches for the machine or the network. */
const REACHING =
  /child_process|\bexec\b|spawn|\bfetch\b|https?|\bnet\b|dgram|socket|urllib|requests|subprocess|os\.system|popen|homedir|process\.env|os\.environ|["'`]\/|\.\.\/|\.ssh|rmtree|rmSync|unlink/u;

export function judgeProgram(command: SimpleCommand, folder: string, judgeLine: JudgeLine): Judgement {
  const [first, ...rest] = command.words;
  if (!first) return USUAL;
  const located = locate(first.text, folder);
  if (typeof located !== 'string') return located;
  return judgeCall({ name: located, args: rest.map((word) => word.text), folder, judgeLine });
}

/** The name by which a program is known, or what is to be thought of one that is named by a path. */
function locate(program: string, folder: string): string | Judgement {
  const name = program.replace(/^.*\//u, '').replace(/\.(exe|cmd|bat)$/iu, '');
  if (!program.includes('/')) return name;
  if (/^(\/usr(\/local)?)?\/s?bin\//u.test(program)) return name;
  if (/(^|\/)(node_modules\/\.bin|\.?venv\/bin)\/[^/]+$/u.test(program) && confine(program).ok) return name;
  if (/^\.?\/?(mvnw|gradlew)$/u.test(program)) return name.replace(/w$/u, '').replace('mvn', 'mvn');
  const led = judgeArgument(program, folder, 'read');
  return led.danger === 'usual' ? inside(`${name} is a program of the project`) : outward(led.why);
}

function judgeCall(call: Call): Judgement {
  const { name, args } = call;
  if (WRAPPERS.has(name)) return judgeWrapped(call);
  if (SHELLS.has(name)) return judgeShell(call);
  return worst([judgeDeed(call), ...judgeArguments(name, args, call.folder)]);
}

function judgeArguments(name: string, args: readonly string[], folder: string): Judgement[] {
  if (TEXT_ONLY.has(name)) return [];
  const pattern = PATTERN_FIRST.has(name) ? args.find((arg) => !arg.startsWith('-')) : undefined;
  const use = READERS.has(name) ? 'read' : 'write';
  return args.filter((arg) => arg !== pattern).map((arg) => judgeArgument(arg, folder, use));
}

function judgeDeed(call: Call): Judgement {
  const { name, args } = call;
  if (READERS.has(name)) {
    const option = args.find((arg) => EXECUTING[name]?.test(arg));
    return option === undefined ? USUAL : inside(`${name} ${option} does more than read`);
  }
  if (WRITERS.has(name) || CHECKERS.has(name)) return USUAL;
  if (NETWORK.has(name)) return outward(`${name} reaches other machines or other programs`);
  if (MACHINE.has(name)) return outward(`${name} changes the shell or the machine`);
  if (AGENTS.has(name)) return outward(`${name} starts another agent`);
  return judgeTool(call);
}

function judgeTool({ name, args }: Call): Judgement {
  if (name === 'git') return judgeGit(args);
  if (name === 'sed' || name === 'awk' || name === 'gawk') return judgeStreamEditor(name, args);
  if (name === 'node') return judgeNode(args);
  if (/^python(\d(\.\d+)?)?$/u.test(name)) return judgePython(args);
  if (name === 'npx' || name === 'pnpx' || name === 'bunx') return judgeNpx(args);
  if (/^(perl|ruby|php)$/u.test(name)) return judgeCode(name, args, /^-(e|r|n|p|i)/u);
  const usual = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  return usual ? judgeSubcommand(name, args, usual) : inside(`${name} is not known to be harmless`);
}

function judgeWrapped(call: Call): Judgement {
  let { args } = call;
  if (call.name === 'xargs' && args.some((arg) => /^-I|^--replace/u.test(arg))) {
    return outward('xargs with a placeholder is not judged');
  }
  while (args[0] !== undefined && /^(-|\d|[A-Za-z_]\w*=)/u.test(args[0])) {
    if (call.name === 'env' && (args[0].startsWith('-') || args[0].includes('=')))
      return outward('env changes what programs load or run');
    args = args.slice(1);
  }
  const [name, ...rest] = args;
  if (name === undefined) return call.name === 'env' ? inside('env shows the environment') : USUAL;
  const located = locate(name, call.folder);
  return typeof located === 'string' ? judgeCall({ ...call, name: located, args: rest }) : located;
}

function judgeShell(call: Call): Judgement {
  const at = call.args.findIndex((arg) => /^-[a-z]*c$/u.test(arg));
  const line = call.args[at + 1];
  if (at >= 0 && line !== undefined) return call.judgeLine(line);
  return worst([inside(`${call.name} runs a script`), ...judgeArguments(call.name, call.args, call.folder)]);
}

function judgeStreamEditor(name: string, args: readonly string[]): Judgement {
  if (args.some((arg) => /^(-i|--in-place|-f|--file)/u.test(arg)))
    return inside(`${name} changes files or runs a script`);
  if (name === 'sed') {
    const scripts = args.filter((arg) => !arg.startsWith('-')).slice(0, 1);
    const prints = scripts.every((script) =>
      /^(\d+|\$)?(,(\d+|\$))?[pdq]?(;(\d+|\$)?(,(\d+|\$))?[pdq])*$/u.test(script),
    );
    return prints ? USUAL : inside('sed may write or run what its script says');
  }
  return args.some((arg) => /system|getline|[|>]/u.test(arg)) ? outward(`${name} may run commands`) : USUAL;
}

function judgeNode(args: readonly string[]): Judgement {
  if (args.every((arg) => /^(--version|-v|--help|-h)$/u.test(arg)) && args.length > 0) return USUAL;
  if (args.includes('--test') || args.includes('--check')) {
    return args.some((arg) => /^(-e|--eval|-p|--print|-r|--require|--env-file)/u.test(arg))
      ? inside('node is given code or files to load')
      : USUAL;
  }
  return judgeCode('node', args, /^(-e|--eval|-p|--print|-pe)/u);
}

function judgePython(args: readonly string[]): Judgement {
  const at = args.indexOf('-m');
  const module = args[at + 1];
  if (at >= 0 && module !== undefined) {
    if (
      /^(pytest|unittest|mypy|ruff|flake8|pylint|black|isort|compileall|py_compile|doctest|pyright|coverage)$/u.test(
        module,
      )
    )
      return USUAL;
    return /^(pip|venv|ensurepip|http\.server|smtplib|ftplib)$/u.test(module)
      ? outward(`python -m ${module} reaches out`)
      : inside(`python -m ${module} is not known to be harmless`);
  }
  if (args.length > 0 && args.every((arg) => /^(--version|-V|--help|-h)$/u.test(arg))) return USUAL;
  return judgeCode('python', args, /^-c/u);
}

function judgeCode(name: string, args: readonly string[], option: RegExp): Judgement {
  const at = args.findIndex((arg) => option.test(arg));
  if (at < 0) return inside(`${name} runs a program of the project`);
  return args.slice(at).some((arg) => REACHING.test(arg))
    ? outward(`${name} is given code that reaches beyond the working copy`)
    : inside(`${name} is given code on the command line`);
}

function judgeNpx(args: readonly string[]): Judgement {
  const tool = args.find((arg) => !arg.startsWith('-')) ?? '';
  if (args.some((arg) => /^(-c|--call|-p|--package|-y|--yes)/u.test(arg)))
    return outward('npx may download and run a package');
  return CHECKERS.has(tool) ? USUAL : outward(`npx may download and run ${tool}`);
}

function judgeSubcommand(name: string, args: readonly string[], usual: RegExp): Judgement {
  const plain = args.filter((arg) => !arg.startsWith('-') || /^(--version|-v|-V)$/u.test(arg));
  const [first, second] = plain;
  if (first === undefined) return inside(`${name} does what its files say`);
  if (first === 'run' || first === 'run-script') {
    return RUN_SCRIPTS.test(second ?? '') ? USUAL : inside(`${name} ${first} runs a script of the project`);
  }
  if (usual.test(first)) return USUAL;
  if (FETCHING.test(first))
    return outward(`${name} ${first} downloads, publishes or changes what is outside`);
  return inside(`${name} ${first} is not known to be harmless`);
}
