/** Tool arguments as models write them: JSON text, checked against the tool's schema, with one repair. */
import { jsonrepair } from 'jsonrepair';
import type { Tool } from './contract.ts';

export type Arguments =
  { readonly ok: true; readonly args: unknown } | { readonly ok: false; readonly problem: string };

/** Parses (repairing once) and checks. The problem is worded for the model. */
export function readArguments(tool: Tool, text: string): Arguments {
  const parsed = parse(text.trim() === '' ? '{}' : text);
  if (!parsed.ok)
    return { ok: false, problem: `The arguments of ${tool.name} are not JSON: ${parsed.problem}` };
  const checked = tool.args.safeParse(parsed.value);
  if (checked.success) return { ok: true, args: checked.data };
  const issues = checked.error.issues
    .slice(0, 8)
    .map((issue) => `${issue.path.join('.') || '(arguments)'}: ${issue.message}`);
  return { ok: false, problem: `The arguments of ${tool.name} are not valid. ${issues.join('; ')}` };
}

function parse(text: string): { ok: true; value: unknown } | { ok: false; problem: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return repair(text);
  }
}

function repair(text: string): { ok: true; value: unknown } | { ok: false; problem: string } {
  try {
    const value: unknown = JSON.parse(jsonrepair(text));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ok: true, value };
    return { ok: false, problem: 'an object was expected' };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}
