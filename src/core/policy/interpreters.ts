/** Interpreters: what they are given to run. What a program of the project does cannot be told from its name. */
import { inside, outward, READING, USUAL, worst, type Judgement } from './danger.ts';

/** Code that plainly reaches for the machine or the network. Code that hides it is not found so; the sandbox is for that. */
const REACHING =
  /child_process|\bexec|spawn|\bfetch\b|https?\b|\bnet\b|\bdns\b|dgram|socket|urllib|requests|subprocess|os\.(system|popen|exec)|popen|homedir|process\.(env|binding|dlopen)|os\.environ|getenv|["'`]\/|\.\.\/|["'`]~|\.ssh|rmtree|rmSync|\brm\b|unlink|\beval\b|Function\s*\(|__import__|importlib|getattr|globalThis|fromCharCode|\batob\b|base64|\\x[0-9a-f]{2}|\\u[0-9a-f{]|\bsystem\b|%x|`[^`]*`\s*$|ctypes|\bload\b|marshal|pickle|constructor/iu;

const CODE: readonly (readonly [RegExp, RegExp])[] = [
  [/^(node|nodejs|tsx|ts-node)$/u, /^(-[a-z]*[ep]|--eval|--print)/u],
  [/^py/u, /^-[a-zA-Z]*c/u],
  [/^(perl|ruby)$/u, /^-[a-zA-Z0-9]*[eEnpi]/u],
  [/^php$/u, /^-(r|R|B|E)/u],
  [/./u, /^(-e|--eval|-c)/u],
];
const VERSION = /^(--version|-v|-V|--help|-h)$/u;

export interface InterpreterCall {
  readonly name: string;
  readonly args: readonly string[];
  /** What is written into it: `undefined` nothing that is known of, `null` what cannot be told. */
  readonly input: string | null | undefined;
  readonly piped: boolean;
}

export function judgeInterpreter(call: InterpreterCall): Judgement {
  const { name, args } = call;
  if (args.length > 0 && args.every((arg) => VERSION.test(arg))) return READING;
  if (/^node(js)?$/u.test(name) && args.some((arg) => /^--(test|check)$|^-c$/u.test(arg)))
    return judgeNodeTest(args);
  const module = args.indexOf('-m');
  if (/^py/u.test(name) && module >= 0)
    return worst([judgeModule(args[module + 1] ?? ''), judgeModuleWords(args.slice(module + 1))]);
  if (
    /^(perl|ruby|php)$/u.test(name) &&
    args.some((arg) => /^-[wc]*c[wc]*$|^-l$/u.test(arg)) &&
    args.length > 1
  )
    return inside(`${name} checks a program`);
  return judgeCode(call);
}

function judgeNodeTest(args: readonly string[]): Judgement {
  return args.some((arg) =>
    /^(-e|--eval|-p|--print|-r|--require|--import|--loader|--experimental-loader|--env-file)/u.test(arg),
  )
    ? inside('node is given code or files to load')
    : USUAL;
}

/** Some modules run what their words say. */
const judgeModuleWords = ([module = '', ...words]: readonly string[]): Judgement =>
  !USUAL_MODULES.test(module) && words.some((word) => REACHING.test(word))
    ? outward(`python -m ${module} is given what reaches beyond the working copy`)
    : READING;

const USUAL_MODULES =
  /^(pytest|unittest|mypy|ruff|flake8|pylint|black|isort|compileall|py_compile|doctest|pyright|coverage|tox|nox|json\.tool|tokenize|ast|this|bandit)$/u;
const REACHING_MODULES =
  /^(pip|venv|ensurepip|http\.server|smtplib|ftplib|telnetlib|webbrowser|antigravity|pdb|code|pickle|ctypes)$/u;

function judgeModule(module: string): Judgement {
  if (USUAL_MODULES.test(module)) return USUAL;
  return REACHING_MODULES.test(module)
    ? outward(`python -m ${module} reaches out`)
    : inside(`python -m ${module} is not known to be harmless`);
}

function judgeCode({ name, args, input, piped }: InterpreterCall): Judgement {
  const option = CODE.find(([program]) => program.test(name))?.[1] ?? /^-e/u;
  const at = args.findIndex((arg) => option.test(arg));
  const hasFile = args.some((arg) => !arg.startsWith('-') && !/^\/(dev|proc)\//u.test(arg));
  if (at >= 0)
    return args.slice(at).some((arg) => REACHING.test(arg))
      ? outward(`${name} is given code that reaches beyond the working copy`)
      : inside(`${name} is given code on the command line`);
  if (hasFile) return inside(`${name} runs a program of the project`);
  if (piped || input === null) return outward(`${name} is fed code that cannot be told`);
  if (input === undefined) return inside(`${name} runs what it is given`);
  return REACHING.test(input)
    ? outward(`${name} is given code that reaches beyond the working copy`)
    : inside(`${name} is given code on the command line`);
}
