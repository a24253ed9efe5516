/**
 * Notebooks (.ipynb) as a text of cells, and back. An edit is made on the text; in the file only the cells that it changed are
 * written anew, the rest stays byte for byte: order of keys, indentation, escapes, line ends, outputs.
 *
 * A cell begins with the line `%%% cell <id> <type>`; one without an id of its own is named by its number, `@3`. A line
 * `%%% cell new <type>` makes a cell. Where a source holds such lines, the marks have more signs. Outputs are not shown; those of a
 * code cell whose source changes are cleared, as they came from another source.
 */
import { itemsAt, membersAt, spanAt, type JsonSpan } from './json-spans.ts';
import {
  CELL_TYPES,
  listLayout,
  newCellText,
  sourceText,
  type CellType,
  type Layout,
  type WantedCell,
} from './notebook-cells.ts';

interface Cell {
  readonly name: string;
  readonly type: CellType;
  readonly source: string;
  readonly span: JsonSpan;
  readonly members: ReadonlyMap<string, JsonSpan>;
}

interface Notebook {
  readonly json: string;
  readonly cells: readonly Cell[];
  /** The list of cells. */
  readonly list: JsonSpan;
  /** What begins a line that begins a cell. */
  readonly mark: string;
  /** Cells have ids of their own. */
  readonly hasIds: boolean;
}

/** The cells as text; `undefined` where the file is no notebook that can be edited by cell. */
export function notebookText(json: string): string | undefined {
  const book = notebookOf(json);
  return book?.cells
    .map(({ name, type, source }) => `${book.mark} cell ${name} ${type}\n${source}\n`)
    .join('');
}

export type NotebookEdited =
  | { readonly ok: true; readonly json: string; readonly notes: readonly string[] }
  | { readonly ok: false; readonly why: string };

/** The notebook with the cells of `text`, which is what `notebookText` gave, changed. */
export function withNotebookText(json: string, text: string): NotebookEdited {
  const book = notebookOf(json);
  if (!book) return { ok: false, why: 'the file is no notebook' };
  const wanted = cellsIn(text, book.mark);
  if (typeof wanted === 'string') return { ok: false, why: wanted };
  const byName = new Map(book.cells.map((cell) => [cell.name, cell]));
  const problem = problemIn(wanted, byName);
  if (problem !== undefined) return { ok: false, why: problem };
  const notes: string[] = [];
  const layout = layoutOf(book);
  let made = 0;
  const texts = wanted.map((cell) => {
    const old = byName.get(cell.name);
    if (old) return changedCell(book, old, cell.source, { layout, notes });
    made += 1;
    return newCellText(cell, { layout, id: book.hasIds ? freshId(byName, made) : undefined });
  });
  const kept = wanted.map(({ name }) => name).join(' ') === book.cells.map(({ name }) => name).join(' ');
  return { ok: true, json: kept ? inPlace(book, texts) : assembled(book, texts, layout), notes };
}

/** True where a text is written as cells. */
export const isCellText = (text: string): boolean => /^\s*%{3,} cell \S+/u.test(text);

/** A notebook without cells, as Jupyter writes it. */
export const EMPTY_NOTEBOOK = `{
 "cells": [],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
`;

interface Parsed {
  readonly nbformat?: unknown;
  readonly nbformat_minor?: unknown;
  readonly cells?: unknown;
}
interface ParsedCell {
  readonly cell_type?: unknown;
  readonly id?: unknown;
  readonly source?: unknown;
}

function notebookOf(json: string): Notebook | undefined {
  const parsed = parse(json);
  if (parsed?.nbformat !== 4 || !Array.isArray(parsed.cells)) return undefined;
  const list = membersAt(json, spanAt(json, json.startsWith('\uFEFF') ? 1 : 0).start).get('cells');
  const raw = parsed.cells as readonly ParsedCell[];
  const spans = list ? itemsAt(json, list.start) : [];
  if (!list || spans.length !== raw.length || !raw.every(isCell)) return undefined;
  const ids = raw.map(({ id }) => id);
  const cells = raw.map((cell, at): Cell => {
    const span = spans[at] ?? list;
    const ownId = typeof cell.id === 'string' && /^(?!new$)[\w-]+$/u.test(cell.id) ? cell.id : undefined;
    const isOnly = ids.indexOf(cell.id) === ids.lastIndexOf(cell.id);
    return {
      name: ownId !== undefined && isOnly ? ownId : `@${at + 1}`,
      type: cell.cell_type as CellType,
      source: sourceOf(cell.source) ?? '',
      span,
      members: membersAt(json, span.start),
    };
  });
  const runs = cells.flatMap(({ source }) => source.match(/^%+/gmu) ?? []);
  const mark = '%'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  const minor = typeof parsed.nbformat_minor === 'number' ? parsed.nbformat_minor : 0;
  return { json, cells, list, mark, hasIds: minor >= 5 };
}

