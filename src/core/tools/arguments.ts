/** Tool arguments as models write them: JSON text, checked against the tool's schema, with one repair. */
import { jsonrepair } from 'jsonrepair';
import * as z from 'zod';
import type { Tool } from './contract.ts';

export type Arguments =
  { readonly ok: true; readonly args: unknown } | { readonly ok: false; readonly problem: string };

const ISSUES_MAX = 8;

/** Parses (repairing once) and checks. The problem is worded for the model: what is wrong, and what to send. */
export function readArguments(tool: Tool, text: string): Arguments {
  const parsed = parse(text);
  if (!parsed.ok)
    return {
      ok: false,
      problem: `The arguments of ${tool.name} are not JSON: ${parsed.problem}. Send one JSON object with ${fieldsOf(tool)}.`,
    };
  const checked = tool.args.safeParse(parsed.value);
  if (checked.success) return { ok: true, args: checked.data };
  const issues = checked.error.issues
    .slice(0, ISSUES_MAX)
    .map((issue) => `${issue.path.join('.') || '(arguments)'}: ${issue.message}`);
  return {
    ok: false,
    problem: `The arguments of ${tool.name} are not valid. ${issues.join('; ')}. It takes ${fieldsOf(tool)}.`,
  };
}

type Parsed =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string };

function parse(text: string): Parsed {
  if (text.trim() === '') return { ok: true, value: {} };
  try {
    const value = unwrapped(JSON.parse(text));
    if (isObject(value)) return { ok: true, value };
    return typeof value === 'string' ? repair(value) : noObject(value);
  } catch {
    return repair(text);
  }
}

function repair(text: string): Parsed {
  try {
    const value = unwrapped(JSON.parse(jsonrepair(text)));
    return isObject(value) ? { ok: true, value } : noObject(value);
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** What stands for an object: the object written as a text, alone in a list, or left out as `null`. */
function unwrapped(value: unknown): unknown {
  if (value === null) return {};
  if (Array.isArray(value) && value.length === 1) return value[0] as unknown;
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

const noObject = (value: unknown): Parsed => ({
  ok: false,
  problem: `an object was expected, and this is ${Array.isArray(value) ? 'a list' : `a ${typeof value}`}`,
});

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The names of a tool's arguments, those that may be left out with a question mark. */
function fieldsOf(tool: Tool): string {
  const schema = z.toJSONSchema(tool.args, { io: 'input', unrepresentable: 'any' });
  const names = Object.keys(schema.properties ?? {});
  if (names.length === 0) return 'nothing in it';
  return names.map((name) => (schema.required?.includes(name) === true ? name : `${name}?`)).join(', ');
}
