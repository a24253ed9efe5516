/** Cells of a notebook as JSON, laid out as the file around them is. */
import { itemsAt, type JsonSpan } from './json-spans.ts';

export const CELL_TYPES = ['code', 'markdown', 'raw'] as const;
export type CellType = (typeof CELL_TYPES)[number];

/** A cell as a text wants it. */
export interface WantedCell {
  /** `new` for one to be made. */
  readonly name: string;
  readonly type: CellType;
  readonly source: string;
}

/** What stands around the items of a list. */
interface ListLayout {
  readonly open: string;
  readonly between: string;
  readonly close: string;
}

/** How a notebook's file is laid out. */
export interface Layout {
  /** Before the first cell, between cells, after the last one. */
  readonly lead: string;
  readonly between: string;
  readonly trail: string;
  /** Of one level; absent where the file is one line. */
  readonly unit: string | undefined;
  readonly lineEnd: string;
  /** Letters beyond ASCII are written as escapes. */
  readonly escapes: boolean;
  /** Of the first source that is a list with lines. */
  readonly list: ListLayout | undefined;
}

/** A source in the place of the one at `at`: a text where it was one, a list of lines where it was that. Lines that stay, stay as they were written. */
export function sourceText(json: string, at: JsonSpan, source: string, layout: Layout): string {
  if (json[at.start] === '"') return stringText(source, layout);
  const items = itemsAt(json, at.start).map(({ start, end }) => json.slice(start, end));
  const written = new Map(items.map((item) => [JSON.parse(item) as string, item]));
  const texts = linesOf(source).map((line) => written.get(line) ?? stringText(line, layout));
  return listText(texts, items.length > 0 ? listLayout(json, at) : (layout.list ?? guessed(layout, 3)));
}

/** A cell that was not there, as Jupyter writes it: keys in the order of the alphabet. */
export function newCellText(
  { type, source }: WantedCell,
  { layout, id }: { readonly layout: Layout; readonly id: string | undefined },
): string {
  const list = layout.list ?? guessed(layout, 3);
  const isCode = type === 'code';
  const members = [
    `"cell_type": "${type}"`,
    ...(isCode ? ['"execution_count": null'] : []),
    ...(id === undefined ? [] : [`"id": "${id}"`]),
    '"metadata": {}',
    ...(isCode ? ['"outputs": []'] : []),
    `"source": ${listText(
      linesOf(source).map((line) => stringText(line, layout)),
      list,
    )}`,
  ];
  if (layout.unit === undefined) return `{${members.join(', ')}}`;
  const inner = layout.lead + layout.unit;
  return `{${inner}${members.join(`,${inner}`)}${layout.lead}}`;
}

/** What stands around the items of a list that is there and not empty. */
export function listLayout(json: string, list: JsonSpan): ListLayout {
  const items = itemsAt(json, list.start);
  const open = json.slice(list.start + 1, items[0]?.start);
  const [first, second] = items;
  const between = first && second ? json.slice(first.end, second.start) : `,${open === '' ? ' ' : open}`;
  return { open, between, close: json.slice(items.at(-1)?.end, list.end - 1) };
}

const listText = (items: readonly string[], { open, between, close }: ListLayout): string =>
  items.length === 0 ? '[]' : `[${open}${items.join(between)}${close}]`;

/** Of a list whose brackets stand `depth` levels deep. */
function guessed({ unit, lineEnd }: Layout, depth: number): ListLayout {
  if (unit === undefined) return { open: '', between: ', ', close: '' };
  const open = lineEnd + unit.repeat(depth + 1);
  return { open, between: `,${open}`, close: lineEnd + unit.repeat(depth) };
}

function stringText(text: string, { escapes }: Layout): string {
  const json = JSON.stringify(text);
  if (!escapes) return json;
  return json.replace(/[^\x00-\x7f]/gu, (letter) =>
    Array.from(
      { length: letter.length },
      (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

/** Lines with their ends. */
const linesOf = (source: string): readonly string[] => source.match(/[^\n]*\n|[^\n]+$/gu) ?? [];
