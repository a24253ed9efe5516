/** Reads shell command lines as far as needed to tell which part of them runs tests. Quotes are respected; nothing is expanded. */
import type { Runner } from '../report.ts';

export interface Word {
  /** Without quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** One simple command of a line. `last` where nothing follows it. */
export interface Segment {
  readonly words: readonly Word[];
  readonly last: boolean;
}

/** The part of a command line that runs tests. `at` is the index of the runner's own word; flags go right after it. */
export interface RunnerUse {
  readonly runner: Runner;
  readonly segment: Segment;
  readonly at: number;
}

const OPERATOR = /^(&&|\|\||;|\||&|\n|[()])/;

/** Splits a command line into simple commands. */
export function segmentsOf(line: string): readonly Segment[] {
  const segments: Word[][] = [[]];
  let at = 0;
  while (at < line.length) {
    const rest = line.slice(at);
    const operator = OPERATOR.exec(rest)?.[0];
    if (operator !== undefined) {
      segments.push([]);
      at += operator.length;
    } else if (/^\s/.test(rest)) {
      at += 1;
    } else {
      const raw =
        /^(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\&|;()]|["'\\])+/.exec(rest)?.[0] ?? rest.charAt(0);
      segments.at(-1)?.push({ text: unquoted(raw), start: at, end: at + raw.length });
      at += raw.length;
    }
  }
  const filled = segments.filter((words) => words.length > 0);
  return filled.map((words, index) => ({ words, last: index === filled.length - 1 }));
}

function unquoted(raw: string): string {
  return raw.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g, (_all, double, single, plain) =>
    String(double ?? single ?? plain ?? '').replace(/\\(["$`\\])/g, '$1'),
  );
}

const RUNNERS: readonly { readonly words: RegExp; readonly runner: Runner }[] = [
  { words: /^(jest|react-scripts|craco|razzle)$/, runner: 'jest' },
  { words: /^vitest$/, runner: 'vitest' },
  { words: /^_?mocha$/, runner: 'mocha' },
  { words: /^ava$/, runner: 'ava' },
  { words: /^tap$/, runner: 'tap' },
  { words: /^tape$/, runner: 'tape' },
  { words: /^(pytest|py\.test)$/, runner: 'pytest' },
  { words: /^unittest$/, runner: 'unittest' },
  { words: /^phpunit$/, runner: 'phpunit' },
  { words: /^rspec$/, runner: 'rspec' },
  { words: /^ctest$/, runner: 'ctest' },
];

/** Programs that run tests by a word of theirs: flags go after that word. */
const VERBS: readonly { readonly program: RegExp; readonly verbs: RegExp; readonly runner: Runner }[] = [
  { program: /^playwright$/, verbs: /^test$/, runner: 'playwright' },
  { program: /^go$/, verbs: /^test$/, runner: 'go' },
  { program: /^cargo$/, verbs: /^(test|t)$/, runner: 'cargo' },
  { program: /^dotnet$/, verbs: /^test$/, runner: 'dotnet' },
  { program: /^mvnw?$/, verbs: /^(test|verify|install|package|integration-test)$/, runner: 'maven' },
  { program: /^gradlew?(\.bat)?$/, verbs: /^(.*:)?(test|check|build)$/, runner: 'gradle' },
  { program: /^(rake|rails)$/, verbs: /^test$/, runner: 'minitest' },
];

/** Every part of the line whose runner is known, in order. */
export function runnersOf(line: string): readonly RunnerUse[] {
  return segmentsOf(line).flatMap((segment) => runnerOfSegment(segment) ?? []);
}

function runnerOfSegment(segment: Segment): RunnerUse | undefined {
  const names = segment.words.map((word) => programName(word.text));
  const test = names.indexOf('--test');
  const node = names.findIndex((name) => /^(node|tsx)$/.test(name));
  if (node >= 0 && test > node) return { runner: 'node', segment, at: test };
  if (names[0] === 'bun' && names[1] === 'test') return { runner: 'bun', segment, at: 1 };
  const byVerb = verbOf(segment, names);
  if (byVerb !== undefined) return byVerb;
  for (const [at, name] of names.entries()) {
    const known = RUNNERS.find(({ words }) => words.test(name));
    if (known === undefined || !isProgram(segment, at)) continue;
    const wrapped = /^(react-scripts|craco|razzle)$/.test(name);
    if (wrapped && names[at + 1] !== 'test') continue;
    const hasVerb = wrapped || (known.runner === 'vitest' && names[at + 1] === 'run');
    return { runner: known.runner, segment, at: hasVerb ? at + 1 : at };
  }
  return undefined;
}

function verbOf(segment: Segment, names: readonly string[]): RunnerUse | undefined {
  const at = names.findIndex(
    (_, index) => isProgram(segment, index) && VERBS.some(({ program }) => program.test(names[index] ?? '')),
  );
  const known = VERBS.find(({ program }) => program.test(names[at] ?? ''));
  if (at < 0 || known === undefined) return undefined;
  if (names[at] === 'cargo' && names[at + 1] === 'nextest' && names[at + 2] === 'run')
    return { runner: 'nextest', segment, at: at + 2 };
  const verb = names.findIndex((name, index) => index > at && known.verbs.test(name));
  return verb < 0 ? undefined : { runner: known.runner, segment, at: verb };
}

/** The program that a simple command runs in the end, whatever stands before it; `undefined` where it is none. */
export function runnableOf(segment: Segment): string | undefined {
  const names = segment.words.map((word) => programName(word.text));
  const at = names.findIndex((name, index) => isProgram(segment, index) && !isBefore(name));
  return names[at];
}

/** `node_modules/.bin/jest.cmd` is jest. */
function programName(word: string): string {
  return (word.split(/[\\/]/).at(-1) ?? word).replace(/\.(cmd|exe|[cm]?js)$/, '');
}

/** A word runs where only assignments, wrappers and their flags stand before it. */
function isProgram(segment: Segment, at: number): boolean {
  const before = segment.words.slice(0, at).map((word) => programName(word.text));
  return before.every(isBefore);
}

function isBefore(word: string): boolean {
  return /^[A-Za-z_]\w*=|^-|^\d+$/.test(word) || WRAPPERS.has(word) || isPython(word);
}

const WRAPPERS = new Set(
  'cross-env env npx npm pnpm yarn bunx bun exec dlx run x c8 nyc node tsx uv poetry pipenv hatch pdm coverage dotenv time sh -c -- bundle php xvfb-run'.split(
    ' ',
  ),
);

function isPython(word: string): boolean {
  return /^(python|py)[\d.]*$/.test(word);
}
