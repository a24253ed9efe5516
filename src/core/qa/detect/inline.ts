/** Package scripts as one command line for a shell: `npm run other` is replaced by what it runs, installed programs are called through the manager. */
import { runnersOf, segmentsOf } from './script.ts';
import type { Segment } from './script.ts';

export type Scripts = Readonly<Record<string, string>>;

/** Scripts may call each other so deep. */
const DEPTH_MAX = 4;

/** Parts that run no known runner stay as they are. */
export function inlined(line: string, scripts: Scripts, exec: string): string {
  return expanded(line, { scripts, exec, depth: 0 });
}

interface Inlining {
  readonly scripts: Scripts;
  readonly exec: string;
  readonly depth: number;
}

function expanded(line: string, its: Inlining): string {
  return segmentsOf(line).reduceRight((text, segment) => {
    const [first] = segment.words;
    const last = segment.words.at(-1);
    if (first === undefined || last === undefined) return text;
    const called = its.depth < DEPTH_MAX ? calledBy(segment, line, its.scripts) : undefined;
    const inner = called === undefined ? undefined : expanded(called, { ...its, depth: its.depth + 1 });
    if (inner === undefined || runnersOf(inner).length === 0) return withProgram(text, segment, its.exec);
    return `${text.slice(0, first.start)}(${inner})${text.slice(last.end)}`;
  }, line);
}

/** The text of the script that a part calls, with what runs before it and the arguments it is given. */
function calledBy({ words }: Segment, line: string, scripts: Scripts): string | undefined {
  if (!/^(npm|pnpm|yarn|bun)$/.test(words[0]?.text ?? '')) return undefined;
  const at = words.findIndex((word, index) => index > 0 && word.text !== 'run' && !word.text.startsWith('-'));
  const name = words[at]?.text;
  const text = name === undefined ? undefined : scripts[name];
  if (name === undefined || text === undefined) return undefined;
  const before = scripts[`pre${name}`];
  const rest = words.slice(at + 1).filter((word, index) => index > 0 || word.text !== '--');
  const [from, to] = [rest[0]?.start ?? 0, rest.at(-1)?.end ?? 0];
  return `${before === undefined ? '' : `${before} && `}${text} ${line.slice(from, to)}`.trim();
}

const EVERYWHERE = new Set(
  'node npm npx pnpm yarn bun bunx echo cd rm mkdir cp mv true false test sh bash env exit export set python python3'.split(
    ' ',
  ),
);

function withProgram(text: string, { words }: Segment, exec: string): string {
  const program = words.find((word) => !/^[A-Za-z_]\w*=/.test(word.text));
  if (program === undefined || EVERYWHERE.has(program.text) || /[\\/]/.test(program.text)) return text;
  return `${text.slice(0, program.start)}${exec} ${text.slice(program.start)}`;
}
