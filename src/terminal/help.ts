/** `quartet help`, as a whole or for one command, and what is said to a word that is none. */
import { nearestName } from './nearest-name.ts';
import { USAGE } from './usage.ts';

const [COMMANDS = '', OPTIONS = '', ENVIRONMENT = '', EXIT_CODES = ''] =
  USAGE.split(/\n\n|\n(?=Exit codes:)/u);

/** A head line with what is indented below it. */
interface Entry {
  readonly name: string;
  readonly text: string;
}

function entriesOf(section: string, head: RegExp): readonly Entry[] {
  return section.split(new RegExp(`\\n(?=${head.source})`, 'u')).flatMap((text) => {
    const name = head.exec(text)?.[1];
    return name === undefined ? [] : [{ name, text }];
  });
}

const ABOUT = entriesOf(COMMANDS, / {2}quartet ([a-z]+)/u);

/** Every command, as the usage has them. */
export const COMMAND_NAMES: readonly string[] = [...new Set(ABOUT.map(({ name }) => name))];

/** What starts or changes the work of a team takes every option; the others take these. */
const WORKING = ['run', 'ask', 'test', 'resume', 'fork', 'set', 'doctor'];
const ANYWHERE = ['workspace', 'state-dir', 'json'];

function optionsFor(command: string): string {
  if (WORKING.includes(command)) return `${OPTIONS}\n\n${ENVIRONMENT}`;
  const few = entriesOf(OPTIONS, / {2}--([a-z-]+)/u).filter(({ name }) => ANYWHERE.includes(name));
  return ['Options:', ...few.map(({ text }) => text)].join('\n');
}

/** All of it, or what is about one command. */
export function helpText(command: string | undefined): string {
  if (command === undefined) return USAGE;
  const own = ABOUT.filter(({ name }) => name === command).map(({ text }) => text);
  return ['Usage:', ...own, '', optionsFor(command), '', EXIT_CODES].join('\n');
}

/** Where to read on, for somebody who typed this. */
export function helpHint(args: readonly string[]): string {
  const command = args.find((each) => each !== 'help' && COMMAND_NAMES.includes(each));
  return ['See: quartet help', ...(command === undefined ? [] : [command])].join(' ');
}

export function unknownCommand(name: string): string {
  return `There is no command "${name}".${meant(nearestName(name, COMMAND_NAMES))}`;
}

/** `option`: with its hyphens. A goal that begins with one is taken for options. */
export function unknownOption(
  option: string,
  { known, args }: { readonly known: readonly string[]; readonly args: readonly string[] },
): string {
  const goal = args.some((each) => /^-[^-].*\s/u.test(each));
  if (goal) return 'What begins with "-" is taken for options. Put -- before a goal or question that does.';
  const near = option.startsWith('--') ? nearestName(option.slice(2), known) : undefined;
  return `There is no option ${option}.${meant(near === undefined ? undefined : `--${near}`)}`;
}

const meant = (name: string | undefined): string => (name === undefined ? '' : ` Did you mean ${name}?`);
