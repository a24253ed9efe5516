/** Options by which programs that look, or only seem to, run and write after all. */
import { inside, outward, READING, type Judgement } from './danger.ts';

interface Options {
  /** Long names; whatever begins one counts, since many programs take abbreviations. */
  readonly long?: readonly string[];
  /** Short ones, also among others in one word. */
  readonly short?: RegExp;
}

/** They run what they are given. */
const RUNNING: Readonly<Record<string, Options>> = {
  fd: { long: ['--exec', '--exec-batch'], short: /^-[a-zA-Z]*[xX]/u },
  rg: { long: ['--pre', '--hostname-bin', '--search-zip'], short: /^-[a-zA-Z]*z/u },
  sort: { long: ['--compress-program'] },
  tar: {
    long: [
      '--to-command',
      '--checkpoint-action',
      '--use-compress-program',
      '--info-script',
      '--new-volume-script',
      '--rsh-command',
      '--rmt-command',
      '--absolute-names',
    ],
    short: /^-[a-zA-Z]*[IFP]/u,
  },
  zip: { long: ['--unzip-command'], short: /^-[a-zA-Z]*TT|^-TT/u },
  gtar: {
    long: ['--to-command', '--checkpoint-action', '--use-compress-program', '--absolute-names'],
    short: /^-[a-zA-Z]*[IFP]/u,
  },
  split: { long: ['--filter'] },
  make: { long: ['--eval'], short: /^(-E|SHELL=|.*\$\()/u },
  bat: { long: ['--pager'] },
  man: { long: ['--pager', '--html'], short: /^-[PH]/u },
  diff: { long: ['--paginate'], short: /^-[a-zA-Z]*l/u },
  cmake: { long: ['-E', '-P'], short: /^-[EP]/u },
  npm: {
    long: [
      '--script-shell',
      '--globalconfig',
      '--userconfig',
      '--node-options',
      '--call',
      '--git',
      '--registry',
    ],
  },
  go: {
    long: ['-exec', '-toolexec', '-vettool', '-w', '-overlay', '-modfile'],
    short: /^-{1,2}(exec|toolexec|vettool|w|overlay|modfile)\b/u,
  },
  cargo: { long: ['--config'] },
  gcc: { long: ['-wrapper', '-fplugin'], short: /^-(wrapper|fplugin|B)/u },
  jq: { short: /^-[a-zA-Z]*L/u },
};

/** They write, change or reveal something. */
const WRITING: Readonly<Record<string, Options>> = {
  sort: { long: ['--output', '--temporary-directory', '--files0-from'], short: /^-[a-zA-Z]*[oT]/u },
  tree: { short: /^-o|^--output/u },
  date: { long: ['--set'], short: /^-s/u },
  hostname: { short: /^[^-]|^-[bF]/u },
  yq: { long: ['--inplace', '--in-place'], short: /^-[a-zA-Z]*i/u },
  file: { long: ['--compile', '--magic-file'], short: /^-[a-zA-Z]*[Cm]/u },
  ps: { short: /e(ww)?$/u },
  wc: { long: ['--files0-from'] },
  du: { long: ['--files0-from'] },
  less: { long: ['--log-file', '--LOG-FILE'], short: /^-[a-zA-Z]*[oO]/u },
  xxd: { short: /^-r/u },
  iconv: { long: ['--output'], short: /^-o/u },
  base64: { long: ['--output'], short: /^-o/u },
};

const fits = (arg: string, { long = [], short }: Options): boolean => {
  const stem = arg.split('=')[0] ?? '';
  return (
    (stem.length > 2 && stem.startsWith('--') && long.some((name) => name.startsWith(stem))) ||
    (!arg.startsWith('--') && short?.test(arg) === true)
  );
};

const of = (table: Readonly<Record<string, Options>>, name: string): Options =>
  (Object.hasOwn(table, name) ? table[name] : undefined) ?? {};

/** True for programs that a file name could tell to run something, where it stands for an option. */
export const obeysOptions = (name: string): boolean =>
  Object.hasOwn(RUNNING, name) || name === 'find' || name === 'git';

export function judgeOptions(name: string, args: readonly string[]): Judgement {
  // The first word of tar is options with or without a dash.
  if (/^g?tar$/u.test(name) && args[0] !== undefined && !args[0].startsWith('-'))
    return judgeOptions(name, [`-${args[0]}`, ...args.slice(1)]);
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  const running = options.find((arg) => fits(arg, of(RUNNING, name)));
  if (running !== undefined) return outward(`${name} ${running} may run what it is given`);
  const writing = options.find((arg) => fits(arg, of(WRITING, name)));
  return writing === undefined ? READING : inside(`${name} ${writing} does more than read`);
}