function parse(json: string): Parsed | undefined {
  try {
    const value: unknown = JSON.parse(json.replace(/^\uFEFF/u, ''));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const isCell = (cell: ParsedCell): boolean =>
  typeof cell === 'object' &&
  (CELL_TYPES as readonly unknown[]).includes(cell.cell_type) &&
  sourceOf(cell.source) !== undefined;

function sourceOf(source: unknown): string | undefined {
  if (typeof source === 'string') return source;
  if (!Array.isArray(source) || !source.every((line) => typeof line === 'string')) return undefined;
  return source.join('');
}

const MARKED = /^(%{3,}) cell (?:(\S+) )?(code|markdown|raw)\s*$/u;

/** The cells that a text wants, or why it cannot be read. */
function cellsIn(text: string, mark: string): readonly WantedCell[] | string {
  const cells: { name: string; type: CellType; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const [, signs, name = 'new', type] = MARKED.exec(line) ?? [];
    if (signs === mark) cells.push({ name, type: type as CellType, lines: [] });
    else if (line.startsWith(`${mark} cell`))
      return `"${line}" names no kind of cell: write "${mark} cell new code", markdown or raw`;
    else if (cells.length > 0) cells.at(-1)?.lines.push(line);
    else if (line.trim() !== '')
      return `"${line.slice(0, 80)}" stands before the first cell: begin it with "${mark} cell new code"`;
  }
  // The newline before the next mark, or at the end of the text, is none of a source.
  if (text.endsWith('\n')) cells.at(-1)?.lines.pop();
  return cells.map(({ name, type, lines }) => ({ name, type, source: lines.join('\n') }));
}

function problemIn(wanted: readonly WantedCell[], byName: ReadonlyMap<string, Cell>): string | undefined {
  const seen = new Set<string>();
  for (const { name, type } of wanted) {
    if (name === 'new') continue;
    const old = byName.get(name);
    if (!old) return `there is no cell ${name}: a cell to be made is named "new"`;
    if (seen.has(name)) return `cell ${name} stands there twice: a cell to be made is named "new"`;
    if (old.type !== type)
      return `cell ${name} is ${old.type}: to have it as ${type}, remove it and add a new one`;
    seen.add(name);
  }
  return undefined;
}

/** Ids are counted, not drawn: the same edit gives the same file. */
function freshId(taken: ReadonlyMap<string, unknown>, made: number): string {
  let id = `cell-${made}`;
  while (taken.has(id)) id += 'x';
  return id;
}

interface Changing {
  readonly layout: Layout;
  readonly notes: string[];
}

function changedCell({ json }: Notebook, cell: Cell, source: string, { layout, notes }: Changing): string {
  const at = cell.members.get('source');
  if (cell.source === source || !at) return json.slice(cell.span.start, cell.span.end);
  const changes: [JsonSpan, string][] = [[at, sourceText(json, at, source, layout)]];
  if (cell.type === 'code') {
    const [outputs, count] = [cell.members.get('outputs'), cell.members.get('execution_count')];
    const hasOutputs = outputs !== undefined && itemsAt(json, outputs.start).length > 0;
    if (hasOutputs) changes.push([outputs, '[]']);
    if (count) changes.push([count, 'null']);
    if (hasOutputs)
      notes.push(`the outputs of cell ${cell.name} were cleared: they came from its former source`);
  }
  return replaced(json, cell.span, changes);
}

/** The text of a span with spans in it replaced. */
function replaced(json: string, within: JsonSpan, changes: readonly [JsonSpan, string][]): string {
  const parts: string[] = [];
  let at = within.start;
  for (const [span, text] of changes.toSorted(([one], [other]) => one.start - other.start)) {
    parts.push(json.slice(at, span.start), text);
    at = span.end;
  }
  return parts.join('') + json.slice(at, within.end);
}

const inPlace = ({ json, cells }: Notebook, texts: readonly string[]): string =>
  replaced(
    json,
    { start: 0, end: json.length },
    cells.map(({ span }, at) => [span, texts[at] ?? '']),
  );

/** The whole list anew, with the blanks that stood between its cells. */
function assembled({ json, list }: Notebook, texts: readonly string[], layout: Layout): string {
  const { lead, between, trail } = layout;
  const inner = texts.length === 0 ? '[]' : `[${lead}${texts.join(between)}${trail}]`;
  return json.slice(0, list.start) + inner + json.slice(list.end);
}

/** How the file is laid out. */
function layoutOf({ json, cells, list }: Notebook): Layout {
  const lineEnd = json.includes('\r\n') ? '\r\n' : '\n';
  const unit = /^\uFEFF?\{\r?\n([ \t]+)"/u.exec(json)?.[1];
  const sources = cells.flatMap(({ members }) => members.get('source') ?? []);
  const shown = sources.find(({ start }) => itemsLike(json, start));
  const escapes = !/[^\x00-\x7f]/u.test(json) && /\\u[0-9a-f]{4}/iu.test(json);
  const [first, second, last] = [cells[0], cells[1], cells.at(-1)];
  const lead = first
    ? json.slice(list.start + 1, first.span.start)
    : unit === undefined
      ? ''
      : lineEnd + unit.repeat(2);
  const trail = last ? json.slice(last.span.end, list.end - 1) : unit === undefined ? '' : lineEnd + unit;
  const comma = unit === undefined && lead === '' ? ', ' : ',';
  const between = first && second ? json.slice(first.span.end, second.span.start) : comma + lead;
  return { lead, between, trail, unit, lineEnd, escapes, list: shown && listLayout(json, shown) };
}

const itemsLike = (json: string, start: number): boolean =>
  json[start] === '[' && itemsAt(json, start).length > 0;
