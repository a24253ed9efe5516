/** What a call writes into files, as lines that go and lines that come. Pure; what is no such call, or was cut, is shown as it is. */
import { visible } from './visible.ts';

export interface EditLine {
  readonly kind: 'same' | 'gone' | 'new' | 'mark';
  readonly text: string;
}

export interface FileText {
  /** Name of the language, as a file's ending tells it; empty: not known. */
  readonly language: string;
  readonly text: string;
}

type Args = Readonly<Record<string, unknown>>;

const isArgs = (value: unknown): value is Args =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function argsOf(text: string): Args | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isArgs(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const lines = (text: string, kind: EditLine['kind']): readonly EditLine[] =>
  text === ''
    ? []
    : visible(text.replace(/\n$/u, ''))
        .split('\n')
        .map((line) => ({ kind, text: line }));

/** One replacement; lines that both texts begin or end with stay. */
function replaced({
  old_text: before,
  new_text: after,
  replace_all: all,
}: Args): readonly EditLine[] | undefined {
  if (typeof before !== 'string' || typeof after !== 'string') return undefined;
  const [gone, come] = [lines(before, 'gone'), lines(after, 'new')];
  const most = Math.min(gone.length, come.length);
  const isSame = (a: EditLine | undefined, b: EditLine | undefined): boolean => a?.text === b?.text;
  let head = 0;
  while (head < most && isSame(gone[head], come[head])) head += 1;
  let tail = 0;
  while (tail < most - head && isSame(gone[gone.length - 1 - tail], come[come.length - 1 - tail])) tail += 1;
  const same = (from: number, to: number): readonly EditLine[] =>
    gone.slice(from, to).map(({ text }) => ({ kind: 'same', text }));
  return [
    { kind: 'mark', text: all === true ? '@@ replace_all @@' : '@@' },
    ...same(0, head),
    ...gone.slice(head, gone.length - tail),
    ...come.slice(head, come.length - tail),
    ...same(gone.length - tail, gone.length),
  ];
}

/** What a line of a patch says of itself. Heads of files look like lines that go and come. */
function kindOf(line: string): EditLine['kind'] {
  if (/^(?:@@|\*\*\*|--- |\+\+\+ |diff |index )/u.test(line)) return 'mark';
  return line.startsWith('+') ? 'new' : line.startsWith('-') ? 'gone' : 'same';
}

/** The lines that a call takes out and puts in; `undefined` where it does neither or cannot be read. */
export function editOf(tool: string, argsText: string): readonly EditLine[] | undefined {
  const args = argsOf(argsText);
  if (args === undefined) return undefined;
  if (tool === 'apply_patch' && typeof args['patch'] === 'string')
    return lines(args['patch'], 'same').map(({ text }) => ({ kind: kindOf(text), text }));
  if (tool !== 'edit_file' || !Array.isArray(args['edits'])) return undefined;
  const all = args['edits'].map((edit: unknown) => (isArgs(edit) ? replaced(edit) : undefined));
  return all.length > 0 && all.every((edit) => edit !== undefined) ? all.flat() : undefined;
}

/** Endings whose language has another name. */
const ENDINGS: Readonly<Record<string, string>> = {
  mjs: 'js',
  cjs: 'js',
  mts: 'ts',
  cts: 'ts',
  h: 'cpp',
  svg: 'xml',
  cfg: 'ini',
};

/** The text that a call writes a file with; `undefined` where it writes none or cannot be read. */
export function writtenBy(tool: string, argsText: string): FileText | undefined {
  const args = tool === 'write_file' ? argsOf(argsText) : undefined;
  const [path, content] = [args?.['path'], args?.['content']];
  if (typeof path !== 'string' || typeof content !== 'string') return undefined;
  const ending = /\.(\w+)$/u.exec(path)?.[1]?.toLowerCase() ?? '';
  return { language: ENDINGS[ending] ?? ending, text: visible(content) };
}
