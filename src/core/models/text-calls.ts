/** Tool calls that a model wrote as text: in tags, in fences or bare, as models were taught to by their many templates. */
import { jsonrepair } from 'jsonrepair';
import type { ToolCall, ToolSpec } from './contract.ts';

export interface TextCalls {
  /** The text without the calls. */
  readonly content: string;
  readonly toolCalls: readonly ToolCall[];
}

interface Reading {
  readonly tools: readonly ToolSpec[];
  readonly turn: number;
  /** `told`: the model was told to write calls as text, so any block counts. `unasked`: only what cannot be anything else. */
  readonly how: 'told' | 'unasked';
  /** The reply was cut: a call whose end may be missing does not count. */
  readonly cut: boolean;
}

/** A call before it has an id. */
type Found = Omit<ToolCall, 'id'>;

interface Block {
  readonly start: number;
  readonly end: number;
  readonly inner: string;
  /** Tags say by themselves that this is a call; a fence may hold anything. */
  readonly kind: 'tag' | 'function' | 'list' | 'fence' | 'bare';
  /** For `function`: the name in the tag. */
  readonly name?: string;
}

/** Calls in a text; `undefined` where there is none. */
export function callsInText(text: string, reading: Reading): TextCalls | undefined {
  const used = blocksOf(text).flatMap((block) => {
    const isCut = reading.cut && text.slice(block.end).trim() === '';
    const calls = callsIn(block, isCut).filter((call) => counts(call, block, reading.tools));
    return calls.length > 0 ? [{ block, calls }] : [];
  });
  const last = used.at(-1)?.block;
  if (last === undefined) return undefined;
  const isQuotation =
    reading.how === 'unasked' && last.kind === 'fence' && text.slice(last.end).trim() !== '';
  if (isQuotation) return undefined;
  const found = used.flatMap(({ calls }) => calls);
  return {
    content: without(
      text,
      used.map(({ block }) => block),
    ),
    toolCalls: found.map((call, at) => ({ id: `call_${reading.turn}_${at + 1}`, ...call })),
  };
}

/** In tags an unknown tool is a call too, and is answered as one; elsewhere it is some other JSON. */
const counts = (call: Found, block: Block, tools: readonly ToolSpec[]): boolean =>
  block.kind === 'tag' || tools.some((tool) => tool.name === call.name);

function without(text: string, blocks: readonly Block[]): string {
  let at = 0;
  const rest: string[] = [];
  for (const { start, end } of blocks) {
    rest.push(text.slice(at, start));
    at = end;
  }
  return [...rest, text.slice(at)]
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .join('\n\n');
}

const TAG = /<(tool_calls?|function_calls?|toolcall)>\s*([\s\S]*?)\s*(?:<\/\1>|$)/g;
const FUNCTION = /<function=([\w.-]+)>([\s\S]*?)(?:<\/function>|$)/g;
const LIST = /\[TOOL_CALLS\]\s*(?:([\w.-]+)\s*\[ARGS\]\s*)?([\s\S]*?)(?=\[TOOL_CALLS\]|$)/g;
const FENCE =
  /```[ \t]*(?:json|tool_calls?|tool_code|function_call|javascript|js)?[ \t]*\n([\s\S]*?)(?:\n?```|$)/g;

/** Blocks that may be calls: of the first kind that the text holds. */
function blocksOf(text: string): readonly Block[] {
  const tags = [...text.matchAll(TAG)].map((match) => blockOf(match, match[2] ?? '', { kind: 'tag' }));
  if (tags.length > 0) return tags;
  const named = [...text.matchAll(FUNCTION)].map((match) =>
    blockOf(match, match[0], { kind: 'function', name: match[1] ?? '' }),
  );
  if (named.length > 0) return named;
  const lists = [...text.matchAll(LIST)].map((match) =>
    blockOf(match, match[2] ?? '', { kind: 'list', ...(match[1] !== undefined && { name: match[1] }) }),
  );
  if (lists.length > 0) return lists;
  const fences = [...text.matchAll(FENCE)].map((match) => blockOf(match, match[1] ?? '', { kind: 'fence' }));
  if (fences.length > 0) return fences;
  const bare = text.trim();
  return /^[{[]/.test(bare) ? [{ start: 0, end: text.length, inner: bare, kind: 'bare' }] : [];
}

const blockOf = (match: RegExpExecArray, inner: string, what: Pick<Block, 'kind' | 'name'>): Block => ({
  start: match.index,
  end: match.index + match[0].length,
  inner,
  ...what,
});

function callsIn({ inner, name, kind }: Block, isCut: boolean): readonly Found[] {
  if (kind === 'list' && name !== undefined) return [{ name, arguments: inner.trim() }];
  const functions = [...inner.matchAll(FUNCTION)];
  if (functions.length > 0)
    return functions.map((match) => ({ name: match[1] ?? '', arguments: argumentsIn(match[2] ?? '') }));
  return callsOf(valueOf(inner, isCut));
}

const PARAMETER = /<parameter=([\w.-]+)>\n?([\s\S]*?)\n?(?:<\/parameter>|$)/g;

/** Arguments of a `<function=…>`: one tag for each, or JSON. Values that are JSON are taken as such; text stays text. */
function argumentsIn(inner: string): string {
  const parameters = [...inner.matchAll(PARAMETER)];
  if (parameters.length === 0) return inner.trim();
  return JSON.stringify(
    Object.fromEntries(parameters.map((match) => [match[1] ?? '', parameterValue(match[2] ?? '')])),
  );
}

/** Numbers, lists and objects, but never text that reads like one of JSON's words by chance: the schema asks for text there. */
function parameterValue(text: string): unknown {
  if (!/^(?:-?\d+(?:\.\d+)?|true|false|\[[\s\S]*\]|\{[\s\S]*\})$/.test(text.trim())) return text;
  return parsed(text) ?? text;
}

/** JSON as models write it, repaired; several values in a row are a list. Of a cut reply only what is whole. */
function valueOf(text: string, isCut: boolean): unknown {
  const plain = parsed(text);
  if (plain !== undefined || isCut || !/^\s*[{[]/.test(text)) return plain;
  try {
    return JSON.parse(jsonrepair(text));
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NAMES = ['name', 'tool', 'tool_name', 'function_name', 'function'] as const;
const ARGUMENTS = ['arguments', 'args', 'parameters', 'params', 'input', 'tool_input'] as const;

function callsOf(value: unknown): readonly Found[] {
  if (Array.isArray(value)) return value.flatMap(callsOf);
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Readonly<Record<string, unknown>>;
  const inner = fields['tool_calls'] ?? fields['function_call'];
  if (inner !== undefined) return callsOf(inner);
  if (typeof fields['function'] === 'object') return callsOf(fields['function']);
  const named = NAMES.find((field) => typeof fields[field] === 'string');
  if (named === undefined) return [];
  const args = ARGUMENTS.find((field) => fields[field] !== undefined);
  return [
    {
      name: String(fields[named]),
      arguments: argumentText(args === undefined ? rest(fields, named) : fields[args]),
    },
  ];
}

/** Arguments that stand beside the name. */
const rest = (fields: Readonly<Record<string, unknown>>, named: string): unknown =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => ![named, 'id', 'type'].includes(field)));

const argumentText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? {});
